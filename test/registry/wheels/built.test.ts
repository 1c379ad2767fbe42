/** Pinwheel-built wheels: served like others, and never fetched. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { storeBuiltWheels } from '../../../registry/publish/built-wheels.ts';
import { append } from '../../../registry/publish/publish.ts';
import { readWhole } from '../../../registry/storage/newest.ts';
import { sha256 as sha256OfBytes } from '../../../resolver/digest.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../../test-set.ts';
import { makeWheel } from '../../zip.ts';
import { ask } from '../client.ts';

const VERSION = '1.0+pinwheel.1';

/** A registry after a seed of a set with three wheels, two of which could not be built. */
async function plant(name: string) {
  const bytes = makeWheel(name, VERSION);
  const filename = `${name}-${VERSION}-py3-none-any.whl`;
  const sha256 = await sha256OfBytes(bytes);
  return { bytes, filename, sha256, path: `/wheels/${sha256}/${encodeURIComponent(filename)}` };
}
const [here, absent, late] = [await plant('here'), await plant('absent'), await plant('late')];
const set = packageSetOf(
  [here, absent, late].map(({ filename, sha256, bytes }) => ({
    ...{ filename, sha256, size: bytes.length },
    ...{ url: null, patched: PINWHEEL_PATCH },
  })),
);
const given = (wheel: typeof here) => new Map([[wheel.filename, wheel.bytes as Uint8Array]]);

beforeAll(async () => {
  const catalog = await readWhole(env);
  const wheels = { given: given(here), absent: 'later' } as const;
  expect((await append(env, catalog, set, set.released, wheels)).ok).toBe(true);
});
afterEach(() => vi.restoreAllMocks());

describe('a missing one', () => {
  test.each([
    ['', {}],
    ['', { headers: { range: 'bytes=0-1' } }],
    ['.metadata', {}],
  ])('%s %o: is reported by name, and not fetched', async (suffix, init) => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const response = await ask(absent.path + suffix, init);
    expect([response.status, response.headers.get('cache-control')]).toEqual([503, 'no-store']);
    expect(fetched).not.toHaveBeenCalled();
    const { code, detail } = await response.json<{ code: string; detail: string }>();
    expect(code).toBe('wheel_missing');
    expect(detail).toContain(`${absent.filename} is a Pinwheel-built wheel`);
  });

  test('is reported for HEAD too', async () => {
    expect((await ask(absent.path, { method: 'HEAD' })).status).toBe(503);
  });

  test('is served as soon as it is stored', async () => {
    expect((await ask(late.path)).status).toBe(503);
    await storeBuiltWheels(env, set, { given: given(late) });
    const response = await ask(late.path);
    expect([response.status, new Uint8Array(await response.arrayBuffer())]).toEqual([200, late.bytes]);
  });
});
