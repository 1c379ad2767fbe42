import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { root, wheelCache } from '../../scripts/root.ts';
import { downloadWheel } from '../clients/pip-wheels.ts';
import { pureWheel } from '../clients/pure-wheel.ts';

/** The path of a patched wheel, which is built for this call. */
export async function patchedWheel(name: string, version: string): Promise<string> {
  return written(await buildVersion({ package: name, version }, wheelCache));
}

/** Wheels of PyPI without compiled files, for hosts that run only their Python. */
export function pureWheels(requirements: readonly string[]): Promise<string[]> {
  return Promise.all(
    requirements.map(async (requirement) => written(await pureWheel(await downloadWheel(requirement)))),
  );
}

async function written({ filename, bytes }: { filename: string; bytes: Uint8Array }): Promise<string> {
  const folder = join(root, '.cache', 'patched', createHash('sha256').update(bytes).digest('hex'));
  await mkdir(folder, { recursive: true });
  const path = join(folder, filename);
  // Files of tests that run at once write the same wheel: nobody reads half of one.
  const making = join(folder, randomUUID());
  await writeFile(making, bytes);
  await rename(making, path);
  return path;
}
