import type { Child } from 'hono/jsx';
import type { Issue } from '../../../resolver/index.ts';
import { fixed } from '../../../resolver/issues/fixes.ts';
import { groupIssues, groupMessage, sharedFixes } from '../../../resolver/issues/grouped.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { type Address, againPath, type Change, isChange, linkOf } from './addresses.ts';
import { flagName } from './links.tsx';
import { Fix, light, Message, sentence } from './text.tsx';

interface IssuesProps {
  issues: readonly Issue[];
  /** The question to ask again: with it, alternatives are links, unless it is too long for one. */
  again?: Address | undefined;
  title?: string | undefined;
  /** Further help. */
  children?: Child;
}

/** The issues of a question, each with its fix; many of one reason are one entry. */
export function Issues({ issues, again, title = 'Correct the question', children }: IssuesProps) {
  const linked = again && linkOf(again) !== null ? again : undefined;
  const entry = (issue: Issue) => (
    <li class="notice error">
      <Message text={issue.message} />
      <Fixes issue={issue} again={linked} />
    </li>
  );
  return (
    <section class="notices" aria-labelledby="_issues" role="alert">
      <h2 id="_issues">{title}</h2>
      <ul>
        {groupIssues(issues.slice(0, MOST_ERRORS)).map((group) =>
          group.kind === null ? (
            entry(group.issues[0]!)
          ) : (
            <li class="notice error">
              {groupMessage(group)
                .split('\n')
                .map((line) => (
                  <p>{sentence(line)}</p>
                ))}
              {group.kind === 'elsewhere' ? (
                <Fixes issue={{ ...group.issues[0]!, ...fixed(sharedFixes(group.issues)) }} again={linked} />
              ) : (
                <details>
                  <summary>One by one</summary>
                  <ul>{group.issues.map(entry)}</ul>
                </details>
              )}
            </li>
          ),
        )}
      </ul>
      {issues.length > MOST_ERRORS && <p>And {issues.length - MOST_ERRORS} more.</p>}
      {children}
    </section>
  );
}

/** Fixes, as links that ask again; as text if no link can ask for one. */
function Fixes({ issue, again }: { issue: Issue; again: Address | undefined }) {
  const changes = issue.fixes.filter(isChange);
  if (!again || changes.length === 0 || !('index' in issue)) return <Fix fix={issue.fix} />;
  return (
    <ul class="fixes" aria-label="What to do">
      {changes.map((change) => {
        const has = 'has' in change ? change.has.map(({ name, version }) => `${name} ${version}`) : [];
        return (
          <li>
            <a href={againPath(again, change, issue.index)}>
              {change.kind === 'set_requirement' ? 'Ask for' : 'Use'} {changed(change)}
            </a>
            {has.length > 0 && <span class="muted">: {printable(has.join(', '))}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** A change as the middle of a sentence. */
export function changed(change: Change): Child {
  if (change.kind === 'set_requirement') return light('code', {}, [printable(change.requirement)]);
  if (change.kind === 'package_flag') return ['the package set ', flagName(change.flag)];
  return ['the compatibility date ', light('span', { class: 'whole' }, [change.compatibility_date])];
}
