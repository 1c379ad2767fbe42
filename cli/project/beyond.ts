/** From options and settings to a question that may go beyond its package set, and what an index has. */
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { resolveMost } from '../../resolver/closure/resolve-most.ts';
import { today } from '../../resolver/compatibility/date.ts';
import { closureMembers, isBeyond } from '../../resolver/formats/file.ts';
import type { Diagnostic, Issue, PackageSet, Pinwheel, Target, TargetAnswer } from '../../resolver/index.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import type { Asking, BeyondField } from '../../resolver/question/fields.ts';
import type { PackageIndex } from '../../resolver/solver/index.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import type { Closure } from '../ask/closure.ts';
import { packageSet, type SetAnswer } from '../ask/package-set.ts';
import { type FileRequirement, namesWheel, withoutPlace } from '../ask/requirement.ts';
import { credentialsIn, NO_CREDENTIALS } from '../common/credentials.ts';
import { answered } from '../common/failure.ts';
import type { Listener } from '../common/listener.ts';
import { askTarget, type Question, type QuestionOptions, readQuestion } from './question.ts';
import { type BeyondSettings, readSettings, type Where } from './settings.ts';
import type { Lowering } from './sources/lower.ts';

export interface Beyond extends Omit<Closure, 'backend' | 'answer' | 'question' | 'findLinks' | 'folders'> {
  question: Question & Asking<BeyondField>;
}

/** A question with the settings of its project: `set` is that of `--set` or `[tool.pinwheel]`, if there is one. */
export interface Place {
  question: Question;
  set: PackageSet | null;
  settings: BeyondSettings;
}

/** Without a date, flags or `--pyodide`, the file of `--set` says which Pyodide it is for. `given`: another question. */
export async function readPlace(
  pinwheel: Pinwheel,
  options: QuestionOptions & Where,
  given?: Question,
): Promise<Place> {
  const asked = given ?? (await readQuestion(options));
  const settings = await readSettings(options);
  if (settings.set === undefined) return { question: asked, set: null, settings };
  const { pyodideOf, setOf, readSetFile } = await import('./sources/lock-files.ts');
  const lock = await readSetFile(settings.set);
  const isBare = asked.compatibility_date === null && asked.compatibility_flags.length === 0;
  const pyodide = asked.pyodide ?? (isBare ? await pyodideOf(pinwheel, lock, options.listener) : null);
  const question = { ...asked, pyodide };
  return { question, set: setOf(lock, await askTarget(pinwheel, question, options)), settings };
}

/** The target of a question, with its own set if it has one. */
export async function targetOf(
  pinwheel: Pinwheel,
  { question, set }: Place,
  options: QuestionOptions,
): Promise<TargetAnswer> {
  const target = await askTarget(pinwheel, question, options);
  if (set === null) return target;
  // The solver is not loaded for the target's own set.
  const { withOwnSet } = await import('../../resolver/pinwheel/beyond.ts');
  const view = answered(await pinwheel.source.view(target.registry.revision));
  return answered(await withOwnSet(view, target, set));
}

/** The packages of a target's set, or of the question's own. */
export async function membersOf(
  pinwheel: Pinwheel,
  { set }: Pick<Place, 'set'>,
  target: Target,
  registry: TargetAnswer['registry'],
): Promise<SetAnswer> {
  if (set === null) return packageSet(pinwheel, target, registry);
  const { flag, digest } = target.package_set;
  return { ...set, flag, digest, package_count: set.packages.length };
}

/**
 * @param named the names that have sources of their own, for which no other index is asked
 * @param secrets URLs with a user or a password, besides those of indexes
 */
export async function openBeyond(
  { question, set, settings }: Place,
  listener: Listener,
  requirements: readonly FileRequirement[],
  constraints: readonly FileRequirement[] = [],
  named?: Lowering,
  secrets: readonly string[] = [],
): Promise<Beyond> {
  const { indexUrls, findLinks } = settings;
  const isLocal = indexUrls.length + findLinks.length === 0 && !requirements.some(namesWheel);
  if (isLocal) {
    return { question: set ? { ...question, set } : question, index: null, set, credentials: NO_CREDENTIALS };
  }
  const ownIndexes: Lowering['indexes'] = named?.indexes ?? new Map();
  const credentials = credentialsIn([...indexUrls, ...ownIndexes.values(), ...secrets]);
  const { openIndexes } = await import('../ask/open.ts');
  const open = (urls: string[], folders: readonly string[]) =>
    openIndexes({ ...credentials, urls }, folders, listener);
  const opened = await open(credentials.urls.slice(0, indexUrls.length), findLinks);
  const index: PackageIndex = {
    ...opened,
    async versionsOf(name, until) {
      const url = await named?.wheelOf(name);
      if (url) return [{ ...(await opened.fileAt!(url)), index: null }];
      const own = ownIndexes.get(name);
      if (own === undefined) return opened.versionsOf(name, until);
      return (await open(credentialsIn([own]).urls, [])).versionsOf(name, until);
    },
  };
  const beyond = {
    ...settings.asked,
    // A name with an index of its own does not come from the set.
    ...(ownIndexes.size > 0 && { unpin: [...(settings.asked.unpin ?? []), ...ownIndexes.keys()] }),
    index,
    ...(set && { set }),
    ...(constraints.length > 0 && { constraints: constraints.map(({ text }) => text) }),
  };
  return { question: { ...question, ...beyond }, index, set, credentials };
}

/**
 * The package set of an answer. Without an index or a set of one's own, it is unchanged, and each requirement is
 * explained. `issues`: why what an index has is not known, which may be about all requirements together.
 */
export async function setWith(
  pinwheel: Pinwheel,
  set: SetAnswer,
  { question, index, set: own }: Pick<Beyond, 'question' | 'index' | 'set'>,
  listed: readonly FileRequirement[],
): Promise<{ set: SetAnswer; issues: readonly Issue[] }> {
  if (index === null && own === null) return { set, issues: [] };
  const base = own ? { ...set, flag: own.flag, packages: own.packages } : set;
  const texts = listed.map(({ text }) => text);
  const { outcome } = await resolveMost(texts, (requirements) =>
    pinwheel.safeResolve({ ...question, requirements }),
  );
  if (!outcome.ok) return { set: base, issues: outcome.issues };
  const beyond = outcome.value.packages.filter(isBeyond);
  const members = await closureMembers(beyond, prepareSet(base), index);
  const byName = new Map([...base.packages, ...members].map((member) => [member.name, member]));
  const packages = sortedBy(byName.values(), ({ name }) => name);
  return { set: { ...base, packages }, issues: [] };
}

/** Whether the index has the requirement on the day of the question, with remarks; null if no index is asked. */
export async function whenBeyond(
  pinwheel: Pinwheel,
  requirement: string,
  options: QuestionOptions,
  asked: Question,
): Promise<{ holds: boolean; remarks: Diagnostic[] } | null> {
  const compatibility_date = asked.as_of ?? today();
  const place = await readPlace(pinwheel, options, { ...asked, compatibility_date });
  const { question, index } = await openBeyond(place, options.listener, [withoutPlace(requirement)]);
  if (index === null) return null;
  const outcome = await pinwheel.safeResolve({ ...question, requirements: [requirement] });
  if (!outcome.ok) {
    const remarks = outcome.issues.map(({ code, message, fixes }) => remark('warning', code, message, fixes));
    return { holds: false, remarks };
  }
  const { name, version, wheel } = outcome.value.packages.find(({ requested }) => requested)!;
  const uploaded = wheel.upload_time ? `, uploaded on ${wheel.upload_time.slice(0, 10)}` : '';
  const message = `The index ${wheel.index ?? index.url} has ${name} ${version}${uploaded}: with it, the requirement is satisfied on ${compatibility_date}.`;
  return { holds: true, remarks: [remark('info', 'in_index', message)] };
}
