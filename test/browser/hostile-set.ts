import { append } from '../../registry/publish/publish.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { integrate } from '../../registry/storage/signed-head.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import type { LocalRegistry } from '../../scripts/local-registry.ts';

export const HOSTILE_FLAG = 'python_3.13_packages_2026_11_01';
export const HOSTILE_NAME = '"><img src=x onerror=alert(1)>\u202e\u0007';

const TEXT = '</td></table><script>alert(2)</script><b>\u202e';

const set: PackageSet = {
  kind: 'set',
  flag: HOSTILE_FLAG,
  python: '3.13.2',
  abi: '2025_0',
  platform: 'emscripten_4_0_9',
  runtime: `0.28.2${TEXT}`,
  released: '2026-11-01',
  default_from: null,
  source: { registry: 'npm', package: TEXT, version: '0', file: TEXT, sha256: null },
  packages: [
    {
      name: HOSTILE_NAME,
      written_name: HOSTILE_NAME,
      version: `1${'0'.repeat(300)}`,
      kind: 'package',
      filename: `../../"><b>/${TEXT}`,
      url: 'javascript:alert(3)',
      sha256: '0'.repeat(64),
      size: null,
      imports: [TEXT, 'i'.repeat(500)],
      depends: [TEXT, HOSTILE_NAME],
      written_depends: [TEXT, HOSTILE_NAME],
      install_dir: 'site',
      unvendored_tests: false,
      patched: {
        by: 'pinwheel',
        patch: TEXT,
        release: 1,
        upstream: { filename: `${TEXT}-1.0-py3-none-any.whl`, sha256: '0'.repeat(64) },
        recipe: '0'.repeat(64),
      },
    },
  ],
};

/** A package of which the table of facts knows something. */
const psutil: PackageSet['packages'][number] = {
  ...set.packages[0]!,
  name: 'psutil',
  written_name: 'psutil',
  filename: 'psutil-7.0.0-py3-none-any.whl',
  sha256: '1'.repeat(64),
  depends: [],
  written_depends: [],
  patched: null,
};
set.packages.push(psutil);

export async function plantHostileSet({ miniflare, logKey }: LocalRegistry): Promise<void> {
  const DB = await miniflare.getD1Database('DB');
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const catalog = await readWhole({ DB, STORE });
  const outcome = await append({ DB, STORE, LOG_KEY: logKey }, catalog, set, '2026-11-01');
  if (outcome.ok) await integrate({ STORE, LOG_KEY: logKey }, outcome.value.catalog);
}
