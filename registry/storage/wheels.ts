/** Files in D1: the sets that pin them, and the facts of those that are stored. */
import { and, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { operations } from './operations.ts';
import { pins, wheels } from './schema.ts';

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

/** The sets that pin a file of this name and hash, as D1's index has them, and the facts of the file. */
export async function readStored(
  db: DrizzleD1Database,
  hash: string,
  filename: string,
): Promise<{ flags: string[]; facts: WheelFacts | null }> {
  operations.d1++;
  const rows = await db
    .select({ flag: pins.set_flag, wheel: wheels })
    .from(pins)
    .leftJoin(wheels, eq(wheels.sha256, pins.sha256))
    .where(and(eq(pins.sha256, hash), eq(pins.filename, filename)));
  const wheel = rows[0]?.wheel ?? null;
  return { flags: rows.map(({ flag }) => flag), facts: wheel && factsOf(wheel) };
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
  return new Map(rows.map((row) => [row.sha256, factsOf(row)]));
}

/** Records that a file is stored. Writes only if the row is new or another. */
export async function writeWheelRow(db: DrizzleD1Database, row: WheelRow): Promise<void> {
  operations.d1++;
  const { sha256: _, ...rest } = row;
  const { filename, size, url, metadata_sha256 } = wheels;
  const isNews = sql.join(
    [filename, size, url, metadata_sha256].map(
      (column) => sql`${column} is not excluded.${sql.identifier(column.name)}`,
    ),
    sql` or `,
  );
  await db
    .insert(wheels)
    .values(row)
    .onConflictDoUpdate({ target: wheels.sha256, set: rest, setWhere: isNews });
}

const factsOf = ({ size, metadata_sha256 }: WheelFacts): WheelFacts => ({ size, metadata_sha256 });
