/** An answer in one line, yes and what, or no and why; and lines to copy: the question, and the answer as a file. */

import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { Issue, PreparedSet, ResolveAnswer, Target } from '../../../resolver/index.ts';
import { COMMAND } from '../../../resolver/published.ts';
import { listed, printable, shellWord } from '../../../resolver/text/printable.ts';
import type { FormQuestion } from '../../http/form.ts';
import { addressOf, queryOf, withRequirements } from '../components/addresses.ts';
import { packages } from '../components/words.ts';

export interface Verdict {
  /** The kind of answer; null without requirements. */
  kind: 'yes' | 'no' | 'none' | null;
  text: string;
}

/** More names than this are counted. */
const MOST_NAMES = 3;

export function verdictOf(
  target: Target,
  packageCount: number,
  issues: readonly Issue[],
  closure: ResolveAnswer | undefined,
): Verdict {
  const python = `Python ${minorOf(target.runtime.python)}`;
  const date = target.compatibility_date;
  const isPinned = target.compatibility_flags.includes(target.package_set.flag);
  const place = isPinned ? `in ${target.package_set.flag}` : `on ${date}`;
  if (issues.length > 0 && issues.every(isUnknown)) {
    const names = new Set(issues.flatMap((issue) => ('package' in issue ? issue.package : [])));
    return { kind: 'none', text: printable(`no package set has ${listed([...names], MOST_NAMES)}`) };
  }
  if (issues.length > 0) return { kind: 'no', text: printable(reasonFor(issues, place)) };
  if (!closure) return { kind: null, text: `${python} and ${packages(packageCount)} on ${date}` };
  const requested = closure.packages.filter((pinned) => pinned.requested);
  if (requested.length === 0) return { kind: 'yes', text: `${python} needs none of these packages` };
  const names = requested.map(({ name, version }) => `${name} ${version}`);
  const what = names.length > MOST_NAMES ? `all ${names.length} packages are available` : joined(names);
  return { kind: 'yes', text: printable(`${what} on ${python}`) };
}

/** Whether nothing says that it cannot run: an index may have it. */
function isUnknown(issue: Issue): boolean {
  return (
    issue.code === 'unknown_package' &&
    issue.available === null &&
    issue.providers.length === 0 &&
    !issue.fixes.some(({ kind }) => kind === 'leave_out')
  );
}

function reasonFor(issues: readonly Issue[], place: string): string {
  const wanted = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unknown_package' || issue.code === 'version_conflict' ? issue.requirement : [],
    ),
  );
  const [first] = issues;
  if (wanted.size < issues.length && issues.length === 1 && first?.code === 'missing_dependency') {
    return `${first.requirement} needs ${first.package}, which is not available ${place}`;
  }
  if (wanted.size === 0) return 'this question cannot be answered';
  const names = [...wanted];
  const verb = names.length === 1 ? 'is' : 'are';
  const what = names.length > MOST_NAMES ? `${names.length} of the requirements` : joined(names);
  return `${what} ${verb} not available ${place}`;
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

interface Asked {
  question: FormQuestion | undefined;
  requirements: readonly string[];
}

/** A call of the API. Its characters are safe between single quotes in a shell. */
export function curlLine(origin: string, { question, requirements }: Asked): string {
  const query = withRequirements(question ? queryOf(addressOf(question)) : '', requirements);
  return `curl '${origin}/v1/${requirements.length > 0 ? 'resolve' : 'target'}?${query}'`;
}

export function pinwheelLine({ question, requirements }: Asked): string {
  const words = [COMMAND, requirements.length > 0 ? 'resolve' : 'target', ...requirements.map(shellWord)];
  if (question) {
    const { date, flags, as_of, revision, experimental } = addressOf(question);
    if (date !== null) words.push('--date', shellWord(date));
    for (const flag of flags) words.push('--flag', shellWord(flag));
    if (as_of !== undefined) words.push('--as-of', shellWord(as_of));
    if (revision !== undefined) words.push('--revision', String(revision));
    if (experimental) words.push('--experimental');
  }
  return words.join(' ');
}

/**
 * Leaves out shared libraries and modules of Pyodide: indexes have something else under these names, or nothing. Only
 * the simple index of their set has Pinwheel-built wheels.
 */
export function pinnedLines(
  origin: string,
  { packages }: ResolveAnswer,
  { flag, members, index }: PreparedSet,
): string[] {
  const own = packages.some(({ wheel }) => wheel.upstream_url === null);
  const pins = packages
    .filter(({ name }) => members[index.get(name)!]!.kind === 'package')
    .map(({ name, version }) => printable(`${name}==${version}`));
  return own ? [`--index-url ${origin}/simple/${flag}/`, ...pins] : pins;
}
