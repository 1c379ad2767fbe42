import { Hono } from 'hono';
import { KINDS } from '../../../resolver/issues/table.ts';
import { DATA_LICENCES } from '../../../resolver/provenance.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import type { Env } from '../../env.ts';
import {
  type DescribedRoute,
  exampleAddress,
  exampleBody,
  type OpenApi,
  routesIn,
  sampleLines,
} from '../../http/examples.ts';
import { FIELD_MEANINGS, ISSUE_FIELDS } from '../../http/issue-fields.ts';
import { readDescription } from '../../http/openapi.ts';
import { OF_KIND, PROBLEMS } from '../../http/problem.ts';
import { CopyAlone, CopyLines } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { replyWithConstant } from '../components/respond.tsx';
import { Commas, Fact, Names, Section, Table } from '../components/text.tsx';

/** The API's reference, from its OpenAPI document. */
export const referencePage = new Hono<Env>();

referencePage.get('/api', (c) =>
  replyWithConstant(c, <ReferencePage document={readDescription() as OpenApi} origin={c.env.PUBLIC_URL} />),
);

interface ReferencePageProps {
  document: OpenApi;
  origin: string;
}

/** Every route of the API, with examples, and every code of its errors. */
function ReferencePage({ document, origin }: ReferencePageProps) {
  const groups = [...groupedBy(routesIn(document), ({ tags: [tag] }) => tag)];
  return (
    <Document
      title="API"
      description="The REST API of Pinwheel: routes, examples that run, and every code of its errors."
      place="/api"
    >
      <h1>API</h1>
      <div class="prose">
        <p>
          Everything here answers JSON over HTTP, without a key. The same description for machines is{' '}
          <a href="/openapi.json">openapi.json</a>. Names are <code>snake_case</code>, days are{' '}
          <code>YYYY-MM-DD</code> in UTC. All answers carry an <code>ETag</code>.
        </p>
        <p>{DATA_LICENCES}</p>
      </div>
      <nav aria-label="Contents">
        <dl class="pairs">
          {groups.map(([tag, list]) => (
            <Fact name={tag}>
              <Names
                items={list.map((route) => (
                  <a href={`#${route.operationId}`}>
                    <code>{nameOf(route)}</code>
                  </a>
                ))}
              />
            </Fact>
          ))}
        </dl>
      </nav>
      {groups.map(([tag, list]) => (
        <Section id={`_tag_${tag.replaceAll(' ', '_')}`} title={tag}>
          {list.map((route) => (
            <RouteEntry {...{ route, document, origin }} />
          ))}
        </Section>
      ))}
      <Problems />
      <Issues />
    </Document>
  );
}

const nameOf = ({ method, path }: DescribedRoute) => `${method.toUpperCase()} ${path}`;

function RouteEntry({ route, document, origin }: ReferencePageProps & { route: DescribedRoute }) {
  const { operationId: id, path, summary } = route;
  const parameters = (route.parameters ?? []).filter((parameter) => parameter.in !== 'header');
  const example = exampleAddress(route);
  const body = exampleBody(route, document);
  const sample = sampleLines(route);
  return (
    <article class="operation" aria-labelledby={id}>
      <h3 class="flush" id={id}>
        <code>{nameOf(route)}</code>
      </h3>
      <p>{summary}.</p>
      {parameters.length > 0 && (
        <dl class="pairs close">
          {parameters.map(({ name, in: place, required, description, schema }) => (
            <Fact
              name={[
                <code>{place === 'path' ? `{${name}}` : name}</code>,
                required && place === 'query' && ', needed',
              ]}
            >
              {description !== undefined ? (
                <Described text={description} />
              ) : (
                schema.example !== undefined && `such as ${schema.example}`
              )}
            </Fact>
          ))}
        </dl>
      )}
      {example !== null && (
        <p class="try">
          <a href={example}>
            Try <code>{example}</code>
          </a>
        </p>
      )}
      {body !== undefined && (
        <div class="lines first single">
          <CopyLines
            id={`${id}_example`}
            caption="Example"
            lines={[
              `curl '${origin}${path}' -H 'content-type: application/json' \\`,
              `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
            ]}
          />
        </div>
      )}
      {sample !== null && (
        <CopyAlone id={`${id}_answer`} caption="An answer; of a list, its first entry" lines={sample} />
      )}
    </article>
  );
}

/** Text with `code` between backticks, as in OpenAPI's descriptions. */
function Described({ text }: { text: string }) {
  return <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))}</>;
}

function Problems() {
  return (
    <Section id="_problems" title="Errors">
      <p class="prose">
        An error is a problem document (RFC 9457): <code>title</code>, <code>status</code>, a stable{' '}
        <code>code</code>, <code>detail</code>, and <code>errors</code> if a question has issues: one for
        each, with its <code>message</code>, its <code>fix</code> in sentences, and its <code>fixes</code> as
        data.
      </p>
      <Table
        columns={['Code', 'Status', 'Meaning']}
        rows={Object.entries(PROBLEMS).map(([code, { status, title }]) => [
          <code>{code}</code>,
          status,
          <td>{title}</td>,
        ])}
      />
    </Section>
  );
}

/** The codes of `errors`, with the fields of each. */
function Issues() {
  return (
    <Section id="_issue_codes" title="Issues">
      <p class="prose">
        Each entry of <code>errors</code> has a stable <code>code</code> and the fields of that code.
      </p>
      <Table
        columns={['Code', 'Status', 'Fields']}
        rows={ISSUE_FIELDS.map(({ code, fields }) => [
          <code>{code}</code>,
          PROBLEMS[OF_KIND[KINDS[code]]].status,
          <Commas items={fields.map((field) => <code>{field}</code>)} />,
        ])}
      />
      <dl class="pairs close">
        {Object.entries(FIELD_MEANINGS).map(([field, meaning]) => (
          <Fact name={<code>{field}</code>}>
            <Described text={meaning} />
          </Fact>
        ))}
      </dl>
    </Section>
  );
}
