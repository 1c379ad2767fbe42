/** The known vulnerabilities of package sets, as pages show them. */
import type { Child } from 'hono/jsx';
import type { AdvisoriesDocument } from '../../../resolver/audit/advisories.ts';
import {
  findingsIn,
  holdsOn,
  isAffected,
  type KnownFinding,
  keyOf,
} from '../../../resolver/audit/findings.ts';
import { SEVERITIES } from '../../../resolver/audit/severity.ts';
import { laterSets } from '../../../resolver/closure/candidates.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import type { PinnedFile } from '../../../resolver/pinned-files.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { listed, printable, visible } from '../../../resolver/text/printable.ts';
import type { Bindings } from '../../env.ts';
import { filesNamed, openAdvisories } from '../../storage/history.ts';
import { orNull } from '../../structured-log.ts';
import { packageLink, SetLink } from '../components/links.tsx';
import { Table } from '../components/text.tsx';
import { packages } from '../components/words.ts';
import { columnsOf } from '../matrix/columns.ts';

/** A vulnerability of a package in a set, and the nearest later set of the same ABI with a version that does not have it. */
export interface SetFinding extends KnownFinding {
  cleared: { flag: string; version: string } | null;
}

/** The known vulnerabilities at a revision, on a day. */
export type Known = ReturnType<typeof knownIn>;
export type Span = ReturnType<Known['spans']>[number];

/** Null if the view has no advisories, or if they cannot be read now. */
export async function knownOn(env: Bindings, view: CatalogView, asOf: string): Promise<Known | null> {
  const row = view.advisories.find(({ range }) => !range);
  const document = row ? await orNull(openAdvisories(env, row)) : null;
  if (document === null) return null;
  const named = new Set(document.advisories.map((advisory) => advisory.package));
  const files = await orNull(filesNamed(env, view, named));
  return files && knownIn(view, document, files, asOf);
}

function knownIn(
  view: CatalogView,
  document: AdvisoriesDocument,
  files: readonly PinnedFile[],
  asOf: string,
) {
  const advisories = new Map(
    document.advisories.map((advisory) => [`${advisory.package} ${advisory.id}`, advisory]),
  );
  const bySet = new Map<number, Map<string, PinnedFile>>();
  for (const file of files) {
    for (const revision of file.kind === 'package' ? file.sets : []) {
      const inSet = bySet.get(revision) ?? new Map<string, PinnedFile>();
      bySet.set(revision, inSet.set(file.name, file));
    }
  }
  const pinnedIn = ({ revision }: CatalogSet) => bySet.get(revision) ?? new Map<string, PinnedFile>();
  return {
    source: document.source,
    /** Findings of a set, or of one of its packages, the worst first. */
    findingsIn(flag: string, only?: string): SetFinding[] {
      const own = view.sets.get(flag)!;
      const later = laterSets(view, own).filter(({ abi }) => abi === own.abi);
      const clearing = (finding: KnownFinding): SetFinding['cleared'] => {
        const advisory = advisories.get(keyOf(finding))!;
        for (const set of later) {
          const version = pinnedIn(set).get(finding.name)?.version;
          if (version !== undefined && !isAffected(advisory, version)) return { flag: set.flag, version };
        }
        return null;
      };
      const pinned = [...pinnedIn(own).values()].filter(({ name }) => only === undefined || name === only);
      const findings = findingsIn(pinned, { as_of: asOf, runtime: { pyodide: own.runtime } }, document);
      return findings.map((finding) => ({ ...finding, cleared: clearing(finding) }));
    },
    /** The default set over all dates up to the day, and how many are published by each day on which that changes. */
    spans: () =>
      columnsOf(view, asOf).flatMap(({ is, set, ...dates }) => {
        // A set counts from its release on.
        const from = [dates.from, set.released].sort()[1]!;
        const to = dates.to === null || dates.to > asOf ? asOf : dates.to;
        if (is === 'announced' || from > to) return [];
        const ever = document.advisories.filter((advisory) => {
          const version = pinnedIn(set).get(advisory.package)?.version;
          return version !== undefined && isAffected(advisory, version);
        });
        const days = ever.flatMap(({ published, withdrawn }) => [published, withdrawn ?? published]);
        const changing = new Set([from, ...days.filter((day) => day > from && day <= to)]);
        const counts = [...changing].sort().map((day) => {
          return { day, count: ever.filter((advisory) => holdsOn(advisory, day)).length };
        });
        return [{ flag: set.flag, from, to, counts }];
      }),
  };
}

/** The fix of a finding, in a sentence. */
export function clearedText({ name, fixed, cleared }: SetFinding): string {
  if (cleared) return `${cleared.flag} has ${name} ${cleared.version}, which does not have it.`;
  if (fixed.length === 0) return 'No fixed version is known.';
  return `Fixed in ${listed(fixed, MOST_FIXED)}, which no later package set of the same ABI has.`;
}

/** More fixed versions than this are counted. */
const MOST_FIXED = 3;

/** Such as `37 known vulnerabilities in 14 packages, 3 critical; 26 more without effect in a Worker`. */
export function countText(all: readonly KnownFinding[]): string {
  const findings = all.filter(({ affected }) => affected);
  const without = all.length - findings.length;
  const counted = findings.length > 0 ? findings : all;
  const names = new Set(counted.map(({ name }) => name)).size;
  const ranks = findings.map(({ severity }) => SEVERITIES.indexOf(severity ?? 'none'));
  const worst = Math.max(0, ...ranks);
  return [
    counted.length === 1 ? '1 known vulnerability' : `${counted.length} known vulnerabilities`,
    names > 1 ? ` in ${packages(names)}` : '',
    worst > 0 ? `, ${ranks.filter((rank) => rank === worst).length} ${SEVERITIES[worst]}` : '',
    without > 0 ? `${counted === all ? ',' : `; ${without} more`} without effect in a Worker` : '',
  ].join('');
}

export interface FindingTableProps {
  findings: readonly (KnownFinding & Partial<SetFinding>)[];
  /** The package flag of the set that has the packages. */
  flag: string;
}

/** Vulnerabilities of packages of a set, and what has a fix. */
export function FindingTable({ findings, flag }: FindingTableProps) {
  return (
    <Table
      columns={['Package', 'Severity', 'Vulnerability', 'Fixed in']}
      rows={findings.map(
        ({ name, version, severity, score, summary, fixed, cleared, statement, ...about }) => [
          packageLink(name, flag, version),
          severity === null ? 'not rated' : `${severity}, ${score}`,
          <td>
            <Identified {...about} />: {printable(summary)}
            {statement && <p class="detail">Without effect in a Worker: {visible(statement.reason)}</p>}
          </td>,
          [
            fixed.length === 0 ? 'no version' : printable(listed(fixed, MOST_FIXED)),
            cleared && [`; ${printable(cleared.version)} is in `, <SetLink flag={cleared.flag} />],
          ],
        ],
      )}
    />
  );
}

/** The id that most people know, and the project's own advisory. */
function Identified({ id, aliases, link }: Pick<KnownFinding, 'id' | 'aliases' | 'link'>) {
  const cve = aliases.find((alias) => alias.startsWith('CVE-'));
  const text = printable(cve === undefined ? id : `${cve} (${id})`);
  return <>{link === null ? text : <a href={link}>{text}</a>}</>;
}

export function PackageFindings(of: FindingTableProps) {
  return of.findings[0] && <FoldedFindings {...of} lead={`${printable(of.findings[0].version)} has `} />;
}

/** Vulnerabilities in one line, which unfolds. */
export function FoldedFindings({
  lead = '',
  children,
  ...shown
}: FindingTableProps & { lead?: string; children?: Child }) {
  if (shown.findings.length === 0) return <p>No known vulnerabilities in its packages.</p>;
  return (
    <details class="group">
      <summary>
        {lead}
        {countText(shown.findings)}
      </summary>
      <FindingTable {...shown} />
      {children}
    </details>
  );
}
