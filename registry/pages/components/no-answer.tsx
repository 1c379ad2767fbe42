/** Pages for questions that have no answer. */
import type { Child } from 'hono/jsx';
import { printable } from '../../../resolver/text/printable.ts';
import { Document } from './document.tsx';
import { Commas } from './text.tsx';

interface MissingPageProps {
  title: string;
  /** The list in which to look, if the address is that of a package or a set. */
  place?: keyof typeof ALL;
  near?: readonly { name: string; path: string }[];
  more?: string;
  /** Further help. */
  children?: Child;
}

const ALL = { '/packages': 'All packages', '/sets': 'All package sets' };

/** The page for an unknown name, with similar names. */
export function MissingPage({ title, place, near = [], more, children }: MissingPageProps) {
  return (
    <Document title={title} place={place}>
      <h1>{title}</h1>
      {near.length > 0 && (
        <p>
          Similar names: <Commas items={near.map(({ name, path }) => <a href={path}>{printable(name)}</a>)} />
        </p>
      )}
      {more && <p>{more}</p>}
      {children}
      <p>{place ? <a href={place}>{ALL[place]}</a> : <a href="/">Search all packages</a>}</p>
    </Document>
  );
}

/** The page for a failure of the registry itself. */
export function FailurePage({ title, temporary }: { title: string; temporary: boolean }) {
  return (
    <Document title={title}>
      <h1>{title}</h1>
      <p>
        {temporary
          ? 'Nothing is wrong with the question. Load this page again in a minute.'
          : 'The registry failed; nothing is wrong with the question.'}
      </p>
    </Document>
  );
}
