import type { Issue } from '../../../resolver/issue.ts';
import { Document, type Place } from './document.tsx';
import { Issues } from './issues.tsx';

interface RefusedPageProps {
  title: string;
  place: Place;
  issues: readonly Issue[];
}

/** For a page without a form, whose parameters cannot be read. */
export function RefusedPage({ title, place, issues }: RefusedPageProps) {
  return (
    <Document title={`The question has an issue · Pinwheel`} place={place}>
      <h1>{title}</h1>
      <Issues issues={issues} />
    </Document>
  );
}
