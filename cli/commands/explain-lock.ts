/** `pinwheel explain-lock`: what each entry of a `pyodide-lock.json` is for, and the lock for another Pyodide. */
import { openBackend } from '../ask/backend.ts';
import { CommandError } from '../common/failure.ts';
import { count, visible } from '../common/text.ts';
import { print, printAnswer } from '../print/print.ts';
import { type Column, joinSections, type Screen, sentence, table } from '../print/table.ts';
import {
  type ExplainedEntry,
  type ExplainedLock,
  type ExplainOptions,
  explainLock,
  rebaseLock,
  type Verdict,
} from '../project/explain-lock.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  wrong_digest: 'wrong digest',
  other_abi: 'not for this ABI',
  behind: 'behind',
  needed: 'needed',
  redundant: 'redundant',
};

export async function explainLockCommand(
  file: string,
  { rebase, ...options }: ExplainOptions & { rebase?: string },
): Promise<void> {
  const backend = await openBackend(options);
  const explained = await explainLock(backend, file, options);
  if (rebase !== undefined)
    return print([JSON.stringify(await rebaseLock(backend, explained, rebase, options))]);
  const { lock, set, entries, unseen } = explained;
  const { packages: _, ...stated } = lock;
  const document = { lock: stated, package_set: set.flag, packages: entries, unseen_files: unseen };
  printAnswer(options.format, document, (screen) => linesOf(explained, screen));
  if (entries.some(isWrong)) throw new CommandError(1, []);
}

const isWrong = ({ verdict, wrong_key, lacking }: ExplainedEntry) =>
  wrong_key !== null || lacking.length > 0 || !['needed', 'redundant'].includes(verdict);

function linesOf({ lock, set, entries, unseen }: ExplainedLock, screen: Screen): string[] {
  const { colors, detail } = screen;
  const order = Object.keys(WORDS);
  const shown = entries
    .filter((entry) => detail === 'full' || isWrong(entry) || entry.verdict !== 'redundant')
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const columns: Column<ExplainedEntry>[] = [
    { title: 'Package', text: ({ name }) => name },
    { title: 'Version', text: ({ version }) => version },
    { title: 'Set', text: ({ in_set }) => in_set ?? '' },
    {
      title: 'Entry',
      text: ({ verdict }) => WORDS[verdict],
      paint: (text, entry) => (isWrong(entry) ? colors.red(text) : text),
    },
    { title: 'Why', text: (entry) => whyOf(entry, set.runtime), paint: colors.dim },
  ];
  const totals = order.flatMap((verdict) => {
    const many = entries.filter((entry) => entry.verdict === verdict).length;
    return many > 0 ? `${many} ${WORDS[verdict as Verdict]}` : [];
  });
  const sum = `${visible(lock.file)} has ${count(entries.length, 'package')} beside ${set.flag}, the set of Pyodide ${set.runtime}: ${totals.join(', ')}.`;
  const open = `The digests of ${count(unseen, 'file')} were not compared: name a folder that has them with --find-links, or add --download.`;
  return joinSections([
    shown.length > 0 ? table(columns, shown, screen) : [],
    sentence(sum, screen),
    unseen === 0 || detail === 'answer' ? [] : sentence(open, screen),
  ]);
}

function whyOf(entry: ExplainedEntry, pyodide: string): string {
  const { name, version, verdict, in_set, sha256, digest_of, wrong_key, lacking } = entry;
  const why = {
    wrong_digest:
      sha256 === null ? `the set has that digest for ${digest_of}` : `the file of that name has ${sha256}`,
    other_abi: `Pyodide ${pyodide} cannot load its wheel`,
    behind: 'the set pins a newer one',
    redundant: 'the set pins the same file',
    needed:
      in_set === null ? '' : in_set === version ? 'the set has another file' : 'the set has an older one',
  }[verdict];
  const lost = lacking.length > 0 ? `the lock lacks ${lacking.join(', ')}, which it needs` : '';
  const unfound = wrong_key === null ? '' : `entry ${wrong_key} has to have the key ${name}`;
  return [why, unfound, lost].filter((text) => text !== '').join('; ');
}
