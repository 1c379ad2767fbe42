import type { Child } from 'hono/jsx';
import type { KnownFinding } from '../../../resolver/audit/findings.ts';
import { listed, printable, visible } from '../../../resolver/text/printable.ts';
import { packageLink, SetLink } from '../components/links.tsx';
import { Table } from '../components/text.tsx';
import { countText, MOST_FIXED, type SetFinding } from './findings.ts';

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

/** The findings of one package, with its version. */
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
