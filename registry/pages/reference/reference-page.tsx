import { Hono } from 'hono';
import { KINDS } from '../../../resolver/issues/table.ts';
import { DATA_LICENCES } from '../../../resolver/provenance.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import type { Env } from '../../env.ts';
import { FIELD_MEANINGS, ISSUE_FIELDS } from '../../http/issue-fields.ts';
import { readDescription } from '../../http/openapi.ts';
import { OF_KIND, PROBLEMS } from '../../http/problem.ts';
import { BEYOND } from '../../http/question.ts';
import { etagOf } from '../../http/reply.ts';
import { CopyLines } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { replyWithPage } from '../components/respond.tsx';
import { Columns, Commas, Section } from '../components/text.tsx';

/** The parts of OpenAPI 3.1 that this registry's document uses. */
interface Schema {
  example?: unknown;
  $ref?: string;
  properties?: Record<string, Schema>;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: [string];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Route extends Operation {
  method: string;
  path: string;
}

/** The API's reference, from its OpenAPI document. */
export const referencePage = new Hono<Env>();

referencePage.get('/api', (c) =>
  replyWithPage(c, {
    etag: etagOf(c, 'api'),
    stale: false,
    page: async () => <ReferencePage document={readDescription() as OpenApi} origin={c.env.PUBLIC_URL} />,
  }),
);

interface ReferencePageProps {
  document: OpenApi;
  origin: string;
}

/** Every route of the API, with examples, and every code of its errors. */
function ReferencePage({ document: { paths, components }, origin }: ReferencePageProps) {
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, about]): Route => ({ ...about, method, path })),
  );
  const groups = [...groupedBy(routes, ({ tags: [tag] }) => tag)];
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
          <code>YYYY-MM-DD</code> in UTC.
        </p>
        <p>
          An address with <code>revision</code>, <code>answer_version</code> and, if it takes one,{' '}
          <code>as_of</code> always has the same bytes. Without the version the data stay the same, but an
          answer may have more fields later. All answers carry an <code>ETag</code>.
        </p>
        <p>{DATA_LICENCES}</p>
      </div>
      <nav aria-label="Contents">
        <dl class="pairs">
          {groups.map(([tag, list]) => (
            <>
              <dt>{tag}</dt>
              <dd>
                <ul class="names">
                  {list.map((route) => (
                    <li>
                      <a href={`#${route.operationId}`}>
                        <code>{nameOf(route)}</code>
                      </a>
                    </li>
                  ))}
                </ul>
              </dd>
            </>
          ))}
        </dl>
      </nav>
      {groups.map(([tag, list]) => (
        <section aria-labelledby={`_tag_${tag}`}>
          <h2 id={`_tag_${tag}`}>{tag}</h2>
          {list.map((route) => (
            <RouteEntry route={route} schemas={components.schemas} origin={origin} />
          ))}
        </section>
      ))}
      <Problems />
      <Issues />
    </Document>
  );
}

const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;

interface RouteEntryProps {
  route: Route;
  schemas: OpenApi['components']['schemas'];
  origin: string;
}

function RouteEntry({ route, schemas, origin }: RouteEntryProps) {
  const { operationId: id, method, path, summary, requestBody } = route;
  const parameters = (route.parameters ?? []).filter((parameter) => parameter.in !== 'header');
  const example = method === 'get' ? exampleAddress(path, parameters) : null;
  const json = requestBody?.content['application/json'];
  const body = json && exampleOf(json.schema, schemas);
  return (
    <article class="operation" aria-labelledby={id}>
      <h3 class="flush" id={id}>
        <code>{nameOf(route)}</code>
      </h3>
      <p>{summary}.</p>
      {parameters.length > 0 && (
        <dl class="pairs close">
          {parameters.map(({ name, in: place, required, description, schema }) => (
            <>
              <dt>
                <code>{place === 'path' ? `{${name}}` : name}</code>
                {required && place === 'query' && ', needed'}
              </dt>
              <dd>
                {description !== undefined ? (
                  <Described text={description} />
                ) : (
                  schema.example !== undefined && <>such as {String(schema.example)}</>
                )}
              </dd>
            </>
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
    </article>
  );
}

/** Text with `code` between backticks, as in OpenAPI's descriptions. */
function Described({ text }: { text: string }) {
  return <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** The schema's own example, or one of its properties' examples. */
function exampleOf(written: Schema, schemas: RouteEntryProps['schemas']): unknown {
  const named = written.$ref?.replace('#/components/schemas/', '');
  const schema = named === undefined ? written : schemas[named]!;
  if (schema.example !== undefined) return schema.example;
  const examples = Object.entries(schema.properties ?? {}).flatMap(([name, { example }]) =>
    example === undefined ? [] : [[name, example]],
  );
  return examples.length > 0 ? Object.fromEntries(examples) : undefined;
}

/** Parameters that examples leave out: they have a default, or need an index that a registry may not have. */
const LEFT_OUT = new Set(['revision', 'as_of', 'experimental', 'answer_version', ...Object.keys(BEYOND)]);

/** The address of an example that every registry answers. */
function exampleAddress(path: string, parameters: readonly Parameter[]): string | null {
  let address = path;
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of parameters) {
    const { example } = schema;
    if (place === 'path') {
      // No file has an invented digest.
      if (example === undefined || ['sha256', 'key'].includes(name)) return null;
      address = address.replace(`{${name}}`, encodeURIComponent(String(example)));
    } else if (example === undefined) {
      if (required) return null;
    } else if (!LEFT_OUT.has(name)) {
      for (const value of Array.isArray(example) ? example : [example]) query.append(name, String(value));
    }
  }
  return query.size > 0 ? `${address}?${query}` : address;
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
      <table>
        <Columns names={['Code', 'Status', 'Meaning']} />
        <tbody>
          {Object.entries(PROBLEMS).map(([code, { status, title }]) => (
            <tr>
              <th scope="row">
                <code>{code}</code>
              </th>
              <td>{status}</td>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </table>
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
      <table>
        <Columns names={['Code', 'Status', 'Fields']} />
        <tbody>
          {ISSUE_FIELDS.map(({ code, fields }) => (
            <tr>
              <th scope="row">
                <code>{code}</code>
              </th>
              <td>{PROBLEMS[OF_KIND[KINDS[code]]].status}</td>
              <td>
                <Commas items={fields.map((field) => <code>{field}</code>)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl class="pairs close">
        {Object.entries(FIELD_MEANINGS).map(([field, meaning]) => (
          <>
            <dt>
              <code>{field}</code>
            </dt>
            <dd>
              <Described text={meaning} />
            </dd>
          </>
        ))}
      </dl>
    </Section>
  );
}
