/** Helpers that create remarks. */
import type { Diagnostic } from './answer.ts';

export function warning(code: string, message: string, fix: string | null): Diagnostic {
  return { severity: 'warning', code, message, fix };
}

export function information(code: string, message: string): Diagnostic {
  return { severity: 'info', code, message, fix: null };
}
