/** Fixes in the words of the command line: as options of its commands. */
import type { Fix } from '../../resolver/issues/fix.ts';
import {
  type FixOf,
  type FixWords,
  indexMayHave,
  letCount,
  membersOf,
  orPywrangler,
  sayFixes,
  WIRE_WORDS,
} from '../../resolver/issues/fixes.ts';
import { optionOf } from '../../resolver/question/fields.ts';

const COMMAND_WORDS: FixWords = {
  ...WIRE_WORDS,
  use_index: (fix) =>
    `${indexMayHave(fix)} ${fix.packages.length === 0 ? '--index for PyPI, or --index-url URL' : optionsOf(fix)}.`,
  take_from_index: (fix) => `${letCount(fix)} ${optionsOf(fix)}.`,
  vendor: ({ package_flag, simple_index }) =>
    `Run pinwheel vendor --flag ${package_flag} with your requirements${orPywrangler(simple_index)}.`,
};

function optionsOf(fix: FixOf<'use_index' | 'take_from_index'>): string {
  return membersOf(fix)
    .map(([field, value]) => (value === null ? '--index' : `${optionOf(field)} ${value}`))
    .join(' ');
}

/** What a remark or an issue says to do. Remarks of a command itself have only its words. */
export function fixOf({
  fix,
  fixes,
}: {
  fix: string | null;
  fixes?: readonly Fix[] | undefined;
}): string | null {
  if (fixes === undefined) return fix;
  // Advice after another fix is a line of its own: how to give on a command line what the first one asks for.
  const end = fixes.findIndex(({ kind }, at) => at > 0 && kind === 'advice');
  const lines = end < 0 ? [fixes] : [fixes.slice(0, end), fixes.slice(end)];
  return lines.flatMap((line) => sayFixes(line, COMMAND_WORDS) ?? []).join('\n') || null;
}
