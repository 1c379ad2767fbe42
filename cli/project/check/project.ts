/** A project as the check takes it: its files, and the target that it runs on. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { withUndeclared } from '../../../resolver/closure/undeclared.ts';
import { evidenceIn } from '../../../resolver/evidence-level.ts';
import type { CatalogView, Issue, Member, Pinwheel, Target, TargetAnswer } from '../../../resolver/index.ts';
import { scanned } from '../../../resolver/pinwheel/check.ts';
import { createHost, flagsOn, sdkIsExternalIn } from '../../../resolver/python/host.ts';
import type { Host, Project, ScannedFile } from '../../../resolver/python/index.ts';
import { NOTHING } from '../../../resolver/python/project.ts';
import { MAX_SOURCE_BYTES } from '../../../resolver/python/source.ts';
import type { SetAnswer } from '../../ask/package-set.ts';
import { filenameAt } from '../../ask/requirement.ts';
import { answered } from '../../common/failure.ts';
import { together } from '../../common/together.ts';
import { type Beyond, membersOf, setWith } from '../beyond.ts';
import type { Layout } from '../layout.ts';
import type { Question } from '../question.ts';
import type { Reading } from '../reading.ts';
import { requirementFiles } from '../sources/sources.ts';
import type { ProjectRequirement } from './requirements.ts';

const AT_A_TIME = 64;

/** @param paths below `root`; extensions among them have nothing to scan */
export async function scanFiles(
  root: string,
  paths: readonly string[],
  watched: ReadonlySet<string>,
): Promise<ScannedFile[]> {
  const sources = paths.filter((path) => path.endsWith('.py'));
  return together(sources, AT_A_TIME, async (path) => {
    // As much as tells that it is too large.
    const read = buffer(createReadStream(join(root, path), { end: MAX_SOURCE_BYTES }));
    const content = await read.catch((error: NodeJS.ErrnoException) => error);
    if (Buffer.isBuffer(content)) return scanned(path, content, watched);
    return { path, ...NOTHING, problem: `could not be read (${content.code})` };
  });
}

/** A target, and what the requirements of a project get there: the one verdict that `check` and `diff` start from. */
export interface HostStage {
  /** Includes what an index has for the requirements, if there is an index. */
  set: SetAnswer;
  /** As it is published. */
  pinned: SetAnswer;
  /** The packages of the set that the requirements need. */
  members: Member[];
  /** The question that selects the target alone. */
  question: Question;
  view: CatalogView;
  host: Host;
  /** Remarks on the extras that the set does not record, of which an index says more. */
  extras: ReturnType<typeof createHost>['extras'];
  /** Includes the requirements that cannot be parsed. */
  unmet: readonly ProjectRequirement[];
  /** Why the requirements cannot be satisfied together with what an index has. */
  issues: readonly Issue[];
}

export async function hostStage(
  pinwheel: Pinwheel,
  { registry, ...target }: Pick<TargetAnswer, 'registry'> & Target,
  reading: Beyond & Pick<Reading, 'isBuilt'>,
  requirements: readonly ProjectRequirement[],
): Promise<HostStage> {
  const library = (await pinwheel.source.standardLibrary())!;
  const view = answered(await pinwheel.source.view(registry.revision));
  const pinned = await membersOf(pinwheel, reading, target, registry);
  const { set, issues } = await setWith(pinwheel, pinned, reading, requirements);
  const { host, unmet, extras } = createHost({
    // A Worker that is built runs in no Python of workerd.
    target: reading.isBuilt ? { ...target, runtime: { ...target.runtime, workerd_bundle: null } } : target,
    set,
    requirements: requirements.flatMap(({ parsed }) => parsed ?? []),
    ...library,
    facts: withUndeclared(library.facts, pinned.packages, evidenceIn(view, pinned.flag)),
  });
  const members = set.packages.filter(({ name }) => host.closure.has(name));
  const open = new Set<unknown>(unmet);
  const filenames = new Map(set.packages.map(({ name, filename }) => [name, filename]));
  // Only the wheel with this URL is meant.
  const isOther = ({ name, url }: { name: string; url: string | null }) =>
    url !== null && host.closure.get(name)?.requested === true && filenames.get(name) !== filenameAt(url);
  const isUnmet = ({ parsed }: ProjectRequirement) => parsed === null || open.has(parsed) || isOther(parsed);
  const { question } = reading;
  return { set, pinned, members, question, view, host, extras, unmet: requirements.filter(isUnmet), issues };
}

export interface WorkerProject extends Project {
  /** Whether pywrangler vendors its requirements at deployment, from indexes that are not asked here. */
  fetchesLater: boolean;
}

export async function projectOf(
  { root, main, paths, vendored, home }: Layout,
  files: readonly ScannedFile[],
  requirements: readonly ProjectRequirement[],
  { host, view }: Pick<HostStage, 'host' | 'view'>,
): Promise<WorkerProject> {
  const { packages: sdk } = host.facts.sdk;
  // A development dependency, as a rule: pywrangler is part of workers-py.
  const pyproject = await readFile(join(home, 'pyproject.toml'), 'utf8').catch(() => '');
  const fetchesLater =
    requirements.some(({ name }) => sdk.includes(name)) ||
    sdk.some((name) => new RegExp(`["']${name}\\b`).test(pyproject));
  return {
    files,
    main,
    root: main === null ? null : basename(resolve(root)),
    paths,
    vendored: vendored.flatMap(({ files }) => files),
    requirements: requirements.filter(({ parsed }) => parsed !== null),
    requirementsFile:
      requirements[0]?.file ?? (await requirementFiles(home))[0] ?? join(home, 'requirements.txt'),
    places: vendored,
    flags: flagsOn(view, host.target),
    sdk: sdkIsExternalIn(view, host) ? (fetchesLater ? 'vendored_later' : 'missing') : 'runtime',
    fetchesLater,
  };
}
