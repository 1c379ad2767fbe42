import type { Fault } from '../../../resolver/fault.ts';
import { Document, type Place } from './document.tsx';
import { Faults } from './faults.tsx';

interface RefusedPageProps {
  title: string;
  place: Place;
  faults: readonly Fault[];
}

/** For a page without a form, whose parameters cannot be read. */
export function RefusedPage({ title, place, faults }: RefusedPageProps) {
  return (
    <Document title={`The question has a fault · Pinwheel`} place={place}>
      <h1>{title}</h1>
      <Faults faults={faults} />
    </Document>
  );
}
