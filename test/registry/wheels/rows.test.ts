import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';
import { writeWheelRow } from '../../../registry/storage/wheels.ts';

test('a row that is written again', async () => {
  const db = drizzle(env.DB);
  const row = { sha256: '0'.repeat(64), filename: 'x.whl', url: null, size: 9 };
  await writeWheelRow(db, row);
  await writeWheelRow(db, { ...row, size: 1 });
  const { results } = await env.DB.prepare('select size from wheels').all();
  expect(results).toEqual([{ size: 1 }]);
});
