/**
 * Builds patched wheels: `npm run patch:build -- [NAME==VERSION…] [--wheel FILE] [--to DIR]`; without a name,
 * every one that the manifests name. With `--set FILE`, those of a set, which must come out as it pins them.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMember, buildVersion } from '../../cli/packages/patch/built-wheel.ts';
import { listPatches, readPatch } from '../../cli/packages/patch/patch-folder.ts';
import { PackageSet } from '../../resolver/catalog.ts';
import { orUsage, run } from '../command.ts';
import { root, wheelCache } from '../root.ts';

const USAGE = `npm run patch:build -- [NAME==VERSION…]   build patched wheels, by default all

  --wheel FILE   the upstream wheel, instead of that of pypi.org
  --to FOLDER    by default dist/wheels
  --set FILE     instead, verify a package set: build every wheel that it says
                 is patched by Pinwheel, and compare it with what the set pins`;

async function main(): Promise<void> {
  const { values, positionals } = orUsage(USAGE, () =>
    parseArgs({
      options: {
        wheel: { type: 'string' },
        to: { type: 'string', default: join(root, 'dist', 'wheels') },
        set: { type: 'string' },
      },
      allowPositionals: true,
    }),
  );
  if (values.set !== undefined) return verify(values.set);
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

/** @throws at the first wheel that cannot be built as the set pins it */
async function verify(file: string): Promise<void> {
  const { packages } = PackageSet.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const member of packages.filter(({ patched }) => patched?.by === 'pinwheel')) {
    const { sha256, filename } = await buildMember(member, wheelCache);
    console.log(`${sha256}  ${filename} is what its recipe makes`);
  }
}

async function everyVersion(): Promise<string[]> {
  const patches = await Promise.all((await listPatches()).map((name) => readPatch(name)));
  return patches.flatMap(({ manifest }) =>
    manifest.upstream.map(({ version }) => `${manifest.package}==${version}`),
  );
}

run(main, 'No wheel was built');
