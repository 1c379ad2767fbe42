/** Lines to copy: the same question elsewhere, and its answer as a requirements file. */
import type { ResolveAnswer } from '../../../resolver/answer.ts';
import type { PreparedSet } from '../../../resolver/closure/prepare.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { shellWord } from '../../../resolver/text/shell-word.ts';
import type { FormQuestion } from '../../http/form.ts';
import { addressOf, queryOf } from '../components/links.ts';

interface Asked {
  question: FormQuestion | undefined;
  requirements: readonly string[];
}

/** Of the API: its characters are safe between single quotes in a shell. */
export function curlLine(origin: string, { question, requirements }: Asked): string {
  const query = new URLSearchParams(question && queryOf(addressOf(question)));
  for (const requirement of requirements) query.append('requirement', requirement);
  return `curl '${origin}/v1/${requirements.length > 0 ? 'resolve' : 'target'}?${query}'`;
}

/** Of the command line. */
export function pinwheelLine({ question, requirements }: Asked): string {
  const words = [
    'npx pinwheel-py',
    requirements.length > 0 ? 'resolve' : 'target',
    ...requirements.map(shellWord),
  ];
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
 * What Pyodide has beside packages is left out: under such a name an index has something else, or nothing. Wheels of
 * Pinwheel's own are in the simple index of their set alone.
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
