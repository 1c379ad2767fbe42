/** RECORD, the list of a wheel's files with their hashes and sizes (PEP 376, PEP 427). */
import type { WheelFiles } from './wheel-archive.ts';

/** The text of RECORD for `files`, including its own line; `path` is its own. */
export async function formatRecord(files: WheelFiles, path: string): Promise<string> {
  const paths = [...files.keys()].filter((name) => name !== path).sort();
  const lines = await Promise.all(
    paths.map(async (name) => {
      const content = files.get(name)!;
      return `${quote(name)},sha256=${base64url(await digest(content))},${content.length}`;
    }),
  );
  return `${[...lines, `${quote(path)},,`].join('\n')}\n`;
}

/** RECORD is CSV. */
function quote(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
}

async function digest(content: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content as Uint8Array<ArrayBuffer>));
}

function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Lower-case hexadecimal SHA-256. */
export async function hexDigest(content: Uint8Array): Promise<string> {
  return Array.from(await digest(content), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
