/** Locks of a registry without an index; test/clients has one with an index. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { PyodideLock } from '../../../resolver/formats/pyodide-lock.ts';
import { ask, askJson, post } from '../client.ts';
import { seed } from '../seed.ts';

beforeAll(() => seed());

const FLAG = 'python_3.13_packages_2025_09_22';
const question = { compatibility_flags: [FLAG], requirements: ['numpy'] };

describe('POST /v1/lock', () => {
  test('is the whole set, with absolute URLs', async () => {
    const lock = await askJson<PyodideLock>('/v1/lock', post(question));
    expect(lock).toMatchObject({ info: {} });
    const own = await askJson<PyodideLock>(`/v1/sets/${FLAG}/pyodide-lock.json`);
    expect(Object.keys(lock.packages)).toEqual(Object.keys(own.packages));
    expect(lock.info).toEqual(own.info);
    for (const { file_name } of Object.values(lock.packages)) expect(URL.canParse(file_name)).toBe(true);
  });

  test.each([
    ['/v1/resolve', { index: true }, 422, 'no_index_here'],
    ['/v1/lock', { index: true }, 422, 'no_index_here'],
    ['/v1/lock', { wheels: ['https://files.example/shout-1.0-py3-none-any.whl'] }, 422, 'no_index_here'],
    ['/v1/lock', { wheels: ['https://files.example/shout.zip'] }, 400, 'invalid_wheel_url'],
    ['/v1/lock', { wheels: ['https://files.example/%zz.whl'] }, 400, 'invalid_wheel_url'],
    ['/v1/lock', { requirements: ['django'] }, 422, 'unknown_package'],
    ['/v1/lock', { compatibility_flags: ['python_3.13_packages_2000_01_01'] }, 400, 'unknown_package_flag'],
    ['/v1/lock', { more: true }, 400, 'invalid_parameter'],
  ])('%s rejects %j', async (path, more, status, code) => {
    const response = await ask(path, post({ ...question, ...more }));
    expect(await response.json()).toMatchObject({ status, errors: [{ code }] });
  });

  test('what is proposed for wheels needs no index', async () => {
    const wheels = ['https://files.example/shout-1.0-py3-none-any.whl'];
    for (const more of [{ wheels }, { wheels, index: false }, { requirements: [`shout @ ${wheels[0]}`] }]) {
      expect(await askJson('/v1/lock', post({ ...question, ...more }))).toMatchObject({
        errors: [
          {
            code: 'no_index_here',
            message: 'This registry uses no package index, and does not read wheels from elsewhere.',
            fix: 'Use the command line: pinwheel resolve NAME --find-links FOLDER --format pyodide-lock.',
          },
        ],
      });
    }
  });

  test.each([
    'https://ada:s3cret@index.example/simple/',
    'https://index.example/simple/?token=s3cret',
    's3cret',
  ])('an index whose address is %s is not used, and not shown', async (INDEX_URL) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const asking = (path: string, more: object) =>
      ask(path, post({ ...question, ...more }), { ...env, INDEX_URL });
    for (const index of [true, 'https://other.example/simple/']) {
      for (const path of ['/v1/resolve', '/v1/lock']) {
        const text = await (await asking(path, { index })).text();
        expect(JSON.parse(text)).toMatchObject({ status: 422, errors: [{ code: 'no_index_here' }] });
        expect(text).not.toContain('s3cret');
      }
    }
    expect((await asking('/v1/lock', {})).status).toBe(200);
    const lines = logged.mock.calls.join('\n');
    expect(lines).toContain('INDEX_URL is not used');
    expect(lines).not.toContain('s3cret');
    logged.mockRestore();
  });

  test('a query asks for the index as well', async () => {
    for (const more of [
      'index=true',
      'unpin=idna',
      'exclude_newer=2026-01-01',
      'exclude_newer_package=a%3D2026-01-01',
    ]) {
      const response = await ask(`/v1/resolve?flag=${FLAG}&requirement=idna&${more}`);
      expect(await response.json()).toMatchObject({ status: 422, errors: [{ code: 'no_index_here' }] });
    }
    expect((await ask(`/v1/resolve?flag=${FLAG}&requirement=idna&index=false`)).status).toBe(200);
  });
});
