/** Files in D1: the sets that pin them, and the facts of those that are stored. */
import { and, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { logError } from '../structured-log.ts';
import { operations } from './operations.ts';
import { memberColumns } from './packages.ts';
import { setMembers, wheels } from './schema.ts';

/** The facts of a stored file. */
export interface WheelFacts {
  /** In bytes. */
  size: number;
  /** Of the wheel's METADATA; null for files that are not wheels, and for wheels whose METADATA cannot be read. */
  metadata_sha256: string | null;
}

/** A file that some published set pins. */
export interface PinnedWheel {
  /** The URLs that the sets pin, the oldest set first; empty for a Pinwheel-built wheel. */
  urls: string[];
  /** Null until the file is stored. */
  facts: WheelFacts | null;
}

type WheelRow = WheelFacts & { sha256: string; filename: string; url: string | null };

/** The rows that pin a file of this name and hash, not verified, and its facts. */
export async function readPins(db: DrizzleD1Database, hash: string, filename: string) {
  operations.d1++;
  const rows = await db
    .select({ ...memberColumns, wheel: wheels })
    .from(setMembers)
    .leftJoin(wheels, eq(wheels.sha256, setMembers.sha256))
    .where(and(eq(setMembers.sha256, hash), eq(setMembers.filename, filename)));
  const wheel = rows[0]?.wheel ?? null;
  return { rows, facts: wheel && (await factsOf(wheel)) };
}

/** The facts of those files that are stored, by SHA-256. */
export async function readWheelRows(
  db: DrizzleD1Database,
  sha256s: readonly string[],
): Promise<Map<string, WheelFacts>> {
  operations.d1++;
  const rows = await db
    .select()
    .from(wheels)
    // As one parameter: D1 binds at most a hundred in a statement.
    .where(sql`${wheels.sha256} in (select value from json_each(${JSON.stringify(sha256s)}))`);
  const found = await Promise.all(rows.map(async (row) => [row.sha256, await factsOf(row)] as const));
  return new Map(found.flatMap(([hash, facts]) => (facts ? [[hash, facts]] : [])));
}

/** Records that a file is stored. Writes only if the row is new or another. */
export async function writeWheelRow(db: DrizzleD1Database, row: WheelRow): Promise<void> {
  operations.d1++;
  const { sha256: _, ...rest } = { ...row, seal: await sealOf(row) };
  const { filename, size, url, metadata_sha256, seal } = wheels;
  const isNews = sql.join(
    [filename, size, url, metadata_sha256, seal].map(
      (column) => sql`${column} is not excluded.${sql.identifier(column.name)}`,
    ),
    sql` or `,
  );
  await db
    .insert(wheels)
    .values({ ...row, ...rest })
    .onConflictDoUpdate({ target: wheels.sha256, set: rest, setWhere: isNews });
}

/** Null for a row that was changed. */
async function factsOf({ seal, ...row }: WheelRow & { seal: string }): Promise<WheelFacts | null> {
  const { size, metadata_sha256 } = row;
  if (seal === (await sealOf(row))) return { size, metadata_sha256 };
  logError(`what D1 says of ${row.filename} is not what was written`);
  return null;
}

function sealOf({ sha256: hash, filename, size, url, metadata_sha256 }: WheelRow): Promise<string> {
  return sha256(canonicalJson({ sha256: hash, filename, size, url, metadata_sha256 }));
}
