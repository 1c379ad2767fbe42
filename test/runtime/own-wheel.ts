/** A wheel of a test's own, named `mine`, in a lock for `--set`. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeZip, utf8 } from '../zip.ts';

/** Puts the wheel and its lock into a folder. Returns the lock's path. */
export async function writeWheel(
  folder: string,
  filename: string,
  files: Record<string, Uint8Array>,
): Promise<string> {
  const metadata = utf8('Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n');
  const content = { ...files, 'mine-1.0.dist-info/METADATA': metadata };
  const wheel = makeZip(Object.entries(content).map(([name, data]) => ({ name, data })));
  const entry = {
    ...{ name: 'mine', version: '1.0', file_name: filename, depends: [], imports: ['mine'] },
    ...{ install_dir: 'site', package_type: 'package', unvendored_tests: false },
    sha256: createHash('sha256').update(wheel).digest('hex'),
  };
  const info = { abi_version: '2025_0', arch: 'wasm32', platform: 'emscripten_4_0_9', python: '3.13.2' };
  const lock = join(folder, 'lock.json');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, filename), wheel);
  await writeFile(lock, JSON.stringify({ info, packages: { mine: entry } }));
  return lock;
}
