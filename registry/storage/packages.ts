/** Packages across sets: what D1 is asked, away from the hot path. */
import { and, asc, count, desc, eq, inArray, lte, max, type SQL, sql } from 'drizzle-orm';
import type { DrizzleD1Database } from 'drizzle-orm/d1';
import type { Patched } from '../../resolver/catalog.ts';
import type { Pin } from '../../resolver/closure/explain.ts';
import { operations } from './operations.ts';
import { packageCounts, setMembers, sets } from './schema.ts';

/** D1 binds at most a hundred parameters a statement. */
const NAMES_AT_ONCE = 90;

/** Every pin of each of these canonical names, the oldest set first. */
export async function readPins(db: DrizzleD1Database, names: readonly string[]): Promise<Map<string, Pin[]>> {
  const pins = new Map<string, Pin[]>();
  for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
    operations.d1++;
    const rows = await db
      .select({ name: setMembers.name, flag: setMembers.set_flag, version: setMembers.version })
      .from(setMembers)
      .innerJoin(sets, eq(sets.flag, setMembers.set_flag))
      .where(inArray(setMembers.name, names.slice(at, at + NAMES_AT_ONCE)))
      .orderBy(asc(sets.revision));
    for (const { name, ...pin } of rows) pins.set(name, [...(pins.get(name) ?? []), pin]);
  }
  return pins;
}

/** One version of a package, in one set. */
export interface PackageVersion {
  flag: string;
  version: string;
  kind: 'package' | 'shared_library' | 'standard_library';
  python: string;
  abi: string;
  runtime: string;
  released: string;
  filename: string;
  sha256: string;
  patched_by: Patched['by'] | null;
}

/** Every version that a package had up to a revision, the oldest set first; empty for an unknown name. */
export function readVersions(
  db: DrizzleD1Database,
  name: string,
  revision: number,
): Promise<PackageVersion[]> {
  operations.d1++;
  return db
    .select({
      flag: sets.flag,
      version: setMembers.version,
      kind: setMembers.kind,
      python: sets.python,
      abi: sets.abi,
      runtime: sets.runtime,
      released: sets.released,
      filename: setMembers.filename,
      sha256: setMembers.sha256,
      patched_by: setMembers.patched_by,
    })
    .from(setMembers)
    .innerJoin(sets, eq(sets.flag, setMembers.set_flag))
    .where(and(eq(setMembers.name, name), lte(sets.revision, revision)))
    .orderBy(asc(sets.released), asc(sets.flag));
}

/** A package as a search finds it. */
export interface FoundPackage {
  name: string;
  /** In how many sets it is. */
  sets: number;
  versions: number;
  /** The newest set that has it. */
  newest_flag: string;
}

export interface FoundPackages {
  total: number;
  packages: FoundPackage[];
}

/** Packages whose canonical name contains `query`, those that begin with it first; and how many there are. */
export async function searchPackages(
  db: DrizzleD1Database,
  query: string,
  revision: number,
  limit: number,
): Promise<FoundPackages> {
  const { name, set_count } = packageCounts;
  const place = sql<number>`instr(${name}, ${query})`;
  // The row of a package's first set stands for its name.
  const found = and(eq(set_count, 1), lte(packageCounts.revision, revision), sql`${place} > 0`);
  const order = [desc(sql`${name} = ${query}`), place, asc(name)];
  const names = db
    .select({ name })
    .from(packageCounts)
    .where(found)
    .orderBy(...order)
    .limit(limit)
    .as('names');
  const latest = db
    .select({ revision: max(sql`latest.revision`) })
    .from(sql`${packageCounts} as latest`)
    .where(sql`latest.name = ${names.name} and latest.revision <= ${revision}`);
  operations.d1++;
  const [[counted], packages] = await db.batch([
    db.select({ total: count() }).from(packageCounts).where(found),
    db
      .select({
        name,
        sets: set_count,
        versions: packageCounts.version_count,
        newest: packageCounts.newest,
      })
      .from(names)
      .innerJoin(packageCounts, and(eq(name, names.name), eq(packageCounts.revision, latest)))
      .orderBy(...order),
  ]);
  return {
    total: counted?.total ?? 0,
    packages: packages.map(({ newest, ...row }) => ({ ...row, newest_flag: newest.split(' ')[1]! })),
  };
}

/** Counts the packages of a set that was just added, each from what was counted of it before. */
export function countPackages(flag: string, revision: number): SQL {
  return sql`insert into package_counts (name, revision, set_count, version_count, newest)
    select member.name, ${revision},
      coalesce(before.set_count, 0) + 1,
      coalesce(before.version_count, 0) + not exists (
        select 1 from set_members as other
        where other.name = member.name and other.version = member.version and other.set_flag <> ${flag}
      ),
      max(coalesce(before.newest, ''), sets.released || ' ' || sets.flag)
    from set_members as member
    inner join sets on sets.flag = member.set_flag
    left join package_counts as before on before.name = member.name and before.revision =
      (select max(revision) from package_counts where name = member.name and revision < ${revision})
    where member.set_flag = ${flag}`;
}
