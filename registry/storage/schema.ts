/**
 * The tables of D1, for what is queried. What is served whole is in R2, under its SHA-256.
 *
 * A fact is a row with the revision that introduced it and the one that ended it (null while it holds), so that
 * any revision can be replayed. Rows are otherwise never changed.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Source } from '../../resolver/schemas.ts';

const lifetime = () => ({ revision: integer().notNull(), withdrawn: integer() });

/** The append-only log. By its primary key, one of two simultaneous publications fails. */
export const publications = sqliteTable('publications', {
  revision: integer().primaryKey(),
  published: text().notNull(),
  kind: text({
    enum: ['python', 'workerd', 'set', 'yank', 'correction', 'announcement', 'withdrawal'],
  }).notNull(),
  subject: text().notNull(),
  document: text().notNull(),
  members: text(),
  catalog: text().notNull(),
  index: text(),
  previous: text(),
  digest: text().notNull().unique(),
});

export const pythons = sqliteTable(
  'pythons',
  {
    python: text().notNull(),
    first_release: text().notNull(),
    supported_until: text().notNull(),
    source: text({ mode: 'json' }).$type<Source>().notNull(),
    ...lifetime(),
  },
  (table) => [primaryKey({ columns: [table.python, table.revision] })],
);

export const flags = sqliteTable(
  'flags',
  {
    field: text().notNull(),
    ordinal: integer().notNull(),
    enable: text(),
    disable: text(),
    enable_date: text(),
    implied_by: text({ mode: 'json' }).$type<string[]>().notNull(),
    implied_date: text(),
    experimental: integer({ mode: 'boolean' }).notNull(),
    obsolete: integer({ mode: 'boolean' }).notNull(),
    release: integer({ mode: 'boolean' }).notNull(),
    ...lifetime(),
  },
  (table) => [primaryKey({ columns: [table.field, table.revision] })],
);

export const runtimes = sqliteTable(
  'runtimes',
  {
    field: text().notNull(),
    id: text().notNull(),
    pyodide: text().notNull(),
    python: text().notNull(),
    abi: text().notNull(),
    platform: text().notNull(),
    workerd_bundle: text().notNull(),
    packages_tag: text(),
    ...lifetime(),
  },
  (table) => [primaryKey({ columns: [table.field, table.revision] })],
);

/** The lock files of packages that workerd embeds. */
export const packageLocks = sqliteTable(
  'package_locks',
  { tag: text().notNull(), sha256: text().notNull(), ...lifetime() },
  (table) => [primaryKey({ columns: [table.tag, table.revision] })],
);

export const sets = sqliteTable('sets', {
  flag: text().primaryKey(),
  python: text().notNull(),
  abi: text().notNull(),
  platform: text().notNull(),
  runtime: text().notNull(),
  released: text().notNull(),
  default_from: text(),
  source: text({ mode: 'json' }).$type<Source>().notNull(),
  digest: text().notNull(),
  package_count: integer().notNull(),
  archive_count: integer().notNull(),
  ...lifetime(),
});

/** Yanked sets and wheels. */
export const yanks = sqliteTable(
  'yanks',
  {
    subject: text().notNull(),
    /** Of a wheel; null for a set. */
    sha256: text(),
    reason: text().notNull(),
    from: text().notNull(),
    ...lifetime(),
  },
  (table) => [primaryKey({ columns: [table.subject, table.revision] })],
);

export const setMembers = sqliteTable(
  'set_members',
  {
    set_flag: text()
      .notNull()
      .references(() => sets.flag),
    name: text().notNull(),
    version: text().notNull(),
    kind: text({ enum: ['package', 'shared_library', 'standard_library'] }).notNull(),
    filename: text().notNull(),
    url: text(),
    sha256: text().notNull(),
    size: integer(),
    patched_by: text({ enum: ['pinwheel', 'pyodide', 'cloudflare'] }),
    /** The position in the set, from 0, and the proof of it. */
    place: integer().notNull(),
    proof: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.set_flag, table.name] }),
    index('set_members_by_name').on(table.name),
    index('set_members_by_sha256').on(table.sha256),
  ],
);

/**
 * Stored files. A row is derived from the bytes that `sha256` names, so it stays true even if R2 loses the bytes.
 */
export const wheels = sqliteTable('wheels', {
  sha256: text().primaryKey(),
  filename: text().notNull(),
  /** In bytes. */
  size: integer().notNull(),
  /** The source of the bytes; null for a Pinwheel-built wheel. */
  url: text(),
  /** Of the wheel's METADATA; null for files that are not wheels, and for wheels whose METADATA cannot be read. */
  metadata_sha256: text(),
  /** SHA-256 of the other columns: a row that was changed counts as missing, and is written again. */
  seal: text().notNull(),
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
  scopes: text({ mode: 'json' }).$type<string[]>().notNull(),
  created: text().notNull(),
  revoked: text(),
  last_used: text(),
});

/** Identities that were used, until they expire: each publishes once. */
export const usedIdentities = sqliteTable('used_identities', {
  /** SHA-256 of the signed identity. */
  hash: text().primaryKey(),
  /** In seconds since the epoch. */
  expires: integer().notNull(),
});
