/** The cut-off for uploads. */
import type { Outcome } from '../issue.ts';
import { invalidCutoff } from '../issues/solver.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

/** The last millisecond of a day in UTC, or of a moment as RFC 3339. */
export function readCutoff(text: string): Outcome<number> {
  const moment = Date.parse(text);
  const isDay = DAY.test(text) && !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
  if (isDay) return { ok: true, value: moment + 86_400_000 - 1 };
  if (MOMENT.test(text) && !Number.isNaN(moment)) return { ok: true, value: moment };
  return { ok: false, issues: [invalidCutoff({ cutoff: text })] };
}
