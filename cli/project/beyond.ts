/** From options and settings to a question that may go beyond its package set. */
import type { PackageSet, Pinwheel } from '../../resolver/index.ts';
import type { Asking, BeyondField } from '../../resolver/question/fields.ts';
import type { Closure } from '../ask/closure.ts';
import type { FileRequirement } from '../ask/file-requirement.ts';
import { namesWheel } from '../ask/requirement.ts';
import type { SetFile } from '../ask/set-file.ts';
import { credentialsIn, NO_CREDENTIALS, PYPI } from '../common/credentials.ts';
import { answered, refused } from '../common/failure.ts';
import type { Listener } from '../common/listener.ts';
import type { BeyondOptions } from './options.ts';
import { type Question, type QuestionOptions, withHints } from './question.ts';
import { type BeyondSettings, readSettings } from './settings.ts';

type Options = QuestionOptions & BeyondOptions & { requirements?: string[] };

export interface Beyond extends Omit<Closure, 'answer'> {
  question: Question & Asking<BeyondField>;
}

export async function readBeyond(
  pinwheel: Pinwheel,
  options: Options,
  asked: Question,
  requirements: readonly FileRequirement[],
  constraints: readonly FileRequirement[] = [],
): Promise<Beyond> {
  const settings = await readSettings(options);
  const { question, set } = await withSet(pinwheel, options, asked, settings);
  const { indexUrls, findLinks } = settings;
  const isLocal = indexUrls.length + findLinks.length === 0 && !requirements.some(namesWheel);
  if (isLocal) {
    return { question: set ? { ...question, set } : question, index: null, set, credentials: NO_CREDENTIALS };
  }
  const credentials = credentialsIn(indexUrls, PYPI);
  const { openIndexes } = await import('../ask/open.ts');
  const index = await openIndexes(credentials, findLinks, options.listener);
  const beyond = {
    ...settings.asked,
    index,
    ...(set && { set }),
    ...(constraints.length > 0 && { constraints: constraints.map(({ text }) => text) }),
  };
  return { question: { ...question, ...beyond }, index, set, credentials };
}

/** Without a date, flags or `--pyodide`, the file of `--set` says which Pyodide it is for. */
async function withSet(
  pinwheel: Pinwheel,
  options: Options,
  asked: Question,
  settings: BeyondSettings,
): Promise<{ question: Question; set: PackageSet | null }> {
  if (settings.set === undefined) return { question: asked, set: null };
  const { setOf, readSetFile } = await import('../ask/set-file.ts');
  const lock = await readSetFile(settings.set);
  const isBare = asked.compatibility_date === null && asked.compatibility_flags.length === 0;
  const pyodide = asked.pyodide ?? (isBare ? await pyodideOf(pinwheel, lock, options.listener) : null);
  const question = { ...asked, pyodide };
  const outcome = await pinwheel.safeTarget(question);
  if (!outcome.ok) {
    const failure = refused(outcome.issues);
    throw Object.assign(failure, { issues: withHints(failure.issues, options) });
  }
  return { question, set: setOf(lock, outcome.value) };
}

/** The Pyodide of a lock; if no package set has that one, the newest of its ABI, with a remark. */
async function pyodideOf(
  { source }: Pinwheel,
  { file, pyodide, abi, platform }: SetFile,
  listener: Pick<Listener, 'remarks'>,
): Promise<string | null> {
  const heads = [...answered(await source.view()).sets.values()];
  if (pyodide === null || heads.some(({ runtime }) => runtime === pyodide)) return pyodide;
  const like = heads.findLast((one) => one.abi === abi || (abi === null && one.platform === platform));
  if (!like) return pyodide;
  const message = `${file} is for Pyodide ${pyodide}, which has no package set: Pyodide ${like.runtime}, of the same ABI, is used instead.`;
  listener.remarks([{ severity: 'info', message, fix: null }]);
  return like.runtime;
}
