import type { Child } from 'hono/jsx';
import type { Issue } from '../../../resolver/index.ts';
import { MOST_ERRORS } from '../../http/most-errors.ts';
import type { Again } from './again.ts';
import { Fixes } from './fixes.tsx';
import { Message } from './sentence.tsx';

interface IssuesProps {
  issues: readonly Issue[];
  /** With it, alternatives are links. */
  again?: Again | undefined;
  title?: string | undefined;
  /** Further help. */
  children?: Child;
}

/** The issues of a question, each with its fix. */
export function Issues({ issues, again, title = 'Correct the question', children }: IssuesProps) {
  return (
    <section class="notices" aria-labelledby="_issues" role="alert">
      <h2 id="_issues">{title}</h2>
      <ul>
        {issues.slice(0, MOST_ERRORS).map((issue) => (
          <li class="notice error">
            <Message text={issue.message} />
            <Fixes issue={issue} again={again} />
          </li>
        ))}
      </ul>
      {issues.length > MOST_ERRORS && <p>And {issues.length - MOST_ERRORS} more.</p>}
      {children}
    </section>
  );
}
