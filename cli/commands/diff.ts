/** `pinwheel diff`: what changes from one date or package flag to another, and whether this Worker is affected. */
import { openBackend } from '../ask/backend.ts';
import {
  diffAnnotations,
  githubLines,
  sarifLog,
  summaryAnnotations,
  summaryJson,
  summaryLines,
} from '../print/annotations.ts';
import { diffLines, verdictText } from '../print/diff.ts';
import { leaveOutInfos, print } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { type DiffOptions, diffWorker, type WorkerDiff } from '../project/check/diff.ts';
import { checkNames } from '../project/sources/sources.ts';
import {
  endWorkers,
  findWorkers,
  namesWorkers,
  overWorkers,
  type WorkerOutcome,
} from '../project/workers.ts';

export async function diffCommand(words: readonly string[], options: DiffOptions): Promise<void> {
  const files = words.filter(namesWorkers);
  const named = words.filter((word) => !files.includes(word));
  checkNames(named);
  const several = files.length > 0 || options.config.length > 1;
  const workers = several ? [await findWorkers(files, options.config)].flat() : [];
  const isList =
    workers.length > 1 || options.config.length > 1 || files.some((file) => /[*?[\]{}]/.test(file));
  const { pinwheel } = await openBackend(options);
  const { config: configs, ...rest } = options;
  const ask = (config: string | undefined) =>
    diffWorker(pinwheel, named, config === undefined ? rest : { ...rest, config });
  if (isList) leaveOutInfos();
  const outcomes: WorkerOutcome<WorkerDiff>[] = isList
    ? await overWorkers(workers, ({ config }) => ask(config))
    : [{ config: '', ok: true, result: await ask(workers[0]?.config ?? configs[0]) }];
  print(linesOf(outcomes, isList, options.format));
  endWorkers(outcomes, ({ isAffected }) => isAffected);
}

function linesOf(outcomes: readonly WorkerOutcome<WorkerDiff>[], isList: boolean, format: string): string[] {
  if (format === 'github') return githubLines(summaryAnnotations(outcomes, diffAnnotations));
  if (format === 'sarif') return [JSON.stringify(sarifLog(summaryAnnotations(outcomes, diffAnnotations)))];
  const screen = screenOf(process.stdout);
  const [only] = outcomes;
  if (!isList && only?.ok) {
    const { answer, asked, project } = only.result;
    if (format !== 'json') return diffLines(answer, screen, { asked, project });
    return [JSON.stringify(documentOf(only.result))];
  }
  if (format === 'json') return [summaryJson(outcomes, documentOf, ({ isAffected }) => isAffected)];
  const change = (from: string, to: string) => (from === to ? from : `${from} → ${to}`);
  const columns = [
    {
      title: 'Date',
      text: ({ answer: { from, to } }: WorkerDiff) => change(from.compatibility_date, to.compatibility_date),
    },
    { title: 'Python', text: ({ answer: { python } }: WorkerDiff) => change(python.from, python.to) },
    { title: 'This Worker is', text: ({ answer, project }: WorkerDiff) => verdictText(answer, project) },
  ];
  return summaryLines(outcomes, columns, ({ isAffected }) => !isAffected, screen);
}

function documentOf({ answer, project }: WorkerDiff): object {
  return project ? { ...answer, project } : answer;
}
