/**
 * OpenSSL, which FastAPI and Starlette bring to a Worker through AnyIO. AnyIO uses it for connections over sockets, which
 * Workers do not have. If nothing else names it, it is left out: the Worker's Python has no module `ssl`, as the
 * standard library expects of some Pythons, and AnyIO gets a stand-in (`runtime/python/_pinwheel/no_ssl.py`).
 */
import { readFile } from 'node:fs/promises';
import type { BuildPackage } from './inputs.ts';

/** A file of a package or of the project, by its path in Python's file system. */
export interface NamedFile {
  path: string;
  file: string;
}

const PACKAGES: ReadonlySet<string> = new Set(['ssl', 'openssl', 'libopenssl']);

/** The module, its libraries, and what the standard library has, or can open, only with them. */
const NAMES =
  /\b(?:_?ssl|libssl|libcrypto|HTTPSConnection|HTTPSHandler|urllib\.request|urlopen|SMTP_SSL|IMAP4_SSL|POP3_SSL|FTP_TLS)\b/;

/** The modules that get the stand-in, which has nothing that could be taken from it at import. */
const ANYIO = /\/anyio\/(?:_core\/_sockets|streams\/tls)\.py$/;
const TAKES = /\bfrom\s+ssl\b/;

export function isOpenssl({ name }: Pick<BuildPackage, 'name'>): boolean {
  return PACKAGES.has(name);
}

/** Whether a project requires it, and so may use it in ways that no name shows. */
export function requiresOpenssl(packages: readonly Pick<BuildPackage, 'name' | 'chain'>[]): boolean {
  return packages.some((one) => isOpenssl(one) && (one.chain === undefined || one.chain.length === 1));
}

/** Whether any of the files names it. Compiled libraries name those that they load. */
export async function namesOpenssl(files: readonly NamedFile[]): Promise<boolean> {
  for (const { path, file } of files) {
    const names = ANYIO.test(path) ? TAKES : NAMES;
    if (names.test(await readFile(file, 'latin1'))) return true;
  }
  return false;
}
