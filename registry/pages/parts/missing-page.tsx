import { printable } from '../../../resolver/text/printable.ts';
import { Document, type Place } from './document.tsx';

interface MissingPageProps {
  title: string;
  place: Place;
  near: readonly { name: string; path: string }[];
  more?: string;
}

/** For a name that stands for nothing, with those that are nearly it. */
export function MissingPage({ title, place, near, more }: MissingPageProps) {
  return (
    <Document title={`${title} · Pinwheel`} place={place}>
      <h1>{title}</h1>
      {near.length > 0 && (
        <p>
          Nearly the same:{' '}
          {near.map(({ name, path }, at) => (
            <>
              {at > 0 && ', '}
              <a href={path}>{printable(name)}</a>
            </>
          ))}
        </p>
      )}
      {more && <p>{more}</p>}
      <p>
        <a href={place}>Look through all of them</a>
      </p>
    </Document>
  );
}
