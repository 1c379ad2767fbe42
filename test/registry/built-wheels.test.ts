/** Publishing sets with Pinwheel-built wheels. */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BuiltWheels } from '../../registry/publish/built-wheels.ts';
import { append, publish } from '../../registry/publish/publish.ts';
import { readHead } from '../../registry/storage/ledger.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { getWheel } from '../../registry/storage/wheels.ts';
import type { Member } from '../../resolver/catalog.ts';
import { sha256 } from '../../resolver/digest.ts';
import { PINWHEEL_PATCH, packageSetOf } from '../test-set.ts';
import { makeSoundWheel, utf8 } from '../zip.ts';
import { stepped } from './publishing/steps.ts';
import { dataLog, documentOf, seed } from './seed.ts';

describe('built wheels', () => {
  let bytes: Uint8Array<ArrayBuffer>;
  let hash: string;
  beforeAll(async () => {
    await seed(1);
    const python = { ...documentOf(dataLog.find(({ name: subject }) => subject === '3.13')!) };
    await append(env, await readWhole(env), python, '2024-10-07');
    bytes = await makeSoundWheel('own', '1.0+pinwheel.1');
    hash = await sha256(bytes);
  });
  beforeEach(() => env.STORE.delete(`wheels/${hash}`));
  const filename = 'own-1.0+pinwheel.1-py3-none-any.whl';
  const setOf = async (day: string, more: Partial<Member> = {}) => {
    const pin = { filename, sha256: hash, url: null, size: bytes.length, patched: PINWHEEL_PATCH };
    return packageSetOf([{ ...pin, ...more }], `python_3.13_packages_2026_01_${day}`);
  };
  const publishOn = async (day: string, wheels?: BuiltWheels, more?: Partial<Member>) =>
    publish(env, await readWhole(env), await setOf(day, more), '2026-11-20', wheels);
  const stored = async () => {
    const object = await getWheel(env.STORE, hash);
    return object && new Uint8Array(await object.arrayBuffer());
  };
  const store = () => env.STORE.put(`wheels/${hash}`, bytes, { sha256: hash });
  const revision = async () => (await readHead(env.DB))?.revision;

  test('are required: otherwise the set is rejected by name', async () => {
    const before = await revision();
    expect(await publishOn('01')).toMatchObject({
      ok: false,
      issues: [{ code: 'missing_wheel', message: expect.stringContaining(filename) }],
    });
    expect(await revision()).toBe(before);
  });

  test.each([
    [
      'with other bytes',
      () => ({ [filename]: utf8('a whale') }),
      {},
      [`The given ${filename} has the SHA-256 `, 'but the set pins ', 'is rejected'],
    ],
    [
      'of another size',
      () => ({ [filename]: bytes }),
      { size: 8 },
      [`The given ${filename} has `, ' bytes, but the set pins 8.'],
    ],
    [
      'that the set does not pin',
      () => ({ [filename]: bytes, 'evil.whl': bytes }),
      {},
      ['pins no Pinwheel-built wheel named evil.whl.'],
    ],
    [
      'of another recipe',
      () => ({ [filename]: bytes }),
      { patched: { ...PINWHEEL_PATCH, recipe: 'f'.repeat(64) } },
      ['its PINWHEEL.json does not name the patch, the recipe and the upstream wheel of the set'],
    ],
    [
      'of another upstream wheel',
      () => ({ [filename]: bytes }),
      { patched: { ...PINWHEEL_PATCH, upstream: { ...PINWHEEL_PATCH.upstream, sha256: 'f'.repeat(64) } } },
      ['its PINWHEEL.json does not name'],
    ],
    [
      'that come from elsewhere',
      () => ({}),
      { url: `https://files.pythonhosted.org/${filename}` },
      ['own has a url, but is patched by Pinwheel, whose wheels are sent with their set'],
    ],
  ])('%s are rejected, and nothing is stored', async (_, given, more, parts) => {
    const before = await revision();
    const outcome = await publishOn('01', { given: new Map(Object.entries(given())), absent: 'later' }, more);
    if (outcome.ok) throw new Error('it was not refused');
    const told = outcome.issues.map(({ message }) => message).join(' ');
    for (const part of parts) expect(told).toContain(part);
    expect([await revision(), await stored()]).toEqual([before, null]);
  });

  test('may be stored later, if allowed, when the set is published again', async () => {
    expect(await publishOn('02', { absent: 'later' })).toMatchObject({ value: { status: 'published' } });
    expect(await stored()).toBeNull();
    const given = new Map([[filename, bytes]]);
    expect(await publishOn('02', { given })).toMatchObject({ value: { status: 'unchanged' } });
    expect(await stored()).toEqual(bytes);
  });

  test('need not be given if they are stored', async () => {
    await store();
    expect(await publishOn('03')).toMatchObject({ value: { status: 'published' } });
  });

  test('that are stored are not taken for those of another patch', async () => {
    await store();
    const patched = { ...PINWHEEL_PATCH, release: 2 };
    const issues = [{ code: 'refused_wheel', message: expect.stringContaining('its PINWHEEL.json') }];
    expect(await publishOn('04', undefined, { patched })).toMatchObject({ ok: false, issues });
  });

  test('are stored before the set is published, so that a failed write leaves no trace', async () => {
    const before = await revision();
    const set = await setOf('04');
    const given = new Map([[filename, bytes]]);
    const catalog = await readWhole(env);
    const unwritable = stepped((what, work) =>
      what === 'R2.put' ? Promise.reject(new Error('R2 is full')) : work(),
    );
    await expect(publish(unwritable, catalog, set, '2026-11-20', { given })).rejects.toThrow(
      'could not be stored',
    );
    expect(await revision()).toBe(before);
  });
});
