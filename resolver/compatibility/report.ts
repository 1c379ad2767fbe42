/** Short ways to write issues and diagnostics down. */
import type { Diagnostic } from '../answer.ts';
import type { Issue } from '../issue.ts';

export function malformed(code: string, message: string, fix: string | null): Issue {
  return { kind: 'malformed', code, message, fix };
}

export function unanswerable(code: string, message: string, fix: string | null): Issue {
  return { kind: 'unanswerable', code, message, fix };
}

export function warning(code: string, message: string, fix: string | null): Diagnostic {
  return { severity: 'warning', code, message, fix };
}

export function information(code: string, message: string): Diagnostic {
  return { severity: 'info', code, message, fix: null };
}
