/** Lines to copy: the question for curl and for the command line, and its answer as a requirements file. */
import type { PreparedSet, ResolveAnswer } from '../../../resolver/index.ts';
import { IS_PUBLISHED } from '../../../resolver/published.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { shellWord } from '../../../resolver/text/shell-word.ts';
import type { FormQuestion } from '../../http/form.ts';
import { addressOf, queryOf, withRequirements } from '../components/links.ts';

interface Asked {
  question: FormQuestion | undefined;
  requirements: readonly string[];
}

/** A call of the API. Its characters are safe between single quotes in a shell. */
export function curlLine(origin: string, { question, requirements }: Asked): string {
  const query = withRequirements(question ? queryOf(addressOf(question)) : '', requirements);
  return `curl '${origin}/v1/${requirements.length > 0 ? 'resolve' : 'target'}?${query}'`;
}

/** The command. */
export function pinwheelLine({ question, requirements }: Asked): string {
  const words = [
    IS_PUBLISHED ? 'npx pinwheel-py' : 'pinwheel',
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
