/** Pages for questions that have no answer. */
import type { Child } from 'hono/jsx';
import type { Issue } from '../../../resolver/issue.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { Document, type NavigationLink } from './document.tsx';
import { Issues } from './issues.tsx';

interface RefusedPageProps {
  title: string;
  place: NavigationLink;
  issues: readonly Issue[];
}

/** For invalid parameters of a page without a form. */
export function RefusedPage({ title, place, issues }: RefusedPageProps) {
  return (
    <Document title={`Invalid question · Pinwheel`} place={place}>
      <h1>{title}</h1>
      <Issues issues={issues} />
    </Document>
  );
}

interface MissingPageProps {
  title: string;
  place: NavigationLink;
  near: readonly { name: string; path: string }[];
  more?: string;
  /** Further help. */
  children?: Child;
}

const ALL: Partial<Record<NavigationLink, string>> = {
  '/packages': 'All packages',
  '/sets': 'All package sets',
};

/** For an unknown name, with similar ones. */
export function MissingPage({ title, place, near, more, children }: MissingPageProps) {
  return (
    <Document title={`${title} · Pinwheel`} place={place}>
      <h1>{title}</h1>
      {near.length > 0 && (
        <p>
          Similar names:{' '}
          {near.map(({ name, path }, at) => (
            <>
              {at > 0 && ', '}
              <a href={path}>{printable(name)}</a>
            </>
          ))}
        </p>
      )}
      {more && <p>{more}</p>}
      {children}
      <p>
        <a href={place}>{ALL[place] ?? 'All packages'}</a>
      </p>
    </Document>
  );
}

/** Shown if the registry itself fails. */
export function FailurePage({ title, temporary }: { title: string; temporary: boolean }) {
  return (
    <Document title={`${title} · Pinwheel`}>
      <h1>{title}</h1>
      <p>
        {temporary
          ? 'Nothing is wrong with the question. Load this page again in a minute.'
          : 'The registry failed; nothing is wrong with the question.'}
      </p>
    </Document>
  );
}
