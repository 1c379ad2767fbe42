/** Indexes in memory, and sets, from short descriptions. */
import type { PackageSet } from '../../../resolver/catalog.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import type { SolveOutcome } from '../../../resolver/solver/answer.ts';
import type { IndexFile, PackageIndex } from '../../../resolver/solver/package-index.ts';
import { solve } from '../../../resolver/solver/solve.ts';
import type { SolveQuestion } from '../../../resolver/solver/solve-question.ts';
import { packageSetOf } from '../../test-set.ts';

/** A release of a project: what it requires, and what is special about its file. */
export interface Release {
  requires?: readonly string[];
  requiresPython?: string;
  /** A day or a time; undefined for {@link UPLOADED}, null for an index without upload times. */
  uploaded?: string | null;
  yanked?: boolean;
  /** Of its wheel, such as `py3-none-any`; null for a source distribution. */
  tags?: string | null;
}

/** By canonical name and version. */
export type Projects = Record<string, Record<string, Release | readonly string[]>>;

export const UPLOADED = '2026-01-15T12:00:00Z';

export function releaseOf(release: Release | readonly string[]): Release {
  return Array.isArray(release) ? { requires: release } : (release as Release);
}

export function filenameOf(name: string, version: string, { tags = 'py3-none-any' }: Release): string {
  const stem = `${name.replaceAll('-', '_')}-${version}`;
  return tags === null ? `${stem}.tar.gz` : `${stem}-${tags}.whl`;
}

export function metadataOf(name: string, version: string, release: Release): string {
  const requires = (release.requires ?? []).map((requirement) => `Requires-Dist: ${requirement}\n`);
  const extras = new Set(requires.flatMap((line) => /extra == ["']([\w.-]+)["']/.exec(line)?.[1] ?? []));
  const provides = [...extras].map((extra) => `Provides-Extra: ${extra}\n`);
  const python = release.requiresPython ? `Requires-Python: ${release.requiresPython}\n` : '';
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${python}${provides.join('')}${requires.join('')}`;
}

export interface MadeIndex extends PackageIndex {
  /** The requests: names of pages, and file names of METADATA. */
  asked: string[];
}

export function makeIndex(projects: Projects): MadeIndex {
  const asked: string[] = [];
  const metadata = new Map<string, string>();
  const files = new Map<string, IndexFile[]>();
  for (const [name, versions] of Object.entries(projects)) {
    const listed = Object.entries(versions).map(([version, written]): IndexFile => {
      const release = releaseOf(written);
      const filename = filenameOf(name, version, release);
      metadata.set(filename, metadataOf(name, version, release));
      return {
        filename,
        url: `https://files.example/${filename}`,
        sha256: 'a'.repeat(64),
        size: 1_000,
        upload_time: release.uploaded === undefined ? UPLOADED : release.uploaded,
        requires_python: release.requiresPython ?? null,
        yanked: release.yanked ?? false,
        metadata: { sha256: null },
      };
    });
    files.set(name, listed);
  }
  return {
    asked,
    url: 'https://index.example/simple/',
    async versionsOf(name) {
      asked.push(name);
      return files.get(name) ?? null;
    },
    async metadataOf({ filename }) {
      asked.push(filename);
      return metadata.get(filename)!;
    },
  };
}

/** A package set: by name, its version and what it depends on. */
export type Pins = Record<string, [version: string, ...depends: string[]]>;

export function makeSet(pins: Pins): PackageSet {
  return packageSetOf(
    Object.entries(pins).map(([name, [version, ...depends]]) => ({
      filename: `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`,
      sha256: 'b'.repeat(64),
      url: null,
      depends,
    })),
  );
}

export type Asked = Partial<Omit<SolveQuestion, 'requirements' | 'set' | 'target' | 'index'>>;

/** Solves requirements with a described index and set, for Pyodide 0.28. */
export function ask(
  requirements: readonly string[],
  projects: Projects | PackageIndex | null,
  pins: Pins = {},
  more: Asked = {},
): Promise<SolveOutcome> {
  const set = makeSet(pins);
  const isIndex = projects === null || typeof projects.versionsOf === 'function';
  return solve({
    target: {
      compatibility_date: '2026-10-01',
      runtime: set,
      package_set: { ...set, released: '2026-01-01' },
    },
    set: prepareSet(set),
    requirements,
    index: isIndex ? (projects as PackageIndex | null) : makeIndex(projects as Projects),
    ...more,
  });
}

/** `name==version` of each package, in alphabetical order; or the issues, as their codes. */
export function shortly(outcome: SolveOutcome): string[] {
  if (!outcome.ok) return outcome.issues.map(({ code }) => code);
  return outcome.value.packages.map(({ name, version }) => `${name}==${version}`).sort();
}
