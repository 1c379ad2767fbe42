import type { MemberKind, Patched } from '../../resolver/catalog.ts';
import type { RuntimeInfo } from '../../runtime/create.ts';
import type { Credentials } from '../common/credentials.ts';

export interface BuildPackage {
  name: string;
  version: string;
  kind: MemberKind;
  /** Where Pyodide's lock puts it: `site`, `dynlib` or `stdlib`. */
  install_dir: string;
  imports: string[];
  filename: string;
  sha256: string;
  /** In bytes; null if unknown. */
  size: number | null;
  /** Where the file comes from: a URL, or a path on this machine. */
  from: { url: string } | { path: string };
  patched: Patched | null;
}

export interface BuildClosure {
  runtime: Omit<RuntimeInfo, 'env'>;
  /** What the packages were chosen from: a package flag, or a file. */
  packageSet: { name: string; digest: string };
  /** In load order. */
  packages: BuildPackage[];
  /** For the files of private indexes. */
  credentials?: Credentials;
}
