/** The outcome of a file that could not be fetched is remembered for a minute. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ask } from '../client.ts';
import { timePasses } from '../clock.ts';
import { type PlantedFile, plantFiles } from './plant.ts';

let absent: PlantedFile;
let late: PlantedFile;
let broken: PlantedFile;

beforeAll(async () => {
  [absent, late, broken] = (await plantFiles([
    { filename: 'absent-1.0-py3-none-any.whl', bytes: new TextEncoder().encode('not here') },
    { filename: 'late-1.0-py3-none-any.whl', bytes: new TextEncoder().encode('not yet') },
    { filename: 'broken-1.0-py3-none-any.whl', bytes: new TextEncoder().encode('no zip') },
  ])) as [PlantedFile, PlantedFile, PlantedFile];
  for (const { sha256 } of [absent, late]) await env.STORE.delete(`wheels/${sha256}`);
});
afterEach(() => vi.useRealTimers());

/** The status, and whether the file was tried again. */
async function asked(path: string): Promise<[status: number, tried: boolean]> {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const response = await ask(path);
  await response.arrayBuffer();
  const tried = warned.mock.calls.join().includes('was not taken in');
  warned.mockRestore();
  return [response.status, tried];
}

test('a file that could not be fetched', async () => {
  expect(await asked(absent.path)).toEqual([502, true]);
  expect(await asked(absent.path)).toEqual([502, false]);
  expect(await asked(`${absent.path}.metadata`)).toEqual([502, false]);
  expect((await ask(absent.path)).headers.get('retry-after')).toBe('60');
  timePasses(59_000);
  expect(await asked(absent.path)).toEqual([502, false]);
  timePasses(2_000);
  expect(await asked(absent.path)).toEqual([502, true]);
});

test('a file that another isolate has stored meanwhile', async () => {
  expect((await asked(late.path))[0]).toBe(502);
  await env.STORE.put(`wheels/${late.sha256}`, late.bytes, { sha256: late.sha256 });
  expect(await asked(late.path)).toEqual([200, false]);
});

test('a wheel whose METADATA cannot be read, but whose bytes are served', async () => {
  expect(await asked(`${broken.path}.metadata`)).toEqual([422, false]);
  expect(await asked(broken.path)).toEqual([200, false]);
});
