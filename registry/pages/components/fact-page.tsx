import type { RegistryStamp } from '../../../resolver/index.ts';
import { AnswerFooter } from './answer.tsx';
import { Document, type DocumentProps, type NavigationLink } from './document.tsx';

interface FactPageProps extends DocumentProps {
  place: NavigationLink;
  asOf: string;
  stamp: RegistryStamp;
}

/** A page of facts of a day and a revision. */
export function FactPage({ asOf, stamp, children, ...props }: FactPageProps) {
  return (
    <Document {...props}>
      <h1>{props.title}</h1>
      {children}
      <AnswerFooter path={props.place} asOf={asOf} stamp={stamp} />
    </Document>
  );
}
