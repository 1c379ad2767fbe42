import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';
import { storedAmong, writeWheelRow } from '../../../registry/storage/wheels.ts';

const db = drizzle(env.DB);
const hashOf = (at: number) => at.toString(16).padStart(64, '0');
const rowOf = (at: number) => ({ sha256: hashOf(at), filename: `x${at}.whl`, url: null, size: at });

test('rows of more files than D1 can bind', async () => {
  for (let at = 0; at < 250; at += 5) await writeWheelRow(db, rowOf(at));
  const found = await storedAmong(
    env.DB,
    Array.from({ length: 250 }, (_, at) => hashOf(at)),
  );
  expect([found.size, found.has(hashOf(245)), found.has(hashOf(246))]).toEqual([50, true, false]);
  expect(await storedAmong(env.DB, [])).toEqual(new Set());
});

test('a row that is written again', async () => {
  await writeWheelRow(db, rowOf(9999));
  await writeWheelRow(db, { ...rowOf(9999), size: 1 });
  const row = await env.DB.prepare('select size from wheels where sha256 = ?').bind(hashOf(9999)).first();
  expect(row).toEqual({ size: 1 });
});
