/** The outcome of a file that failed is remembered for a minute, and D1 gets only new facts. */
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { operations } from '../../../registry/storage/operations.ts';
import { writeWheelRow } from '../../../registry/storage/wheels.ts';
import { packageSetOf } from '../../test-set.ts';
import { ask } from '../client.ts';
import { timePasses } from '../clock.ts';
import { type PlantedFile, plantFiles } from './plant.ts';

let absent: PlantedFile;
let broken: PlantedFile;

beforeAll(async () => {
  [absent, broken] = (await plantFiles([
    { filename: 'absent-1.0-py3-none-any.whl', bytes: new TextEncoder().encode('not here') },
    { filename: 'broken-1.0-py3-none-any.whl', bytes: new TextEncoder().encode('no zip') },
  ])) as [PlantedFile, PlantedFile];
  await env.STORE.delete(`wheels/${absent.sha256}`);
});
afterEach(() => vi.useRealTimers());

/** The status, and the number of reads from R2 and from the table of wheels. */
async function asked(path: string): Promise<[status: number, r2: number]> {
  const before = operations.r2;
  const response = await ask(path);
  await response.arrayBuffer();
  return [response.status, operations.r2 - before];
}

test('a file that could not be fetched', async () => {
  // An isolate reads the document of the set once.
  await ask(`/v1/sets/${packageSetOf([]).flag}`);
  expect(await asked(absent.path)).toEqual([502, 1]);
  expect(await asked(absent.path)).toEqual([502, 0]);
  expect(await asked(`${absent.path}.metadata`)).toEqual([502, 0]);
  expect((await ask(absent.path)).headers.get('retry-after')).toBe('60');
  timePasses(59_000);
  expect(await asked(absent.path)).toEqual([502, 0]);
  timePasses(2_000);
  expect(await asked(absent.path)).toEqual([502, 1]);
});

test('a file that another isolate has stored meanwhile', async () => {
  expect((await asked(absent.path))[0]).toBe(502);
  await env.STORE.put(`wheels/${absent.sha256}`, absent.bytes, { sha256: absent.sha256 });
  const { sha256, filename, bytes } = absent;
  const row = { sha256, filename, size: bytes.length, url: null, metadata_sha256: null };
  await writeWheelRow(drizzle(env.DB), row);
  expect((await asked(absent.path))[0]).toBe(200);
});

test('a wheel whose METADATA cannot be read, but whose bytes are served', async () => {
  const [status, reads] = await asked(`${broken.path}.metadata`);
  expect([status, reads > 0]).toEqual([422, true]);
  for (const _ of [1, 2]) expect(await asked(`${broken.path}.metadata`)).toEqual([422, 0]);
  expect((await asked(broken.path))[0]).toBe(200);
  timePasses(61_000);
  const written = operations.d1;
  const [again, readAgain] = await asked(`${broken.path}.metadata`);
  expect([again, readAgain > 0]).toEqual([422, true]);
  // The row exists already.
  expect(operations.d1).toBe(written);
});
