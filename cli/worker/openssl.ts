/**
 * OpenSSL, which Starlette and FastAPI require through AnyIO. AnyIO uses it for connections over sockets, which Workers do
 * not have. If nothing else names it, it is left out: the Worker's Python has no module `ssl`, as the standard library
 * expects of some Pythons, and AnyIO gets a stand-in (`runtime/python/_pinwheel/no_ssl.py`).
 */
import { readFile } from 'node:fs/promises';
import type { BuildPackage } from './inputs.ts';

/** A file of a package or of the project, by its path in Python's file system. */
export interface NamedFile {
  path: string;
  file: string;
}

const PACKAGES: ReadonlySet<string> = new Set(['ssl', 'openssl', 'libopenssl']);

/** The module, its libraries, and names of the standard library that exist, or can open HTTPS, only with them. */
const NAMES =
  /\b(?:_?ssl|libssl|libcrypto|HTTPSConnection|HTTPSHandler|urllib\.request|urlopen|SMTP_SSL|IMAP4_SSL|POP3_SSL|FTP_TLS)\b/;

/** The modules that get the stand-in. */
const ANYIO = /\/anyio\/(?:_core\/_sockets|streams\/tls)\.py$/;
/** The stand-in has no names that an import could take. */
const TAKES = /\bfrom\s+ssl\b/;

/** The packages of OpenSSL that a Worker needs only if a file names it; none if the project itself requires one of them. */
export function optionalOpenssl<Package extends Pick<BuildPackage, 'name' | 'chain'>>(
  packages: readonly Package[],
): Package[] {
  const openssl = packages.filter(({ name }) => PACKAGES.has(name));
  const isRequired = openssl.some(({ chain }) => chain === undefined || chain.length === 1);
  return isRequired ? [] : openssl;
}

/** Whether any of the files names OpenSSL. Compiled libraries name those that they load. */
export async function namesOpenssl(files: readonly NamedFile[]): Promise<boolean> {
  for (const { path, file } of files) {
    const names = ANYIO.test(path) ? TAKES : NAMES;
    if (names.test(await readFile(file, 'latin1'))) return true;
  }
  return false;
}
