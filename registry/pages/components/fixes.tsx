import type { Issue } from '../../../resolver/issue.ts';
import type { Candidate } from '../../../resolver/issues/closure.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Again } from './again.ts';
import { Fix } from './sentence.tsx';
import { FlagName } from './set-link.tsx';

/** Alternatives, as links that ask again; as text if a link cannot ask for them. */
export function Fixes({ issue, again }: { issue: Issue; again: Again | undefined }) {
  const candidates = ('candidates' in issue && issue.candidates) || [];
  const name = 'package' in issue ? issue.package : '';
  if (!again || candidates.length === 0 || !('index' in issue)) return <Fix fix={issue.fix} />;
  return (
    <ul class="fixes" aria-label="What to do">
      {candidates.map((candidate) => (
        <li>
          <a href={again(candidate, issue.index)}>
            {candidate.change === 'requirement' ? 'Ask for ' : 'Use '}
            <Changed candidate={candidate} />
          </a>
          {'version' in candidate && candidate.version !== null && (
            <span class="muted">
              : {printable(name)} {printable(candidate.version)}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What a candidate changes, as the middle of a sentence. */
export function Changed({ candidate }: { candidate: Candidate }) {
  switch (candidate.change) {
    case 'compatibility_date':
      return (
        <>
          the compatibility date <span class="whole">{candidate.compatibility_date}</span>
        </>
      );
    case 'package_flag':
      return (
        <>
          the package set <FlagName flag={candidate.package_set} />
        </>
      );
    case 'requirement':
      return <code>{printable(candidate.requirement)}</code>;
  }
}
