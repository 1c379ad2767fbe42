/**
 * Fixes in sentences of the wire and of pages, and the remarks that have them. The command line has its own sentences for
 * those that its options apply.
 */
import type { Diagnostic } from '../answer.ts';
import { printable, series } from '../text/printable.ts';
import type { Fix, Has } from './fix.ts';

export type FixOf<Kind extends Fix['kind']> = Extract<Fix, { kind: Kind }>;

/** A change of a whole question to another date or set; each issue adds what it has there. */
export type Move = FixOf<'date' | 'package_flag'>;

export const isMove = (fix: Fix): fix is Move => fix.kind === 'date' || fix.kind === 'package_flag';

/** The sentence of each kind; null if there is nothing to say. */
export type FixWords = { readonly [Kind in Fix['kind']]: (fix: FixOf<Kind>) => string | null };

/** Names the members of a question as JSON, queries and the library do. */
export const WIRE_WORDS: FixWords = {
  date: ({ compatibility_date, package_set, has }) =>
    has.length === 0
      ? null
      : `With the compatibility date ${compatibility_date}, ${package_set} has ${versionsOf(has)}.`,
  package_flag({ flag, replaces, has, pyodide, same_runtime, others }) {
    if (has.length === 0) return null;
    const place = replaces === null ? '' : ` instead of ${replaces}`;
    const runs = same_runtime ? `runs on this runtime, Pyodide ${pyodide}` : `needs Pyodide ${pyodide}`;
    const more = others === 0 ? '' : ` (one of ${others + 1} sets that would do)`;
    return `Name the package flag ${flag}${place}: it has ${versionsOf(has)} and ${runs}${more}.`;
  },
  flags({ add, remove, pyodide }) {
    const steps = Object.entries({ remove, add })
      .flatMap(([step, flags]) => (flags.length > 0 ? `${step} ${series(flags)}` : []))
      .join(', and ');
    return pyodide === null
      ? `${steps.charAt(0).toUpperCase()}${steps.slice(1)}.`
      : `To make workerd run Pyodide ${pyodide}, ${steps}.`;
  },
  set_requirement: (fix) => sayRequirements([fix]),
  leave_out: ({ name, why, instead }) => `Leave out ${name}: ${why}.${instead === null ? '' : ` ${instead}`}`,
  add_requirement: ({ requirement, file }) => `Add ${requirement} to ${file}.`,
  use_index: (fix) => `${indexMayHave(fix)} ask with ${memberTexts(fix)}.`,
  take_from_index: (fix) => `${letCount(fix)} ask with ${memberTexts(fix)}.`,
  vendor: ({ package_flag, simple_index }) =>
    `Put them there with pinwheel vendor and the package flag ${package_flag}${orPywrangler(simple_index)}.`,
  run_command: ({ text }) => text,
  edit_file: ({ text }) => text,
  advice: ({ text }) => text,
};

/** The advice for an environment variable that a Worker does not have. */
export const readFromEnv = (name: string) =>
  `Read it from env while an event is handled, as in self.env.${printable(name)}.`;

/** The advice for settings that are made of such variables. */
export const SETTINGS_FROM_ENV =
  'Make the settings while an event is handled, with values of env, as in Settings(token=self.env.TOKEN).';

/** All fixes in sentences; null if there are none. */
export function sayFixes(fixes: readonly Fix[], words: FixWords = WIRE_WORDS): string | null {
  const said: (string | null)[] = [];
  for (let at = 0; at < fixes.length; at++) {
    const fix = fixes[at]!;
    if (fix.kind !== 'set_requirement') {
      said.push((words[fix.kind] as (fix: Fix) => string | null)(fix));
      continue;
    }
    // Successive changes of requirements for the same reason become one sentence.
    const same = [fix];
    for (let next = fixes[at + 1]; ; next = fixes[at + 1]) {
      if (next?.kind !== 'set_requirement' || next.because !== fix.because) break;
      same.push(next);
      at++;
    }
    said.push(sayRequirements(same));
  }
  return said.filter((sentence) => sentence !== null).join(' ') || null;
}

/** Fixes, or advice alone; null for none. */
export type SaidFixes = string | readonly Fix[] | null;

/** The fixes of an issue, a remark or a finding: as sentences, null if there are none, and as data. */
export interface Fixed {
  fix: string | null;
  fixes: Fix[];
}

export function fixed(said: SaidFixes): Fixed {
  const fixes = said === null ? [] : typeof said === 'string' ? [advice(said)] : [...said];
  // Most issues of a long question have none.
  return { fix: fixes[0] ? sayFixes(fixes) : null, fixes };
}

export function remark(
  severity: Diagnostic['severity'],
  code: string,
  message: string,
  said: SaidFixes = null,
): Diagnostic {
  return { severity, code, message, ...fixed(said) };
}

/** Whether an audit has tried it: what it proposes besides is for a person to try. */
export const wasTried = ({ kind }: Fix): boolean => kind !== 'advice' && kind !== 'use_index';

export const advice = (text: string): FixOf<'advice'> => ({ kind: 'advice', text });
export function run(command: string, text: string): FixOf<'run_command'> {
  return { kind: 'run_command', command, text };
}
export function edit(file: string, line: string, text: string): FixOf<'edit_file'> {
  return { kind: 'edit_file', file, line, text };
}

export function requirementFixes(
  name: string,
  requirements: readonly string[],
  because: FixOf<'set_requirement'>['because'],
): Fix[] {
  return requirements.map((requirement) => ({ kind: 'set_requirement', name, requirement, because }));
}

function sayRequirements(fixes: readonly FixOf<'set_requirement'>[]): string {
  const [{ name, because }] = fixes as [FixOf<'set_requirement'>];
  const texts = fixes.map(({ requirement }) => requirement);
  switch (because) {
    case 'similar':
      return `Did you mean ${series(texts, 'or')}?`;
    case 'module':
      return `The module ${name} comes with ${series(texts, 'or')}: ask for that.`;
    case 'pinned':
      return `To stay with this set, ask for ${series(texts, 'or')}.`;
  }
}

const versionTexts = (has: readonly Has[]) => has.map(({ name, version }) => `${name} ${version}`);
const versionsOf = (has: readonly Has[]) => series(versionTexts(has));

const uploadsOf = ({ project, day }: FixOf<'take_from_index'>['newer'][number]) =>
  ['exclude_newer_package', `${project}=${day}`] as const;

/** The fields that a fix adds to a question with an index. */
export function membersOf(
  fix: FixOf<'use_index' | 'take_from_index'>,
): (readonly [field: 'index' | 'unpin' | 'exclude_newer_package', value: string | null])[] {
  const isFirst = fix.kind === 'use_index';
  const newer = isFirst
    ? (fix.urls ?? [null]).map((url) => ['index', url] as const)
    : fix.newer.map(uploadsOf);
  return [...newer, ...fix.packages.map((name) => ['unpin', name] as const)];
}

/** The same as a part of a sentence. */
export const memberTexts = (fix: FixOf<'use_index' | 'take_from_index'>) =>
  series(membersOf(fix).map(([field, value]) => (value === null ? field : `${field}=${value}`)));

/** The beginning of each rendering of a fix of kind `take_from_index`. */
export function letCount({ packages, newer, has = [] }: FixOf<'take_from_index'>): string {
  const named = has.length > 0 ? versionTexts(has) : packages;
  const parts = [
    ...(newer.length > 0 ? [`newer uploads of ${series(newer.map(({ project }) => project))} count`] : []),
    ...(packages.length > 0 ? [`${series(named)} come from the index`] : []),
  ];
  return `Let ${parts.join(', and ')}:`;
}

/** The beginning of each rendering of a fix of kind `use_index`. */
export function indexMayHave({ requirement, packages, wheels, urls }: FixOf<'use_index'>): string {
  if (wheels !== undefined) return `It left the set, with compiled wheels on PyPI (${wheels}):`;
  const other = packages.length > 0;
  const lacking =
    requirement === null
      ? ''
      : `No package set ${other ? `pins a version that ${printable(requirement)} allows` : `has ${printable(requirement)}`}. `;
  const index = urls ? 'The index that the project names' : 'An index';
  const what = !other ? 'it' : requirement === null ? 'another' : 'one';
  return `${lacking}${index} may have ${what}:`;
}

/** The end of each rendering of a fix of kind `vendor`. */
export function orPywrangler(simpleIndex: string | null): string {
  return simpleIndex === null
    ? ''
    : `, or let pywrangler install them from the simple index of a registry, ${simpleIndex}`;
}
