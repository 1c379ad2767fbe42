import { html } from 'hono/html';
import type { Issue } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { type Again, type Change, isChange } from './again.ts';
import { Fix } from './sentence.tsx';
import { FlagName } from './set-link.ts';

/** Fixes, as links that ask again; as text if no link can ask for one. */
export function Fixes({ issue, again }: { issue: Issue; again: Again | undefined }) {
  const changes = issue.fixes.filter(isChange);
  if (!again || changes.length === 0 || !('index' in issue)) return <Fix fix={issue.fix} />;
  const items = changes.map((change) => {
    const verb = change.kind === 'set_requirement' ? 'Ask for' : 'Use';
    const link = html`<a href="${again(change, issue.index)}">${verb} ${changed(change)}</a>`;
    const has = 'has' in change ? change.has.map(({ name, version }) => `${name} ${version}`) : [];
    const gives = has.length > 0 && html`<span class="muted">: ${printable(has.join(', '))}</span>`;
    return html`<li>${link}${gives}</li>`;
  });
  return html`<ul class="fixes" aria-label="What to do">${items}</ul>`;
}

/** What it changes, as the middle of a sentence. */
export function changed(change: Change) {
  switch (change.kind) {
    case 'date':
      return html`the compatibility date <span class="whole">${change.compatibility_date}</span>`;
    case 'package_flag':
      return html`the package set ${FlagName({ flag: change.flag })}`;
    case 'set_requirement':
      return html`<code>${printable(change.requirement)}</code>`;
  }
}
