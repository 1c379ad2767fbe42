/**
 * Builds patched wheels: `npm run patch:build -- [NAME==VERSION…] [--wheel FILE] [--to DIR]`; without a name,
 * every one that the manifests name.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { listPatches, readPatch } from '../../cli/packages/patch/patch-folder.ts';
import { orUsage } from '../options.ts';
import { root, wheelCache } from '../root.ts';

const USAGE = `npm run patch:build -- [NAME==VERSION…]   build patched wheels, by default all

  --wheel FILE   the upstream wheel, instead of that of pypi.org
  --to FOLDER    by default dist/wheels`;

async function main(): Promise<void> {
  const { values, positionals } = orUsage(USAGE, () =>
    parseArgs({
      options: { wheel: { type: 'string' }, to: { type: 'string', default: join(root, 'dist', 'wheels') } },
      allowPositionals: true,
    }),
  );
  const wanted = positionals.length > 0 ? positionals : await everyVersion();
  if (values.wheel !== undefined && wanted.length !== 1) throw new Error('--wheel takes one NAME==VERSION');
  await mkdir(values.to, { recursive: true });
  for (const pin of wanted) {
    const [, name, version] = /^([a-z0-9-]+)==([\w.!+]+)$/.exec(pin) ?? [];
    if (!name || !version) throw new Error(`${pin} is not NAME==VERSION`);
    const built = await buildVersion({ package: name, version }, wheelCache, values.wheel);
    const path = join(values.to, built.filename);
    await writeFile(path, built.bytes);
    console.log(`${built.sha256}  ${path}`);
    console.log(`  ${built.bytes.length} bytes, from ${built.upstream.filename} ${built.upstream.sha256}`);
    console.log(`  by recipe ${built.patch.recipe}`);
  }
}

async function everyVersion(): Promise<string[]> {
  const patches = await Promise.all((await listPatches()).map((name) => readPatch(name)));
  return patches.flatMap(({ manifest }) =>
    manifest.upstream.map(({ version }) => `${manifest.package}==${version}`),
  );
}

main().catch((error: Error) => {
  console.error(`No wheel was built: ${error.message}`);
  process.exitCode = 1;
});
