/** Pages for questions that have no answer. */
import type { Child } from 'hono/jsx';
import { printable } from '../../../resolver/text/printable.ts';
import { Document, type NavigationLink } from './document.tsx';
import { Commas } from './text.tsx';

interface MissingPageProps {
  title: string;
  /** The list in which to look; null if the address is not that of a package or a set. */
  place: keyof typeof ALL | null;
  near: readonly { name: string; path: string }[];
  more?: string;
  /** Further help. */
  children?: Child;
}

const ALL = { '/packages': 'All packages', '/sets': 'All package sets' } satisfies Partial<
  Record<NavigationLink, string>
>;

/** The page for an unknown name, with similar names. */
export function MissingPage({ title, place, near, more, children }: MissingPageProps) {
  return (
    <Document title={title} place={place ?? undefined}>
      <h1>{title}</h1>
      {near.length > 0 && (
        <p>
          Similar names: <Commas items={near.map(({ name, path }) => <a href={path}>{printable(name)}</a>)} />
        </p>
      )}
      {more && <p>{more}</p>}
      {children}
      <p>{place === null ? <a href="/">Search all packages</a> : <a href={place}>{ALL[place]}</a>}</p>
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
