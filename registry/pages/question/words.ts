/** An answer in one line, yes and what, or no and why; and lines to copy: the question, and the answer as a file. */

import type { ResolveSource } from '../../../resolver/closure/source.ts';
import { FIRST_DATE } from '../../../resolver/compatibility/date.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { isImported, LISTED } from '../../../resolver/evidence-level.ts';
import type { CopyBlocks } from '../../../resolver/formats/copy-blocks.ts';
import type { Issue, ResolveAnswer, ResolvedPackage } from '../../../resolver/index.ts';
import { placesOf } from '../../../resolver/issue.ts';
import type { unknownPackage } from '../../../resolver/issues/closure.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { COMMAND } from '../../../resolver/published.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { listed, printable, series, shellWord, visible } from '../../../resolver/text/printable.ts';
import type { Together } from '../../../resolver/time/together.ts';
import type { FormQuestion } from '../../http/form.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { addressOf, queryOf } from '../components/addresses.ts';
import type { Answer, VerdictKind } from '../components/answer.tsx';
import { capitalized, packages } from '../components/words.ts';

/** An answer of which the operator's index has a part, as what to copy. */
export interface FromIndex {
  requirements: readonly string[];
  packages: ResolveAnswer['packages'];
  blocks: CopyBlocks;
  /** The address of the index, and the last day whose uploads count. */
  index: { url: string; exclude_newer: string };
}

/** A name that no set has, with what the operator's index has, if that was asked. */
export type UnknownPackage = ReturnType<typeof unknownPackage> & {
  beyond?: { is: 'vendored' | 'not_found' | 'not_known'; text: string } | null;
};

export interface Verdict {
  /** The kind of answer; null without requirements. */
  kind: VerdictKind;
  text: string;
}

/** More names than this are counted. */
const MOST_NAMES = 3;

/** `unmet` are the names that no set has, and `modules` those of this Python or another: the closure leaves out both. */
export function verdictOf(
  { target, packageCount }: Answer,
  issues: readonly Issue[],
  closure: ResolveAnswer | undefined,
  unmet: readonly UnknownPackage[] = [],
  modules: readonly FixOf<'leave_out'>[] = [],
  /** Whether what the index has does not go with the rest. */
  isApart = false,
): Verdict {
  const python = `Python ${minorOf(target.runtime.python)}`;
  const date = target.compatibility_date;
  const isPinned = target.compatibility_flags.includes(target.package_set.flag);
  const place = isPinned ? `in ${target.package_set.flag}` : `on ${date}`;
  const lacking = modules.filter(({ because }) => because !== 'provided');
  const isNo = issues.length + lacking.length > 0 || unmet.some((issue) => leaveOutOf(issue) !== undefined);
  const others = [
    ...(issues.length > 0 ? [reasonFor(issues, place)] : []),
    ...modulesText(lacking),
    ...unmetText(unmet, isApart),
  ];
  if (!closure && issues.length + unmet.length === 0 && modules.length > lacking.length) {
    const isWhole = modules.every(({ instead }) => instead === null);
    return { kind: isWhole ? 'yes' : 'part', text: visible(modulesText(modules).join('; ')) };
  }
  if (!closure && others.length === 0)
    return { kind: null, text: `${python} and ${packages(packageCount)} on ${date}` };
  const met = closure ? metText(closure, python, others.length === 0) : [];
  const kind = met.length === 0 ? (isNo ? 'no' : 'none') : others.length > 0 ? 'part' : seenOf(closure!);
  return { kind, text: visible([...met, ...others].join('; ')) };
}

function modulesText(modules: readonly FixOf<'leave_out'>[]): string[] {
  return [...groupedBy(modules, ({ why }) => why)].map(
    ([why, alike]) =>
      `${namesText(alike.map(({ name }) => name))}: ${alike.length === 1 ? why : whyOfSeveral(why)}`,
  );
}

/** A reason that says `it` of one name, for several names. */
function whyOfSeveral(why: string): string {
  return why
    .replace('it is a module', 'they are modules')
    .replace(/^it /, 'they ')
    .replace(/\bit\b/, 'them');
}

/** A package that is only listed has no tick: nobody has run it. */
function seenOf({ packages }: ResolveAnswer): 'yes' | 'listed' {
  return packages.filter(({ requested }) => requested).every(wasImported) ? 'yes' : 'listed';
}

const wasImported = ({ evidence }: ResolvedPackage) => isImported(evidence ?? LISTED);

/** The pinned packages in words; nothing if markers leave all of them out, and other requirements fail. */
function metText({ packages }: ResolveAnswer, python: string, isAll: boolean): string[] {
  const names = packages.flatMap(({ name, version, requested }) =>
    requested ? printable(`${name} ${version}`) : [],
  );
  if (names.length === 0) return isAll ? [`${python} needs none of these packages`] : [];
  const count = `${isAll ? 'all ' : ''}${names.length} packages are pinned`;
  return [`${names.length > MOST_NAMES ? count : series(names)} on ${python}`];
}

/** The facts about a name that no set has: why it is of no use, and what to do instead. */
export function leaveOutOf({ fixes }: Pick<Issue, 'fixes'>): FixOf<'leave_out'> | undefined {
  return fixes.find((fix) => fix.kind === 'leave_out');
}

/** The same, if the runtime itself has a module of that name. */
export function providedModule(issue: Pick<Issue, 'fixes'>): FixOf<'leave_out'> | undefined {
  const known = leaveOutOf(issue);
  return known?.because === 'provided' ? known : undefined;
}

/** Whether an issue is that no set of any date has a package of that name or module, or that the runtime has it. */
function isUnmet(issue: Issue): issue is UnknownPackage {
  if (issue.code !== 'unknown_package' || issue.providers.length > 0) return false;
  return issue.available === null || providedModule(issue) !== undefined;
}

/** Names of any length, of which each is cut by itself. */
export function namesText(names: readonly string[]): string {
  const shown = names.map(printable);
  return shown.length > MOST_NAMES ? listed(shown, MOST_NAMES) : series(shown);
}

/** The names that no set has, each with an answer of its own. Of what is not explained, only `pins` tell. */
export async function unmetIn(
  issues: readonly Issue[],
  { readPins }: Pick<ResolveSource, 'readPins'>,
): Promise<UnknownPackage[]> {
  const unmet = issues.filter(isUnmet);
  const unexplained = new Set(issues.slice(MOST_ERRORS));
  const names = unmet.flatMap((issue) => (unexplained.has(issue) ? issue.package : []));
  const pins = names.length > 0 ? await readPins(names) : new Map();
  return unmet.filter((issue) => !unexplained.has(issue) || !pins.get(issue.package)?.length);
}

/** The requirements that none of these issues is about. */
export function without(requirements: readonly string[], issues: readonly Issue[]): string[] {
  const failing = new Set(
    issues.flatMap((issue) => ('index' in issue ? placesOf(issue) : [...requirements.keys()])),
  );
  return requirements.filter((_, at) => !failing.has(at));
}

function unmetText(unmet: readonly UnknownPackage[], isApart: boolean): string[] {
  const groups = groupedBy(
    unmet,
    (issue) => leaveOutOf(issue)?.because ?? (issue.beyond?.is === 'vendored' ? 'vendored' : 'unknown'),
  );
  const seen = isApart ? 'but not all of this together' : 'which nobody has run here';
  return [...groups].map(([because, issues]) => {
    const names = [...new Set(issues.map((issue) => issue.package))];
    const named = namesText(names);
    if (because === 'vendored') return `an index has ${named}, ${seen}`;
    // A set may have the package in another version.
    if (because === 'unknown') return `no package set has ${namesText(issues.map(textOf))}`;
    if (because === 'cannot_run') return `${named} cannot run in a Worker`;
    return `${named} ${names.length === 1 ? 'is' : 'are'} not needed in a Worker`;
  });
}

const textOf = ({ requirement }: UnknownPackage) => requirement;

const NUMBERS = ['three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** When the requirements of an answer are pinned together, and how many of their packages were imported. */
export function datesText(
  requested: readonly ResolvedPackage[],
  together: Together | null,
  asOf: string,
): string {
  const count = requested.length;
  const subject = count < 3 ? series(requested.map(({ name }) => name)) : `All ${numberText(count)}`;
  const verb = count === 1 ? 'is' : 'are';
  const seen = importedText(requested);
  const when = together === null ? 'by this package flag' : rangeText(together, asOf);
  return `${subject} ${verb} pinned ${when}; ${seen}.`;
}

/**
 * When the requirements that sets have are pinned together, if the date of the question does not pin all of them; null if
 * no date does. `isAll`: whether these are all that was asked for.
 */
export function allDatesText(
  requirements: readonly string[],
  together: Together | null,
  asOf: string,
  isAll: boolean,
): string {
  const names = [...new Set(requirements)];
  const many = `${isAll ? 'all' : 'the other'} ${numberText(names.length)}`;
  const isNamed = names.length < (isAll ? 3 : 4);
  const subject = isNamed ? namesText(names) : many;
  if (together === null)
    return `No date up to ${asOf} has ${names.length === 2 && isAll ? 'both' : subject}.`;
  const verb = names.length === 1 ? 'is pinned' : 'are pinned together';
  return `${isNamed ? subject : capitalized(subject)} ${verb} ${rangeText(together, asOf)}.`;
}

const numberText = (count: number) => NUMBERS[count - 3] ?? count;

function importedText(requested: readonly ResolvedPackage[]): string {
  const imported = requested.filter(wasImported).length;
  const isOne = requested.length === 1;
  if (requested.every(({ evidence }) => (evidence ?? LISTED).ground === null))
    return `nobody has run ${isOne ? 'it' : 'them'} here yet`;
  if (imported === 0) return `${isOne ? 'it was not' : 'none was'} wholly imported there`;
  if (imported < requested.length)
    return `${imported} of them ${imported === 1 ? 'was' : 'were'} imported there`;
  return `${isOne ? 'it was' : 'all were'} imported there`;
}

function rangeText({ from, to, always }: Together, asOf: string): string {
  const isOpen = to >= asOf;
  if (always && isOpen && from === FIRST_DATE) return 'at every date';
  const first = from === FIRST_DATE ? 'the first date' : from;
  return `from ${first} ${isOpen ? 'on' : `to ${to}`}${always ? '' : ', with gaps'}`;
}

function reasonFor(issues: readonly Issue[], place: string): string {
  const [first] = issues;
  if (issues.length === 1 && first?.code === 'missing_dependency') {
    return `${printable(first.requirement)} needs ${first.package}, which is not available ${place}`;
  }
  const lacking = issues.flatMap((issue) =>
    issue.code === 'unknown_package' || issue.code === 'version_conflict' ? issue.requirement : [],
  );
  const unread = issues.filter((issue) => issue.kind === 'malformed' && 'index' in issue).length;
  const names = [...new Set(lacking)];
  if (names.length === 0) {
    if (unread === 0) return 'this question cannot be answered';
    return `${unread === 1 ? 'a requirement' : `${unread} requirements`} cannot be read`;
  }
  const what = names.length > MOST_NAMES ? `${names.length} of the requirements` : namesText(names);
  return `${what} ${names.length === 1 ? 'is' : 'are'} not available ${place}`;
}

/** A call of the API. Its characters are safe between single quotes in a shell. */
export function curlLine(origin: string, question: FormQuestion, fromIndex?: FromIndex): string {
  const { requirements = question.requirements, index } = fromIndex ?? {};
  const asked = queryOf({ ...addressOf(question), requirements });
  const beyond = index
    ? `&${new URLSearchParams({ index: 'true', exclude_newer: index.exclude_newer })}`
    : '';
  return `curl '${origin}/v1/${verbOf(requirements)}?${asked}${beyond}'`;
}

const verbOf = (requirements: readonly string[]) => (requirements.length > 0 ? 'resolve' : 'target');

export function pinwheelLine(question: FormQuestion, fromIndex?: FromIndex): string {
  const { date, flags, as_of, revision, experimental } = addressOf(question);
  const { requirements = question.requirements, index } = fromIndex ?? {};
  const words = [COMMAND, verbOf(requirements), ...requirements.map(shellWord)];
  if (date !== null) words.push('--date', shellWord(date));
  for (const flag of flags) words.push('--flag', shellWord(flag));
  if (as_of !== undefined) words.push('--as-of', shellWord(as_of));
  if (revision !== undefined) words.push('--revision', String(revision));
  if (experimental) words.push('--experimental');
  if (index) words.push('--index-url', shellWord(index.url), '--exclude-newer', index.exclude_newer);
  return words.join(' ');
}

/**
 * Leaves out shared libraries and modules of Pyodide: indexes have something else under these names, or nothing. Only
 * the simple index of their set has Pinwheel-built wheels, and only the other index what no set has.
 */
export function pinnedLines(
  origin: string,
  packages: ResolveAnswer['packages'],
  flag: string,
  fromIndex?: FromIndex,
): string[] {
  const own = fromIndex || packages.some(({ wheel }) => wheel.upstream_url === null);
  const pins = packages
    .filter(({ kind }) => kind === 'package')
    .map(({ name, version }) => printable(`${name}==${version}`));
  return [
    ...(own ? [`--index-url ${origin}/simple/${flag}/`] : []),
    ...(fromIndex ? [`--extra-index-url ${fromIndex.index.url}`] : []),
    ...pins,
  ];
}
