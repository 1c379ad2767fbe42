/** The known vulnerabilities of package sets, as pages show them. */
import { LRUCache } from 'lru-cache';
import type { AdvisoriesDocument, Advisory } from '../../../resolver/audit/advisories.ts';
import { isAffected, statementOn } from '../../../resolver/audit/affected.ts';
import { holdsOn, inOrder, type KnownFinding, knownOf } from '../../../resolver/audit/findings.ts';
import { SEVERITIES } from '../../../resolver/audit/severity.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import type { PinnedFile } from '../../../resolver/pinned-files.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { groupedBy, sortedBy } from '../../../resolver/sorted-by.ts';
import { listed } from '../../../resolver/text/printable.ts';
import type { Bindings } from '../../env.ts';
import { filesNamed, openAdvisories } from '../../storage/history.ts';
import { logError } from '../../structured-log.ts';
import { packages } from '../components/words.ts';
import { type Column, columnsOf } from '../matrix/columns.ts';

/** A vulnerability of a package in a set, and the nearest later set of the same ABI with a version that does not have it. */
export interface SetFinding extends KnownFinding {
  cleared: { flag: string; version: string } | null;
}

export interface Span {
  flag: string;
  from: string;
  to: string;
  /** How many are known from each day on; the first on the first day. */
  counts: { day: string; count: number }[];
}

/** The known vulnerabilities at a revision, on a day. */
export interface Known {
  source: AdvisoriesDocument['source'];
  /** Findings of a set, or of one of its packages, the worst first. */
  findingsIn(flag: string, name?: string): SetFinding[];
  /** The default set over all dates up to the day. */
  spans(): Span[];
}

const KEPT = 4;
const kept = new LRUCache<string, Known>({ max: KEPT });

/** Null if the view has no advisories, or if they cannot be read now. */
export async function knownOn(env: Bindings, view: CatalogView, asOf: string): Promise<Known | null> {
  const row = view.advisories.find(({ range }) => !range);
  if (!row) return null;
  const key = `${view.stamp.digest} ${asOf}`;
  const before = kept.get(key);
  if (before) return before;
  try {
    const document = await openAdvisories(env, row);
    const named = new Set(document.advisories.map((advisory) => advisory.package));
    const known = knownIn(view, document, await filesNamed(env, view, named), asOf);
    kept.set(key, known);
    return known;
  } catch (error) {
    logError('the advisories could not be read', error);
    return null;
  }
}

interface VersionFacts {
  /** The advisories that affect it, whether they hold on the day or not. */
  ever: Advisory[];
  /** The finding of each advisory that holds on the day. */
  findings: ReadonlyMap<Advisory, KnownFinding>;
}

type File = Pick<PinnedFile, 'name' | 'version' | 'kind' | 'sets'>;

function knownIn(
  view: CatalogView,
  { source, advisories, statements }: AdvisoriesDocument,
  files: readonly File[],
  asOf: string,
): Known {
  const byName = groupedBy(advisories, (advisory) => advisory.package);
  const known = new Map<string, VersionFacts>();
  /** Many files and sets have the same version. */
  const factsOf = ({ name, version }: File): VersionFacts => {
    const key = `${name} ${version}`;
    const before = known.get(key);
    if (before) return before;
    const ever = byName.get(name)!.filter((advisory) => isAffected(advisory, version));
    const held = ever.filter((advisory) => holdsOn(advisory, asOf));
    const findings = new Map(
      held.map((advisory) => [advisory, knownOf({ member: { name, version }, advisory, statement: null })]),
    );
    const facts = { ever, findings };
    known.set(key, facts);
    return facts;
  };
  const bySet = new Map<number, Map<string, File>>();
  for (const file of files) {
    if (file.kind !== 'package') continue;
    for (const revision of file.sets) {
      const inSet = bySet.get(revision) ?? new Map<string, File>();
      bySet.set(revision, inSet.set(file.name, file));
    }
  }
  const filesIn = ({ revision }: CatalogSet) => bySet.get(revision) ?? new Map<string, File>();
  return {
    source,
    findingsIn(flag, only) {
      const own = view.sets.get(flag)!;
      const { abi, released, runtime } = own;
      const later = [...view.sets.values()].filter(
        (set) => set.abi === abi && set.released > released && !view.yankedSets.has(set.flag),
      );
      const inOrderOfRelease = sortedBy(later, (set) => set.released);
      const clearing = ({ name, version }: File, advisory: Advisory): SetFinding['cleared'] => {
        for (const set of inOrderOfRelease) {
          const there = filesIn(set).get(name);
          if (there && there.version !== version && !factsOf(there).findings.has(advisory)) {
            return { flag: set.flag, version: there.version };
          }
        }
        return null;
      };
      const pinned = only === undefined ? [...filesIn(own).values()] : [filesIn(own).get(only) ?? []].flat();
      const findings = pinned.flatMap((file) =>
        [...factsOf(file).findings].map(([advisory, finding]): SetFinding => {
          const statement = statementOn(statements, advisory, file.version, runtime);
          const cleared = clearing(file, advisory);
          return { ...finding, statement, affected: statement === null, cleared };
        }),
      );
      return inOrder(findings);
    },
    spans: () =>
      columnsOf(view, asOf).flatMap((column) =>
        column.is === 'announced'
          ? []
          : spanOf(
              column,
              [...filesIn(column.set).values()].flatMap((file) => factsOf(file).ever),
              asOf,
            ),
      ),
  };
}

/** A set counts from its release on, and an advisory from the day of its publication to that of its withdrawal. */
function spanOf({ from: first, to, set }: Column, advisories: readonly Advisory[], asOf: string): Span[] {
  const from = first > set.released ? first : set.released;
  const until = to === null || to > asOf ? asOf : to;
  if (from > until) return [];
  const days = advisories.flatMap(({ published, withdrawn }) => [published, withdrawn ?? published]);
  const changing = [...new Set(days)].filter((day) => day > from && day <= until).sort();
  const counts: Span['counts'] = [];
  for (const day of [from, ...changing]) {
    const count = advisories.filter((advisory) => holdsOn(advisory, day)).length;
    if (counts.at(-1)?.count !== count) counts.push({ day, count });
  }
  return [{ flag: set.flag, from, to: until, counts }];
}

/** The fix of a finding, in a sentence. */
export function clearedText({ name, fixed, cleared }: SetFinding): string {
  if (cleared) return `${cleared.flag} has ${name} ${cleared.version}, which does not have it.`;
  if (fixed.length === 0) return 'No fixed version is known.';
  return `Fixed in ${listed(fixed, MOST_FIXED)}, which no later package set of the same ABI has.`;
}

/** More fixed versions than this are counted. */
export const MOST_FIXED = 3;

/** Such as `37 known vulnerabilities in 14 packages, 3 critical; 26 more without effect in a Worker`. */
export function countText(all: readonly KnownFinding[]): string {
  const findings = all.filter(({ affected }) => affected);
  const without = all.length - findings.length;
  const names = new Set(findings.map(({ name }) => name)).size;
  const worst = SEVERITIES.toReversed().find((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  const alike = findings.filter(({ severity }) => severity === worst).length;
  if (findings.length === 0 && without > 0)
    return `${vulnerabilities(without)} in ${packages(new Set(all.map(({ name }) => name)).size)}, without effect in a Worker`;
  const parts = [
    vulnerabilities(findings.length),
    names === 0 ? '' : ` in ${packages(names)}`,
    worst === undefined || worst === 'none' ? '' : `, ${alike} ${worst}`,
    without === 0 ? '' : `; ${without} more without effect in a Worker`,
  ];
  return parts.join('');
}

const vulnerabilities = (count: number) =>
  count === 1 ? '1 known vulnerability' : `${count} known vulnerabilities`;
