import { Hono } from 'hono';
import type { Env } from '../../env.ts';
import { etagOf } from '../../http/reply.ts';
import { Document } from '../components/document.tsx';
import { replyWithPage } from '../components/respond.tsx';
import { TERMS } from './terms.tsx';

export const glossaryPage = new Hono<Env>();

glossaryPage.get('/glossary', (c) =>
  replyWithPage(c, { etag: etagOf(c, 'glossary'), stale: false, page: async () => <GlossaryPage /> }),
);

function GlossaryPage() {
  return (
    <Document
      title="Glossary · Pinwheel"
      place="/glossary"
      description="What compatibility date, package set, target, ABI, closure and revision mean for Python Workers."
    >
      <h1>Glossary</h1>
      <dl class="glossary">
        {TERMS.map(({ id, name, meaning }) => (
          <div id={id}>
            <dt>{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Document>
  );
}
