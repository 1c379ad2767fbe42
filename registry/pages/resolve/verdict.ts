/** The answer in one line: yes and what, or no and why. */

import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { Issue, ResolveAnswer, Target } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packages } from '../components/words.ts';

export interface Verdict {
  /** Null without requirements. */
  kind: 'yes' | 'no' | null;
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
  if (issues.length > 0) return { kind: 'no', text: printable(reasonFor(issues, place)) };
  if (!closure) return { kind: null, text: `${python} and ${packages(packageCount)} on ${date}` };
  const requested = closure.packages.filter((one) => one.requested);
  if (requested.length === 0) return { kind: 'yes', text: `${python} needs none of these packages` };
  const names = requested.map(({ name, version }) => `${name} ${version}`);
  const what =
    names.length > MOST_NAMES ? `all ${names.length} packages are available` : joined(names, 'and');
  return { kind: 'yes', text: printable(`${what} on ${python}`) };
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
  const what = names.length > MOST_NAMES ? `${names.length} of the requirements` : joined(names, 'and');
  return `${what} ${verb} not available ${place}`;
}

function joined(names: readonly string[], word: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
