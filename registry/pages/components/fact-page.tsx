import type { CatalogView } from '../../../resolver/index.ts';
import { AnswerFooter } from './answer.tsx';
import { Document, type DocumentProps, type NavigationLink } from './document.tsx';

/** The facts of a day and a revision. */
export interface Dated {
  view: CatalogView;
  asOf: string;
}

interface FactPageProps extends DocumentProps, Dated {
  place: NavigationLink;
}

/** A page of facts of a day and a revision. */
export function FactPage({ view, asOf, children, ...props }: FactPageProps) {
  return (
    <Document {...props}>
      <h1>{props.title}</h1>
      {children}
      <AnswerFooter path={props.place} asOf={asOf} stamp={view.stamp} />
    </Document>
  );
}
