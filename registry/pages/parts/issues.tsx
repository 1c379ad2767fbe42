import type { Issue } from '../../../resolver/issue.ts';
import { MOST_ERRORS } from '../../http/problem.ts';
import { Fix, Sentence } from './sentence.tsx';

/** Everything that is wrong with a question, each with what to do about it. */
export function Issues({ issues }: { issues: readonly Issue[] }) {
  return (
    <section class="notices" aria-labelledby="_issues" role="alert">
      <h2 id="_issues">
        {issues.length === 1 ? 'The question has an issue' : `The question has ${issues.length} issues`}
      </h2>
      <ul>
        {issues.slice(0, MOST_ERRORS).map(({ message, fix }) => (
          <li class="notice error">
            <p>
              <Sentence text={message} />
            </p>
            <Fix fix={fix} />
          </li>
        ))}
      </ul>
      {issues.length > MOST_ERRORS && <p>And {issues.length - MOST_ERRORS} more.</p>}
    </section>
  );
}
