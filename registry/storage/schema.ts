/**
 * The tables of D1: the ledger of publications and of those who may publish, what is stored, and an index of pins to
 * search by name or by file. Answers are made from documents of R2; an index is made from them, too.
 */

import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { DOCUMENT_KINDS } from '../../resolver/schemas.ts';

/** The append-only log. By its primary key, one of two simultaneous publications fails. */
export const publications = sqliteTable('publications', {
  revision: integer().primaryKey(),
  day: text().notNull(),
  kind: text({ enum: DOCUMENT_KINDS }).notNull(),
  name: text().notNull(),
  digest: text().notNull(),
  index: text().notNull(),
  root: text().notNull().unique(),
  /** Null for the facts that come with Pinwheel. */
  publisher: text(),
});

export const pins = sqliteTable(
  'pins',
  {
    set_flag: text().notNull(),
    name: text().notNull(),
    version: text().notNull(),
    filename: text().notNull(),
    sha256: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.set_flag, table.name] }),
    index('pins_by_name').on(table.name),
    index('pins_by_sha256').on(table.sha256),
  ],
);

/**
 * The files that were stored. No answer is made from them.
 */
export const wheels = sqliteTable('wheels', {
  sha256: text().primaryKey(),
  filename: text().notNull(),
  /** Size in bytes. */
  size: integer().notNull(),
  /** The source of the bytes; null for a Pinwheel-built wheel. */
  url: text(),
});

/** Tokens of publishers, with a hash of the secret. */
export const tokens = sqliteTable('tokens', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: text().notNull(),
  scopes: text({ mode: 'json' }).$type<string[]>().notNull(),
  /** Times, as ISO 8601 in UTC. */
  created: text().notNull(),
  expires: text().notNull(),
  revoked: text(),
  last_used: text(),
});

/** Trusted publishers: workflows of repositories, as their issuers identify them. */
export const trustedPublishers = sqliteTable('trusted_publishers', {
  id: text().primaryKey(),
  issuer: text().notNull(),
  repository: text().notNull(),
  /** The path of the workflow; with `@` and a ref, only that ref may publish. */
  workflow: text().notNull(),
  /** GitHub's id of the repository, which another one of the same name does not have; null until its first job. */
  repository_id: text(),
  /** The environment that the job must have; null for any. */
  environment: text(),
  scopes: text({ mode: 'json' }).$type<string[]>().notNull(),
  created: text().notNull(),
  revoked: text(),
  last_used: text(),
});

/** Identities that were used, until they expire: each publishes once. */
export const usedIdentities = sqliteTable('used_identities', {
  /** SHA-256 of the signed identity. */
  hash: text().primaryKey(),
  /** Expiry in seconds since the epoch. */
  expires: integer().notNull(),
});
