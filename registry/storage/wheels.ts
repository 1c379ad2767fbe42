/** What D1 knows of files: who pins them, and what is known of those whose bytes have come in. */
import { and, eq, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { operations } from './operations.ts';
import { memberColumns } from './packages.ts';
import { setMembers, wheels } from './schema.ts';

/** What is known of a file once its bytes have come in. */
export interface WheelFacts {
  /** In bytes. */
  size: number;
  /** Of the wheel's METADATA; null for files that are no wheels, and for wheels whose METADATA cannot be read. */
  metadata_sha256: string | null;
}

/** A file that some published set pins. */
export interface PinnedWheel {
  /** Where the sets say that the bytes come from, the oldest set first; empty for a wheel of Pinwheel's own. */
  urls: string[];
  /** Null until the bytes have come in. */
  facts: WheelFacts | null;
}

/** The rows that pin a file under this name and these bytes, and what is known of it. They are not checked. */
export async function readPins(db: DrizzleD1Database, sha256: string, filename: string) {
  operations.d1++;
  const rows = await db
    .select({ ...memberColumns, stored: wheels.size, metadata_sha256: wheels.metadata_sha256 })
    .from(setMembers)
    .leftJoin(wheels, eq(wheels.sha256, setMembers.sha256))
    .where(and(eq(setMembers.sha256, sha256), eq(setMembers.filename, filename)));
  const stored = rows[0]?.stored ?? null;
  const facts: WheelFacts | null =
    stored === null ? null : { size: stored, metadata_sha256: rows[0]!.metadata_sha256 };
  return { rows, facts };
}

/** The facts of each of these files that has come in, by SHA-256. */
export async function readWheelRows(
  db: DrizzleD1Database,
  sha256s: readonly string[],
): Promise<Map<string, WheelFacts>> {
  operations.d1++;
  const rows = await db
    .select({ sha256: wheels.sha256, size: wheels.size, metadata_sha256: wheels.metadata_sha256 })
    .from(wheels)
    // As one parameter: D1 binds at most a hundred a statement.
    .where(sql`${wheels.sha256} in (select value from json_each(${JSON.stringify(sha256s)}))`);
  return new Map(rows.map(({ sha256, ...facts }) => [sha256, facts]));
}

/** Notes that a file's bytes have come in. Written again only where it says something else. */
export async function writeWheelRow(
  db: DrizzleD1Database,
  row: WheelFacts & { sha256: string; filename: string; url: string | null },
): Promise<void> {
  operations.d1++;
  const { sha256: _, ...rest } = row;
  const { size, metadata_sha256 } = wheels;
  const isNews = sql`${size} is not excluded.size or ${metadata_sha256} is not excluded.metadata_sha256`;
  await db
    .insert(wheels)
    .values(row)
    .onConflictDoUpdate({ target: wheels.sha256, set: rest, setWhere: isNews });
}
