/** The answer of the operator's index for a package that no set has. */
import { sizeOf } from '../../resolver/closure/sizes.ts';
import { type CopyBlock, type CopyBlocks, copyBlocks } from '../../resolver/formats/copy-blocks.ts';
import type { CatalogView, Issue, ResolveAnswer, TargetQuestion } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { sayFixes } from '../../resolver/issues/fixes.ts';
import { IndexError } from '../../resolver/solver/index.ts';
import { printable, shellWord, shortened, visible } from '../../resolver/text/printable.ts';
import { isPure } from '../../resolver/wheels/wheel-name.ts';
import type { Bindings } from '../env.ts';
import { settledDay } from './kept-index.ts';
import { askBeyond, EFFORT, openFor } from './question.ts';

export interface Beyond {
  /** Whether the index has it, with all that it needs, for the Worker of that day. Nobody has run it. */
  is: 'vendored' | 'not_found' | 'no_project' | 'not_known';
  /** The code of what is wrong; null with an answer. */
  code: string | null;
  text: string;
  /** The answer of which the text is the short form; null without one. */
  answer: ResolveAnswer | null;
  /** The line for pip that takes the package and all it needs, compiled ones from the set; null if unknown. */
  pip: string | null;
}

/**
 * Null without an index. Reads pages and METADATA, within the limits of one question, as the index was on the last day
 * that is stored: it is asked once.
 *
 * @param target by default the Worker of that day
 * @param open the index of the request, if that is about several names
 * @param requirement on that name; by default any version
 */
export async function beyondOf(
  env: Bindings,
  view: CatalogView,
  name: string,
  day: string,
  target: TargetQuestion = { compatibility_date: day, compatibility_flags: ['python_workers'], as_of: day },
  open = openFor(env),
  requirement = name,
): Promise<Beyond | null> {
  const { url } = open;
  if (url === null) return null;
  const { host } = new URL(url);
  const exclude_newer = [day, settledDay()].sort()[0]!;
  const question = { ...target, exclude_newer, requirements: [requirement], index: true };
  try {
    const outcome = await askBeyond(env, view, question, EFFORT, open);
    if (!outcome.ok) {
      const [issue] = outcome.issues;
      const is = isAbout(issue!, name) ? 'no_project' : 'not_found';
      const { code, message } = issue!;
      return { is, code, text: `Not from ${host}: ${oneLine(message)}`, answer: null, pip: null };
    }
    const { answer } = outcome.value;
    const { packages, totals, diagnostics } = answer;
    const { version, wheel } = packages.find((pinned) => pinned.name === name)!;
    const build = isPure(wheel) ? 'pure Python' : 'compiled for this Pyodide';
    const more = packages.length === 1 ? 'nothing else' : `${packages.length - 1} more`;
    const size = totals.size === null ? 'of unknown size' : sizeOf(totals.size);
    const idle = diagnostics.flatMap(({ code, message }) =>
      code === 'cannot_run' ? ` ${oneLine(message)}` : [],
    );
    const has = `From an index, not run: ${host} has ${printable(version)}, ${build}; it needs ${more}, ${size}.`;
    const text = `${has}${idle.join('')}`;
    const { blocks } = blocksBeyond(env, answer, null, { url, exclude_newer });
    const [line = null] = blocks.find(({ name }) => name === 'pip')?.lines ?? [];
    return { is: 'vendored', code: null, text, answer, pip: line };
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    const text = `The index did not answer: ${printable(error.message)}`;
    return { is: 'not_known', code: `index_${error.code}`, text, answer: null, pip: null };
  }
}

/** Lines to copy for an answer that is partly from the index; wheels that are compiled for Pyodide come from the set. */
export function blocksBeyond(
  env: Bindings,
  { target, packages }: Pick<ResolveAnswer, 'target' | 'packages'>,
  date: string | null,
  { url, exclude_newer }: { url: string; exclude_newer: string },
): CopyBlocks {
  const index = `${env.PUBLIC_URL}/simple/${target.package_set.flag}/`;
  const { remark, blocks } = copyBlocks({ target, packages, date, index });
  const both = `${index} --extra-index-url ${shellWord(url)}`;
  const other = ['', '[[tool.uv.index]]', 'name = "index"', `url = ${JSON.stringify(url)}`, 'default = true'];
  const more: { [Name in CopyBlock['name']]?: (lines: string[]) => string[] } = {
    pip: (lines) => lines.map((line) => line.replace(index, () => both)),
    'pyproject.toml': (lines) => [...lines, ...other],
    'pinwheel vendor': (lines) =>
      lines.map((line) => `${line} --index-url ${shellWord(url)} --exclude-newer ${exclude_newer}`),
  };
  return { remark, blocks: blocks.map(({ name, lines }) => ({ name, lines: more[name]?.(lines) ?? lines })) };
}

/** Whether the index has no project of that name; else what it has does not fit. */
const isAbout = (issue: Issue, name: string) => issue.code === 'unknown_package' && issue.package === name;

/** Whether the index has a project of that very name: then it is answered, even if it resembles a name of a set. */
export const hasProject = (beyond: Beyond | null): boolean =>
  beyond?.is === 'vendored' || beyond?.is === 'not_found';

/** Characters of a proof: those of what needs many packages are long. */
const LONGEST_PROOF = 2_000;
const oneLine = (text: string) => visible(shortened(text.replace(/\s+/g, ' '), LONGEST_PROOF));

/** More names than these are not asked for at once. */
const MOST_ASKED = 5;

/** Issues about names that no set has, with what the index has of them, within one request's limits. */
export async function withBeyond<
  Unknown extends { package: string; requirement: string; fixes: readonly Fix[] },
>(
  env: Bindings,
  view: CatalogView,
  target: TargetQuestion,
  day: string,
  issues: readonly Unknown[],
): Promise<(Unknown & { beyond: Beyond | null })[]> {
  const open = openFor(env);
  let left = MOST_ASKED;
  const asked = [];
  for (const issue of issues) {
    const meant = issue.fixes.filter(
      (fix) => fix.kind === 'advice' || (fix.kind === 'set_requirement' && fix.because === 'similar'),
    );
    const isTypo = meant.length > 0 && meant.length === issue.fixes.length;
    const isOpen = (isTypo || issue.fixes.some(({ kind }) => kind === 'use_index')) && left-- > 0;
    const beyond = isOpen
      ? await beyondOf(env, view, issue.package, day, target, open, issue.requirement)
      : null;
    const text = [sayFixes(meant), beyond?.text].filter(Boolean).join(' ');
    asked.push({ ...issue, beyond: beyond && { ...beyond, text } });
  }
  return asked;
}
