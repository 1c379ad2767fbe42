import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';
import { readWheelRows, writeWheelRow } from '../../../registry/storage/wheels.ts';

const db = drizzle(env.DB);
const hashOf = (at: number) => at.toString(16).padStart(64, '0');

test('rows of more files than D1 can bind', async () => {
  for (let at = 0; at < 250; at += 5) {
    const facts = { size: at, metadata_sha256: at % 2 ? hashOf(at + 1000) : null };
    await writeWheelRow(db, {
      sha256: hashOf(at),
      filename: `x${at}-1.0-py3-none-any.whl`,
      url: null,
      ...facts,
    });
  }
  const found = await readWheelRows(
    db,
    Array.from({ length: 250 }, (_, at) => hashOf(at)),
  );
  expect(found.size).toBe(50);
  expect(found.get(hashOf(245))).toEqual({ size: 245, metadata_sha256: hashOf(1245) });
  expect(found.get(hashOf(240))).toEqual({ size: 240, metadata_sha256: null });
  expect(await readWheelRows(db, [])).toEqual(new Map());
});

test('a row that is written again', async () => {
  const row = { sha256: hashOf(9999), filename: 'x-1.0-py3-none-any.whl', url: null, size: 1 };
  await writeWheelRow(db, { ...row, metadata_sha256: null });
  await writeWheelRow(db, { ...row, metadata_sha256: hashOf(1) });
  const found = await readWheelRows(db, [row.sha256]);
  expect(found.get(row.sha256)).toEqual({ size: 1, metadata_sha256: hashOf(1) });
});
