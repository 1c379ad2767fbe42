/** `pinwheel diff`: what changes from one date or package flag to another, and whether this Worker is affected. */
import { openBackend } from '../ask/backend.ts';
import { diffAnnotations, reportOf, type WorkerReport } from '../print/annotations.ts';
import { diffLines, verdictText } from '../print/diff.ts';
import { leaveOutInfos, print } from '../print/print.ts';
import { type DiffOptions, diffWorker, type WorkerDiff } from '../project/check/diff.ts';
import { checkNames } from '../project/sources/sources.ts';
import { endWorkers, findWorkers, namesWorkers, overWorkers, type WorkerPlace } from '../project/workers.ts';

export async function diffCommand(
  words: readonly string[],
  { config: configs, ...options }: Omit<DiffOptions, 'config'> & { config: string[] },
): Promise<void> {
  const files = words.filter(namesWorkers);
  const named = words.filter((word) => !files.includes(word));
  checkNames(named);
  const several = files.length > 0 || configs.length > 1;
  const workers = several ? [await findWorkers(files, configs)].flat() : [];
  const isList = workers.length > 1 || configs.length > 1 || files.some((file) => /[*?[\]{}]/.test(file));
  const { pinwheel } = await openBackend(options);
  const ask = ({ config }: WorkerPlace) =>
    diffWorker(pinwheel, named, config === undefined ? options : { ...options, config });
  if (isList) leaveOutInfos();
  const asked = isList ? workers : (workers[0] ?? { folder: '', config: configs[0] });
  const outcomes = await overWorkers(asked, ask, REPORT.isFine);
  print(reportOf(outcomes, isList, options.format, REPORT));
  endWorkers(outcomes);
}

const change = (from: string, to: string) => (from === to ? from : `${from} → ${to}`);

const REPORT: WorkerReport<WorkerDiff> = {
  isFine: ({ isAffected }) => !isAffected,
  annotations: diffAnnotations,
  document: ({ answer, project }) => (project ? { ...answer, project } : answer),
  lines: diffLines,
  columns: [
    {
      title: 'Date',
      text: ({ answer: { from, to } }) => change(from.compatibility_date, to.compatibility_date),
    },
    { title: 'Python', text: ({ answer: { python } }) => change(python.from, python.to) },
    { title: 'This Worker is', text: ({ answer, project }) => verdictText(answer, project) },
  ],
};
