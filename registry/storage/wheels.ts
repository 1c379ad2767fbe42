/** What D1 knows of files: who pins them, and what is known of those whose bytes have come in. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { operations } from './operations.ts';
import { setMembers, sets, wheels } from './schema.ts';

/** D1 binds at most a hundred parameters a statement. */
const KEYS_AT_ONCE = 90;

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

/** The file that some set pins under this name and these bytes, or undefined where none does. */
export async function readPinnedWheel(
  db: DrizzleD1Database,
  sha256: string,
  filename: string,
): Promise<PinnedWheel | undefined> {
  operations.d1++;
  const rows = await db
    .select({ url: setMembers.url, size: wheels.size, metadata_sha256: wheels.metadata_sha256 })
    .from(setMembers)
    .innerJoin(sets, eq(sets.flag, setMembers.set_flag))
    .leftJoin(wheels, eq(wheels.sha256, setMembers.sha256))
    .where(and(eq(setMembers.sha256, sha256), eq(setMembers.filename, filename)))
    .orderBy(asc(sets.revision));
  const [first] = rows;
  if (!first) return undefined;
  const { size, metadata_sha256 } = first;
  return {
    urls: [...new Set(rows.flatMap(({ url }) => url ?? []))],
    facts: size === null ? null : { size, metadata_sha256 },
  };
}

/** The facts of each of these files that has come in, by SHA-256. */
export async function readWheelRows(
  db: DrizzleD1Database,
  sha256s: readonly string[],
): Promise<Map<string, WheelFacts>> {
  const found = new Map<string, WheelFacts>();
  for (let at = 0; at < sha256s.length; at += KEYS_AT_ONCE) {
    operations.d1++;
    const rows = await db
      .select({ sha256: wheels.sha256, size: wheels.size, metadata_sha256: wheels.metadata_sha256 })
      .from(wheels)
      .where(inArray(wheels.sha256, sha256s.slice(at, at + KEYS_AT_ONCE)));
    for (const { sha256, ...facts } of rows) found.set(sha256, facts);
  }
  return found;
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
