import { html } from 'hono/html';
import type { Issue } from '../../../resolver/index.ts';
import type { Candidate } from '../../../resolver/issues/closure.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Again } from './again.ts';
import { Fix } from './sentence.tsx';
import { FlagName } from './set-link.ts';

/** Alternatives, as links that ask again; as text if a link cannot ask for them. */
export function Fixes({ issue, again }: { issue: Issue; again: Again | undefined }) {
  const candidates = ('candidates' in issue && issue.candidates) || [];
  const name = 'package' in issue ? issue.package : '';
  if (!again || candidates.length === 0 || !('index' in issue)) return <Fix fix={issue.fix} />;
  const items = candidates.map((candidate) => {
    const verb = candidate.change === 'requirement' ? 'Ask for' : 'Use';
    const link = html`<a href="${again(candidate, issue.index)}">${verb} ${changed(candidate)}</a>`;
    const version = 'version' in candidate ? candidate.version : null;
    const gives =
      version !== null && html`<span class="muted">: ${printable(name)} ${printable(version)}</span>`;
    return html`<li>${link}${gives}</li>`;
  });
  return html`<ul class="fixes" aria-label="What to do">${items}</ul>`;
}

/** What a candidate changes, as the middle of a sentence. */
export function changed(candidate: Candidate) {
  switch (candidate.change) {
    case 'compatibility_date':
      return html`the compatibility date <span class="whole">${candidate.compatibility_date}</span>`;
    case 'package_flag':
      return html`the package set ${FlagName({ flag: candidate.package_set })}`;
    case 'requirement':
      return html`<code>${printable(candidate.requirement)}</code>`;
  }
}
