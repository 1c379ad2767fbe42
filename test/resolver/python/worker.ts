/** Checks a Worker of texts with the bundled data. */
import type { PackageSet } from '../../../resolver/catalog.ts';
import {
  checkImports,
  createHost,
  type Finding,
  type Hints,
  type HostSource,
  type Project,
  type Report,
  scanPython,
} from '../../../resolver/python/index.ts';
import { parseRequirement, type Requirement } from '../../../resolver/requirements/requirement.ts';
import { readData } from '../client/registry.ts';
import { newest, targetOf as targetAt } from '../compatibility/catalog.ts';

export const facts = readData('standard-library/facts.json') as HostSource['facts'];
export const measured = readData('standard-library/measured.json') as HostSource['measured'];

/** Compatibility dates and flags by the Pyodide that they select, and whether workerd has it. */
export const RUNTIMES = {
  '0.26.0a2': { date: '2025-01-01', flags: ['python_workers'] },
  '0.26.4': { date: '2025-03-01', flags: ['python_3.12_packages_2024_11_15'] },
  '0.27.1': { date: '2025-03-01', flags: ['python_3.12_packages_2024_12_18'] },
  '0.27.3': { date: '2025-03-01', flags: ['python_3.12_packages_2025_03_01'] },
  '0.28.2': { date: '2025-11-02', flags: ['python_workers'] },
  '314.0.6': { date: '2026-11-01', flags: ['python_workers'] },
};
export type Pyodide = keyof typeof RUNTIMES;

function targetOf(pyodide: Pyodide) {
  const { date: compatibility_date, flags: compatibility_flags } = RUNTIMES[pyodide];
  const target = targetAt({ compatibility_date, compatibility_flags }, newest);
  if (target.runtime.pyodide !== pyodide) throw new Error(`${target.runtime.pyodide} is not meant`);
  return target;
}

export interface Worker extends Partial<Omit<Project, 'files' | 'requirements'>> {
  pyodide?: Pyodide;
  /** Texts by path. */
  sources: Record<string, string>;
  requirements?: string[];
}

export function hostOf({
  pyodide = '0.28.2',
  requirements = [],
}: Pick<Worker, 'pyodide' | 'requirements'> = {}) {
  const target = targetOf(pyodide);
  const set = readData(`sets/${target.package_set.flag}.json`) as PackageSet;
  return createHost({ target, set, requirements: requirements.map(parse), facts, measured });
}

function parse(text: string): Requirement {
  const outcome = parseRequirement(text);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  return outcome.value;
}

export function check(worker: Worker, hints?: Hints): Report & { unknown: string[] } {
  const { pyodide: _, sources, requirements = [], ...rest } = worker;
  const { host } = hostOf(worker);
  const files = Object.entries(sources).map(([path, source]) => ({
    path,
    ...scanPython(source, host.watched),
    problem: null,
  }));
  const project: Project = {
    files,
    paths: files.map(({ path }) => path),
    main: null,
    root: null,
    vendored: [],
    requirements: requirements.map((text, at) => ({
      name: parse(text).name,
      file: 'requirements.txt',
      line: at + 1,
      column: 1,
    })),
    requirementsFile: 'requirements.txt',
    places: [],
    sdk: 'runtime',
    flags: [],
    ...rest,
  };
  const checked = checkImports(project, host);
  return { unknown: checked.unknown, ...checked.report(hints) };
}

/** `entry.py:1:8 error missing_module: The message. (The fix.)` */
export function lineOf({ path, line, column, severity, code, message, fix }: Finding): string {
  return `${path}:${line}:${column} ${severity} ${code}: ${message}${fix === null ? '' : ` (${fix})`}`;
}

/** The findings of a Worker of one file, `entry.py`, without its name. */
export function findings(source: string, worker: Partial<Worker> = {}, hints?: Hints): string[] {
  return check({ sources: { 'entry.py': source }, ...worker }, hints).findings.map((finding) =>
    lineOf(finding).replace(/^entry\.py:/, ''),
  );
}
