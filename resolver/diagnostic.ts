import type { Diagnostic } from './answer.ts';
import { fixed, type SaidFixes } from './issues/fixes.ts';

export function remark(
  severity: Diagnostic['severity'],
  code: string,
  message: string,
  said: SaidFixes = null,
): Diagnostic {
  return { severity, code, message, ...fixed(said) };
}

export function warning(code: string, message: string, said: SaidFixes): Diagnostic {
  return remark('warning', code, message, said);
}

export function information(code: string, message: string, said: SaidFixes = null): Diagnostic {
  return remark('info', code, message, said);
}
