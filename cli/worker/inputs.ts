/** The inputs of a build: a project, the packages that it needs, and their files. */

import type { Table } from '../../resolver/formats/table.ts';
import type { MemberKind, Patched } from '../../resolver/schemas.ts';
import type { RuntimeInfo } from '../../runtime/create.ts';
import type { FileIndex } from '../../runtime/site.ts';
import type { Credentials } from '../common/credentials.ts';

export interface BuildProject {
  /** The wrangler file, and its folder. */
  config: string;
  home: string;
  /** Tables of the wrangler file: of the environment, if one is asked for, before the top level. */
  tables: Table[];
  /** The folder that modules are imported from. */
  root: string;
  /** The main module, as Python imports it, and its file. */
  main: string;
  mainFile: string;
  /** Sorted by their paths in Python's file system. */
  files: ProjectFile[];
}

export interface ProjectFile {
  path: string;
  file: string;
}

export interface BuildPackage {
  name: string;
  version: string;
  kind: MemberKind;
  /** The folder that Pyodide's lock names: `site`, `dynlib` or `stdlib`. */
  install_dir: string;
  imports: string[];
  filename: string;
  sha256: string;
  /** Bytes; null if unknown. */
  size: number | null;
  /** A `file:` URL for a file of this machine. */
  url: string;
  patched: Patched | null;
  /** The shortest way from a requirement to the package, which is the last one. */
  chain?: string[];
}

export interface BuildClosure {
  runtime: Omit<RuntimeInfo, 'env'>;
  /** A package flag, or the file that the packages were chosen from. */
  packageSet: { name: string; digest: string };
  /** Whether workerd itself would call functions such as `on_fetch`, and not methods. */
  callsFunctions: boolean;
  /** In load order. */
  packages: BuildPackage[];
  /** The other packages of the set: if a module is not found, the error names the one that has it. */
  others?: readonly Pick<BuildPackage, 'name' | 'imports'>[];
  /** Credentials for the files of private indexes. */
  credentials?: Credentials;
}

export interface Supply {
  /** A folder with the files of a release, and its glue patched. */
  pyodide(version: string): Promise<string>;
  /** @param files those of the project, which may use what is left out otherwise */
  packages(closure: BuildClosure, files: readonly ProjectFile[]): Promise<PackagesLayer>;
}

export interface PackagesLayer {
  /** Identifies the layer: the closure's wheels, and Pinwheel's Python. */
  digest: string;
  folder: string;
  blob: string;
  compressed: string;
  index: FileIndex;
  /** Paths in Python's file system, and files of the folder. */
  libraries: [path: string, file: string][];
  /** Functions of JavaScript that libraries have as text. */
  functions: string[];
  /** Names of C++ that libraries import. */
  imports: string[];
  /** The folders that Python looks for modules in. */
  roots: string[];
  licenses: PackageLicense[];
  /** The package of each file, by its path in Python's file system. */
  owners: Record<string, string>;
  /** The packages of the closure that nothing in the Worker uses, and that it does not have. */
  leftOut: string[];
}

export interface StatedLicense {
  /** The statement of the wheel; null if there is none. */
  license: string | null;
  /** Whether that is an expression of SPDX. */
  isExpression: boolean;
}

export interface PackageLicense extends StatedLicense {
  name: string;
  version: string;
  kind: BuildPackage['kind'];
  texts: string[];
}
