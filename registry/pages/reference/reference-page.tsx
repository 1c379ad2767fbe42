import { Hono } from 'hono';
import { KINDS } from '../../../resolver/issues/table.ts';
import { DATA_LICENCES } from '../../../resolver/provenance.ts';
import type { Env } from '../../env.ts';
import { FIELD_MEANINGS, ISSUE_FIELDS } from '../../http/issue-fields.ts';
import { readDescription } from '../../http/openapi.ts';
import { OF_KIND, PROBLEMS } from '../../http/problem.ts';
import { etagOf } from '../../http/reply.ts';
import { CopyLines } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { replyWithPage } from '../components/respond.tsx';
import { Columns } from '../components/text.tsx';
import { type Operation, operationsOf, type Parameter } from './operations.ts';

/** The API's reference, from its OpenAPI document. */
export const referencePage = new Hono<Env>();

referencePage.get('/api', (c) =>
  replyWithPage(c, {
    etag: etagOf(c, 'api'),
    stale: false,
    page: async () => (
      <ReferencePage operations={operationsOf(readDescription())} origin={c.env.PUBLIC_URL} />
    ),
  }),
);

interface ReferencePageProps {
  operations: readonly Operation[];
  origin: string;
}

/** Every route of the API, with examples, and every code of its errors. */
function ReferencePage({ operations, origin }: ReferencePageProps) {
  const tags = [...Map.groupBy(operations, ({ tag }) => tag)];
  const ids = new Map(operations.map((operation, at) => [operation, `_route_${at}`]));
  return (
    <Document
      title="API · Pinwheel"
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
      {tags.map(([tag, list]) => (
        <section aria-labelledby={`_tag_${tag}`}>
          <h2 id={`_tag_${tag}`}>{tag}</h2>
          {list.map((operation) => (
            <OperationEntry operation={operation} id={ids.get(operation)!} origin={origin} />
          ))}
        </section>
      ))}
      <Problems />
      <Issues />
    </Document>
  );
}

interface OperationEntryProps {
  operation: Operation;
  id: string;
  origin: string;
}

function OperationEntry({ operation, id, origin }: OperationEntryProps) {
  const { method, path, summary, parameters, body, example } = operation;
  return (
    <article class="operation" aria-labelledby={id}>
      <h3 class="flush" id={id}>
        <code>
          {method} {path}
        </code>
      </h3>
      <p>{summary}.</p>
      {parameters.length > 0 && (
        <dl class="pairs close">
          {parameters.map((parameter) => (
            <ParameterEntry parameter={parameter} />
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

function ParameterEntry({ parameter }: { parameter: Parameter }) {
  const { name, in: place, required, description, example } = parameter;
  return (
    <>
      <dt>
        <code>{place === 'path' ? `{${name}}` : name}</code>
        {required && place === 'query' && ', needed'}
      </dt>
      <dd>
        {description !== '' ? (
          <Described text={description} />
        ) : (
          example !== undefined && <>such as {String(example)}</>
        )}
      </dd>
    </>
  );
}

/** Text with `code` between backticks, as in OpenAPI's descriptions. */
function Described({ text }: { text: string }) {
  return <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))}</>;
}

function Problems() {
  return (
    <section aria-labelledby="_problems">
      <h2 id="_problems">Errors</h2>
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
    </section>
  );
}

/** The codes of `errors`, with the fields of each. */
function Issues() {
  return (
    <section aria-labelledby="_issue_codes">
      <h2 id="_issue_codes">Issues</h2>
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
                {fields.map((field, at) => (
                  <>
                    {at > 0 && ', '}
                    <code>{field}</code>
                  </>
                ))}
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
    </section>
  );
}
