/** A project and its host, before the imports are checked. */
import type { ResolvedPackage, Target } from '../answer.ts';
import type { Scan, SourcePosition } from './import.ts';
import type { PackageIndex } from './packages.ts';
import type { StandardLibraryView } from './standard-library.ts';
import type { StandardLibraryFacts } from './standard-library-document.ts';

/**
 * A file of the project; `path` is relative to the folder that modules are imported from.
 *
 * @example
 * ```ts
 * import { type ScannedFile, scanPython } from 'pinwheel-py/python';
 *
 * const file: ScannedFile = { path: 'entry.py', ...scanPython('import json'), problem: null };
 * file.imports.length; // → 1
 * ```
 */
export interface ScannedFile extends Scan {
  path: string;
  /** Why Python cannot read it, as the end of a sentence about it; null if it can. */
  problem: string | null;
}

/** A requirement of the project, by canonical name, and where it is written. */
export interface ListedRequirement extends SourcePosition {
  name: string;
  /** The file that lists it, as messages name it. */
  file: string;
}

/**
 * A project: its files, requirements and settings.
 *
 * @example
 * ```ts
 * import { type Project, scanPython } from 'pinwheel-py/python';
 *
 * const project: Project = {
 *   files: [{ path: 'entry.py', ...scanPython('import json'), problem: null }],
 *   paths: ['entry.py'],
 *   main: 'entry.py',
 *   root: 'src',
 *   vendored: ['workers/__init__.py'],
 *   requirements: [{ name: 'fastapi', file: 'requirements.txt', line: 1, column: 1 }],
 *   requirementsFile: 'requirements.txt',
 *   sdk: 'runtime',
 * };
 * project.files.length; // → 1
 * ```
 */
export interface Project {
  files: readonly ScannedFile[];
  /** Of everything that can be imported: the files, and extensions (`*.so`). */
  paths: readonly string[];
  /** The path of the main module; null if it is not known. */
  main: string | null;
  /** The name of the folder of the files, if it is known to be the one that modules are imported from. */
  root: string | null;
  /** Paths below the folder of what is vendored. */
  vendored: readonly string[];
  requirements: readonly ListedRequirement[];
  /** The file to add a requirement to, as messages name it. */
  requirementsFile: string;
  /** Whether the runtime provides the SDK's modules, they are vendored at deployment, or neither. */
  sdk: 'runtime' | 'vendored_later' | 'missing';
}

/**
 * What a project runs on. `createHost` makes one.
 *
 * @example
 * ```ts
 * import type { Host } from 'pinwheel-py/python';
 *
 * const isRequired = ({ closure }: Pick<Host, 'closure'>, name: string) => closure.has(name);
 * isRequired({ closure: new Map() }, 'fastapi'); // → false
 * ```
 */
export interface Host {
  target: Target;
  packages: PackageIndex;
  /** By canonical name: what the requirements need, and what each was asked for by. */
  closure: ReadonlyMap<string, Pick<ResolvedPackage, 'required_by' | 'requested'>>;
  library: StandardLibraryView;
  facts: StandardLibraryFacts;
  /** The modules, by the first part of their name, whose uses a check looks at: for `scanPython`. */
  watched: ReadonlySet<string>;
}
