/**
 * Recomputes what a log says: its catalog, from the documents of its publications, and the data of an answer, from the
 * catalog and the sets of its revision. Prose is not in the log, and remarks may get better, but yanks are facts.
 */

import { canonicalJson } from '../../resolver/digest.ts';
import { isTable } from '../../resolver/formats/table.ts';
import type {
  Catalog,
  Diagnostic,
  PackageSet,
  Pinwheel,
  ResolveAnswer,
  TargetAnswer,
} from '../../resolver/index.ts';
import { logBroken } from '../../resolver/issues/log.ts';
import { emptyTable } from '../../resolver/pinned-files.ts';
import { changeOf, emptyCatalog, factsOf } from '../../resolver/publication.ts';
import { type CatalogSet, LogEntry, RegistryDocument } from '../../resolver/schemas.ts';
import { unanswered } from '../common/failure.ts';

export type Answer = TargetAnswer | ResolveAnswer;

export function targetOf(answer: Answer): TargetAnswer | ResolveAnswer['target'] {
  return 'target' in answer ? answer.target : answer;
}

/** The first path of an answer that differs from its revision, such as `packages.numpy.version`; null if none does. */
export async function differenceOf(answer: Answer, pinwheel: Pinwheel): Promise<string | null> {
  // An answer does not say whether --experimental was given.
  const difference = await differenceAs(answer, pinwheel, false);
  const other = difference === null ? null : await differenceAs(answer, pinwheel, true);
  return other === null ? null : difference;
}

async function differenceAs(
  answer: Answer,
  pinwheel: Pinwheel,
  experimental: boolean,
): Promise<string | null> {
  const { compatibility_date, compatibility_flags, as_of, runtime, reasons } = targetOf(answer);
  const { revision } = answer.registry;
  const named =
    reasons.runtime.code === 'pyodide_named'
      ? { pyodide: runtime.pyodide }
      : { compatibility_date, compatibility_flags };
  const question = { ...named, as_of, revision, experimental };
  if (!('packages' in answer)) {
    const made = await pinwheel.safeTarget(question);
    return made.ok ? difference(dataOf(answer), dataOf(made.value), '') : 'question an answer';
  }
  const requirements = answer.packages.filter(({ requested }) => requested).map(({ name }) => name);
  const made = await pinwheel.safeResolve({ ...question, requirements });
  if (!made.ok) return 'question an answer';
  return difference(closureOf(answer), closureOf(made.value), '') ?? orderOf(answer);
}

/** Reasons and yanks only by their codes; without other remarks. */
function dataOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dataOf);
  if (!isTable(value)) return value;
  if (typeof value.code === 'string' && 'message' in value) return { code: value.code };
  const { diagnostics } = value;
  const kept = Array.isArray(diagnostics) ? { ...value, diagnostics: diagnostics.filter(isYank) } : value;
  return Object.fromEntries(Object.entries(kept).map(([name, part]) => [name, dataOf(part)]));
}

const isYank = ({ code }: Diagnostic): boolean => code === 'yanked_package_set' || code === 'yanked_wheel';

/** A closure sorted by name: an answer does not say which requirement was written first. */
function closureOf(answer: ResolveAnswer): unknown {
  const { packages, ...rest } = answer;
  const byName = packages.map((entry) => [
    entry.name,
    { ...entry, required_by: entry.required_by.toSorted(), depends: entry.depends.toSorted() },
  ]);
  return dataOf({ ...rest, packages: Object.fromEntries(byName), order: packages.length });
}

/** A package that comes before its own dependency, except in a cycle; null if none does. */
function orderOf({ packages }: ResolveAnswer): string | null {
  const place = new Map(packages.map(({ name }, at) => [name, at]));
  const needs = new Map(packages.map(({ name, depends }) => [name, depends]));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (needs.get(from) ?? []).some((next) => reaches(next, to, seen));
  };
  for (const { name, depends } of packages) {
    for (const need of depends) {
      const isLate = (place.get(need) ?? -1) > place.get(name)!;
      if (isLate && !reaches(need, name))
        return `packages, where ${name} comes before ${need}, which it needs`;
    }
  }
  return null;
}

function difference(given: unknown, made: unknown, path: string): string | null {
  if (canonicalJson(given ?? null) === canonicalJson(made ?? null)) return null;
  if (isTable(given) && isTable(made)) {
    for (const name of new Set([...Object.keys(made), ...Object.keys(given)])) {
      const inner = difference(given[name], made[name], path === '' ? name : `${path}.${name}`);
      if (inner !== null) return inner;
    }
  }
  return path;
}

export function broken(given: Parameters<typeof logBroken>[0]) {
  return unanswered([logBroken(given)]);
}

/** Later versions of the registry may publish documents of further kinds. */
function misread(entry: unknown, revision: number): Parameters<typeof logBroken>[0] {
  const { kind } = isTable(entry) ? entry : {};
  const isKnown = LogEntry.shape.kind.safeParse(kind).success;
  return typeof kind === 'string' && !isKnown
    ? { problem: 'unknown_kind', revision, kind }
    : { problem: 'no_publication', revision };
}

/** The catalog that publishing all documents of a log makes. */
export async function replay(
  log: readonly unknown[],
  documentOf: (entry: LogEntry) => Promise<unknown>,
): Promise<Catalog> {
  let catalog = emptyCatalog;
  let table = emptyTable;
  for (const [at, given] of log.entries()) {
    const read = LogEntry.safeParse(given);
    if (!read.success) throw broken(misread(given, at + 1));
    const entry = read.data;
    const document = RegistryDocument.safeParse(await documentOf(entry));
    if (!document.success) throw broken({ problem: 'no_document', revision: entry.revision });
    const openSet = async ({ revision }: CatalogSet) =>
      factsOf(RegistryDocument.parse(await documentOf(log[revision - 1] as LogEntry))) as PackageSet;
    const change = await changeOf(catalog, document.data, entry, table, openSet);
    const made = change.publication;
    const wrong = (Object.keys(entry) as (keyof LogEntry)[]).find((field) => made[field] !== entry[field]);
    if (wrong) {
      throw broken({
        problem: 'wrong_field',
        revision: at + 1,
        entry: `${entry.kind} ${entry.name}`,
        field: wrong,
        stated: `${entry[wrong]}`,
        made: `${made[wrong]}`,
      });
    }
    ({ after: catalog, table } = change);
  }
  return catalog;
}

export const isSameCatalog = (a: Catalog, b: Catalog): boolean => canonicalJson(a) === canonicalJson(b);
