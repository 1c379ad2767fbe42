/** Who may publish: tokens, and the jobs of trusted publishers. */
import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import { operations } from './operations.ts';
import { tokens, trustedPublishers, usedIdentities } from './schema.ts';

export type TokenRow = typeof tokens.$inferSelect;
export type TrustedPublisher = typeof trustedPublishers.$inferSelect;

export async function readToken(db: DrizzleD1Database, id: string): Promise<TokenRow | undefined> {
  operations.d1++;
  const [row] = await db.select().from(tokens).where(eq(tokens.id, id));
  return row;
}

/** The publishers that an issuer vouches for, without those that were revoked. */
export async function readTrusted(db: DrizzleD1Database, issuer: string): Promise<TrustedPublisher[]> {
  operations.d1++;
  return db
    .select()
    .from(trustedPublishers)
    .where(and(eq(trustedPublishers.issuer, issuer), isNull(trustedPublishers.revoked)));
}

export async function noteTokenUse(db: DrizzleD1Database, id: string, moment: string): Promise<void> {
  operations.d1++;
  await db.update(tokens).set({ last_used: moment }).where(eq(tokens.id, id));
}

/** Keeps also the id of the repository, if none is known yet. */
export async function notePublisherUse(
  db: DrizzleD1Database,
  ids: readonly string[],
  moment: string,
  repositoryId: string | null,
): Promise<void> {
  operations.d1++;
  const repository_id = sql`coalesce(${trustedPublishers.repository_id}, ${repositoryId})`;
  await db
    .update(trustedPublishers)
    .set({ last_used: moment, repository_id })
    .where(inArray(trustedPublishers.id, [...ids]));
}

/** Marks an identity as used; false if it was used before. Deletes expired ones. */
export async function takeIdentity(
  db: DrizzleD1Database,
  identity: { hash: string; expires: number },
  now: number,
): Promise<boolean> {
  operations.d1++;
  const [, taken] = await db.batch([
    db.delete(usedIdentities).where(lt(usedIdentities.expires, now)),
    db.insert(usedIdentities).values(identity).onConflictDoNothing().returning(),
  ]);
  return taken.length > 0;
}

/** Marks an identity as not used: the registry took nothing of it. */
export async function giveBackIdentity(db: DrizzleD1Database, hash: string): Promise<void> {
  operations.d1++;
  await db.delete(usedIdentities).where(eq(usedIdentities.hash, hash));
}

/** Whether an identity was used before. */
export async function wasTaken(db: DrizzleD1Database, hash: string): Promise<boolean> {
  operations.d1++;
  const rows = await db.select().from(usedIdentities).where(eq(usedIdentities.hash, hash));
  return rows.length > 0;
}
