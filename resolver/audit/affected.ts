/** The versions that an advisory is about, by PEP 440. Local labels do not count: a patched wheel has the upstream code. */
import { remembered } from '../remembered.ts';
import { parseSpecifiers, satisfies } from '../requirements/specifier.ts';
import { comparePublic, parseVersion, type Version } from '../requirements/version.ts';
import type { Advisory, AffectedRange, Statement } from './advisories.ts';

/** By version: many sets pin the same ones. */
const judged = remembered((_: Advisory) => new Map<string, boolean>());

/** A text that is no version is affected only if it is listed. */
export function isAffected(advisory: Advisory, text: string): boolean {
  const known = judged(advisory);
  const result = known.get(text) ?? judge(advisory, text);
  known.set(text, result);
  return result;
}

function judge({ ranges, versions }: Advisory, text: string): boolean {
  const version = parseVersion(text);
  if (!version) return versions.includes(text);
  const isListed = (other: Version | null) => other !== null && comparePublic(other, version) === 0;
  return ranges.some((range) => isWithin(range, version)) || versions.map(parseVersion).some(isListed);
}

/** The versions that fix it for who has a version, in ascending order. */
export function fixedAfter(advisory: Advisory, text: string): string[] {
  const version = parseVersion(text);
  const fixes = new Set(advisory.ranges.flatMap(({ fixed }) => fixed ?? []));
  return [...fixes]
    .flatMap((fixed) => parseVersion(fixed) ?? [])
    .filter((fixed) => !version || comparePublic(fixed, version) > 0)
    .filter((fixed) => !isAffected(advisory, fixed.text))
    .sort(comparePublic)
    .map((fixed) => fixed.text);
}

const boundsOf = remembered(({ introduced, fixed, last_affected }: AffectedRange) =>
  [introduced, fixed, last_affected].map((bound) => (bound === undefined ? null : parseVersion(bound))),
);

export function isWithin(range: AffectedRange, version: Version): boolean {
  const [from, before, to] = boundsOf(range).map((bound) => bound && comparePublic(version, bound));
  return (from ?? 0) >= 0 && (before ?? -1) < 0 && (to ?? 0) <= 0;
}

const specifiersOf = remembered(({ versions, pyodide }: Statement) =>
  [versions, pyodide].map((text) => parseSpecifiers(text)),
);

/** The statement that an advisory is without effect on a version of its package with that Pyodide; null if none is. */
export function statementOn(
  statements: readonly Statement[],
  advisory: Pick<Advisory, 'package' | 'id' | 'aliases'>,
  version: string,
  pyodide: string,
): Statement | null {
  const isMet = (parsed: ReturnType<typeof parseSpecifiers>, at: number) =>
    parsed.ok && satisfies([version, pyodide][at]!, parsed.value);
  const applies = (statement: Statement) =>
    statement.package === advisory.package &&
    statement.ids.some((id) => id === advisory.id || advisory.aliases.includes(id)) &&
    specifiersOf(statement).every(isMet);
  return statements.find(applies) ?? null;
}
