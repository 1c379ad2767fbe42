/** Up to when uploads count. */

import { printable } from '../text/printable.ts';
import type { SolveIssue, SolveRead } from './issue.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/** The last millisecond of a day in UTC, or of a moment as RFC 3339. */
export function readCutoff(text: string): SolveRead<number> {
  const moment = Date.parse(text);
  const isDay = DAY.test(text) && !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
  if (isDay) return { ok: true, value: moment + 86_400_000 - 1 };
  if (MOMENT.test(text) && !Number.isNaN(moment)) return { ok: true, value: moment };
  const issue: SolveIssue = {
    kind: 'malformed',
    code: 'invalid_cutoff',
    message: `${printable(text)} is neither a day nor a moment up to which uploads could count.`,
    fix: 'Write a day like 2026-11-20, or a moment like 2026-11-20T12:00:00Z.',
  };
  return { ok: false, issues: [issue] };
}
