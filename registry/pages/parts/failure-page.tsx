import { Document } from './document.tsx';

/** Shown where the registry itself fails, whatever was asked. */
export function FailurePage({ title, temporary }: { title: string; temporary: boolean }) {
  return (
    <Document title={`${title} · Pinwheel`}>
      <h1>{title}</h1>
      <p>
        {temporary
          ? 'Nothing is wrong with the question. Load this page again in a minute.'
          : 'This is an issue of the registry, not of the question.'}
      </p>
    </Document>
  );
}
