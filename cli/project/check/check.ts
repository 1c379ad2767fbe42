/** Checks a project on this machine: with its wrangler file, its requirements and its vendored packages. */
import { dirname, join, resolve, sep } from 'node:path';
import type { Pinwheel, TargetAnswer } from '../../../resolver/index.ts';
import {
  checkProject,
  extrasFindings,
  findingsOfIssue,
  shownReport,
} from '../../../resolver/pinwheel/check.ts';
import type { Finding, Report } from '../../../resolver/python/index.ts';
import { noUseRemark } from '../../../resolver/python/known-names.ts';
import { alternativesOf } from '../../ask/backend.ts';
import { isWithin, pathFrom } from '../../common/folders.ts';
import { readPlace, targetOf } from '../beyond.ts';
import { grouped } from '../grouped.ts';
import { checkFolder, type Layout, readLayout } from '../layout.ts';
import { wranglerFileOf } from '../question.ts';
import { type ReadingOptions, readRequirements } from '../reading.ts';
import { requirementFiles } from '../sources/sources.ts';
import { vulnerabilitiesIn } from '../vulnerabilities.ts';
import type { WorkerPlace } from '../workers.ts';
import { hostStage, projectOf, scanFiles } from './project.ts';
import {
  findingAt,
  NOT_VERIFIED,
  type ProjectRequirement,
  requirementFindings,
  unmetFindings,
  withoutFetched,
} from './requirements.ts';
import { wranglerFindings } from './wrangler-findings.ts';

export interface CheckOptions extends Omit<ReadingOptions, 'config'> {
  /** Whether a requirement of that canonical name counts. */
  counts?: (name: string) => boolean;
}

export async function checkWorker(
  backend: Pinwheel,
  worker: WorkerPlace,
  options: CheckOptions,
): Promise<CheckDocument> {
  const { folder } = worker;
  await checkFolder(folder);
  const asked = withWranglerFile(worker, options);
  const place = await readPlace(backend, asked);
  const target = await targetOf(backend, place, asked);
  const { revision } = target.registry;

  const layout = await readLayout(folder, asked.config, options.env);
  const named = options.requirements.length > 0;
  const sources = named ? options.requirements : await requirementFiles(layout.home, options.group);
  const read = { ...asked, requirements: sources, keepsRefused: true };
  const reading = await readRequirements(backend, place, [], read);
  const { pinwheel, refused } = reading;
  const { counts = () => true } = options;
  const requirements = reading.requirements.filter(({ name }) => counts(name));
  const stage = await hostStage(pinwheel, target, reading, requirements);
  const { members, host, unmet } = stage;
  const files = await scanFiles(layout.root, layout.paths, host.watched);
  const project = await projectOf(layout, files, requirements, stage);

  const alternatives = alternativesOf(pinwheel, { ...stage.question, revision });
  const checked = { ...stage, project, requirements, hasList: sources.length > 0, vendored: layout.vendored };
  const outcome = await checkProject({ ...checked, fetchesLater: project.fetchesLater }, alternatives);
  const isText = options.format === 'table';
  // An index that was asked has answered.
  const fetchesLater = project.fetchesLater && reading.index === null;
  const open = new Set(outcome.unmet.flatMap(({ at }) => at));
  const pinned = new Set(stage.pinned.packages.map(({ name }) => name));
  // Met by a vendored package, or by an index.
  const isBeyond = (requirement: ProjectRequirement) => {
    if (unmet.includes(requirement)) return !open.has(requirement);
    return host.closure.has(requirement.name) && !pinned.has(requirement.name);
  };
  const library = (await pinwheel.source.standardLibrary())!;
  // From elsewhere than the package set, and of no use in a Worker.
  const unused = requirements.filter(isBeyond).flatMap((requirement) => {
    const remark = noUseRemark(requirement.name, library, target, stage.view);
    return remark ? [findingAt(requirement, remark)] : [];
  });
  const unmetOnes = unmetFindings(isText ? grouped(outcome.unmet) : outcome.unmet, fetchesLater);
  // The set has something for each of them, but what they need beyond it cannot be had.
  const together = outcome.unmet.length > 0 ? [] : stage.issues;
  const more = [
    ...(asked.config === undefined
      ? []
      : await wranglerFindings(asked.config, layout, project, host, outcome.reached)),
    ...unmetOnes,
    ...together.flatMap((issue) => findingsOfIssue({ issue, at: requirements.slice(0, 1) })),
    ...refused.flatMap((requirement) => findingsOfIssue({ issue: requirement.refusal!, at: [requirement] })),
    ...(reading.index === null ? extrasFindings(stage.extras, requirements) : []),
    ...unused,
    ...(await requirementFindings(requirements, reading, stage, alternatives, options.listener)),
    ...outcome.vendored,
  ];
  const isOpen = unmetOnes.some(({ code }) => code === NOT_VERIFIED);
  const isAsked = askedTest(layout, folder);
  const findings = withoutFetched(outcome.report.findings, isOpen).filter(isAsked);
  const report = shownReport({ ...outcome.report, findings }, more.filter(isAsked), shownPaths(layout));
  if (options.format === 'github' || options.format === 'sarif') options.listener.remarks(target.diagnostics);
  const main = report.snapshot.entry;
  const vendored = layout.vendored.flatMap(({ installed }) => installed.packages);
  const packages = vendored.length > 0 ? vendored : members;
  const vulnerabilities = await vulnerabilitiesIn(pinwheel, target, packages, asked);
  // A later step may vendor: that none is there is no finding.
  const isVendored = vendored.length > 0 || project.fetchesLater;
  const isOpenYet = !isVendored && target.package_set.delivery.by === 'python_modules';
  return {
    ...{ target, report, vulnerabilities, home: shownPath(layout.home) },
    toVendor: isOpenYet ? members.filter(({ kind }) => kind === 'package').length : 0,
    project: { root: shownPath(layout.root), main, requirements: sources },
  };
}

/** A folder means its own wrangler file or the one above it, not that of the current folder. */
function withWranglerFile({ folder, config }: WorkerPlace, options: CheckOptions): ReadingOptions {
  if (config !== undefined) return { ...options, config };
  const configFile = wranglerFileOf(options, { folder });
  if (configFile === null) return options;
  if (resolve(dirname(configFile)) !== resolve(folder)) {
    const message = `Checked as part of the project of ${configFile}.`;
    options.listener.remarks([{ severity: 'info', message, fix: null }]);
  }
  return { ...options, config: configFile };
}

/** The JSON of a check, where `report` is not nested. */
export interface CheckDocument {
  target: TargetAnswer;
  project: {
    /** The folder that modules are imported from. */
    root: string;
    /** The main module; null if it is not known. */
    main: string | null;
    /** The files that requirements were read from. */
    requirements: string[];
  };
  report: Report;
  /** Not in JSON, which audit has. */
  vulnerabilities: string | null;
  /** How many packages do not come with the runtime, if none has been vendored yet. Not in JSON. */
  toVendor: number;
  /** The folder of the project. Not in JSON either. */
  home: string;
}

export function documentOf({ target: answer, project, report }: CheckDocument): object {
  const { registry, answer_version, ...target } = answer;
  return { registry, answer_version, target, project, ...report };
}

/** Whether a finding is in the folder that was asked for, or in no file of the project. */
function askedTest({ root, paths, wrangler, main }: Layout, folder: string): (finding: Finding) => boolean {
  const own = new Set(paths);
  const inside = pathFrom(root, folder);
  // The Worker may import a requirement that a folder beside its code does not.
  const isBeside = wrangler?.mainProblem === null && main === null;
  return ({ path, code }) => {
    if (isBeside && code === 'unused_requirement') return false;
    return inside === '.' || !isWithin(root, folder) || !own.has(path) || path.startsWith(`${inside}/`);
  };
}

/** A path of the project, or of a requirements file, as the user would write it. */
export function shownPaths({ root, paths }: Pick<Layout, 'root' | 'paths'>): (path: string) => string {
  const own = new Set(paths);
  return (path) => shownPath(own.has(path) ? join(root, path) : path);
}

/** Relative to the current folder, unless the path is outside of it. */
export function shownPath(path: string): string {
  return isWithin('', path) ? pathFrom('', path) : path.split(sep).join('/');
}
