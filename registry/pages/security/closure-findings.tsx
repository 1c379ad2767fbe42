import type { KnownFinding } from '../../../resolver/audit/findings.ts';
import type { ResolveAnswer } from '../../../resolver/index.ts';
import { FindingTable } from './finding-table.tsx';
import { countText } from './findings.ts';

interface ClosureFindingsProps {
  findings: readonly KnownFinding[];
  closure: ResolveAnswer;
  /** The query of the question. */
  query: string;
}

/** The known vulnerabilities of a closure in one line, which unfolds. */
export function ClosureFindings({ findings, closure, query }: ClosureFindingsProps) {
  return (
    <details class="group" id="_security">
      <summary>{countText(findings)}</summary>
      <FindingTable findings={findings} flag={closure.target.package_set.flag} />
      <p class="quiet">
        <a href={`/v1/audit?${query}`}>Which later date or package set clears each</a> (JSON), tried with this
        question, and <a href="/security">where this is known from</a>.
      </p>
    </details>
  );
}
