/**
 * The questions as tools of the Model Context Protocol, over its streamable HTTP without a session: each request is
 * answered by one JSON document. A tool is an operation of the API, with its schema, its limits and its answer.
 */
import manifest from '../../package.json' with { type: 'json' };
import { isTable } from '../../resolver/formats/table.ts';
import { invalidParameter } from '../../resolver/issues/question.ts';
import type { Call } from '../env.ts';
import { readJson } from '../http/body.ts';
import type { OpenApi } from '../http/examples.ts';
import { problemOf } from '../http/problem.ts';
import type { Route } from '../http/route.ts';

/** The newest first. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'];

const INSTRUCTIONS =
  'Which Python, which Pyodide and which pinned packages the compatibility date and flags of a Cloudflare Python Worker ' +
  'select. Ask before you write a date, a requirement or an import. Listed or pinned is not tested: each answer ' +
  'says what was seen.';

const TOOLS: Record<string, [method: 'get' | 'post', path: string]> = {
  resolve: ['post', '/v1/resolve'],
  when: ['get', '/v1/when'],
  compare: ['post', '/v1/compare'],
  check: ['post', '/v1/check'],
  audit: ['post', '/v1/audit'],
  package: ['get', '/v1/packages/{name}'],
};

interface Message {
  jsonrpc?: unknown;
  id?: string | number | null;
  method?: unknown;
  params?: { name?: unknown; arguments?: unknown; protocolVersion?: unknown };
}

/** Codes of JSON-RPC 2.0. */
const INVALID_REQUEST = -32600;
const UNKNOWN_METHOD = -32601;
const INVALID_PARAMS = -32602;

let tools: object[] | undefined;

/** The tools with the schemas of the OpenAPI document, as JSON Schema. */
function listTools({ paths, components }: OpenApi): object[] {
  return Object.entries(TOOLS).map(([name, [method, path]]) => {
    const { summary, parameters = [], requestBody } = paths[path]![method]!;
    const body = requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1);
    const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
    const required = parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name);
    const inputSchema =
      body === undefined ? { type: 'object', properties, required } : components.schemas[body]!;
    return { name, description: summary, inputSchema, annotations: { readOnlyHint: true } };
  });
}

/**
 * Answers a message. A tool asks the route of its operation, so it is refused what that refuses.
 * @param describe the OpenAPI document
 */
export function answerMcp(routes: readonly Route[], describe: () => object): Route['respond'] {
  return async (c) => {
    const read = await readJson(c.req.raw);
    if (read instanceof Response) return read;
    const { jsonrpc, id, method, params: given } = asTable<Message>(read.json);
    if (jsonrpc !== '2.0') {
      return reply(
        { id: null, error: { code: INVALID_REQUEST, message: 'Send one JSON-RPC 2.0 message.' } },
        400,
      );
    }
    const params = asTable<NonNullable<Message['params']>>(given);
    if (id === undefined || id === null) return new Response(null, { status: 202 });
    switch (method) {
      case 'initialize': {
        const asked = VERSIONS.find((version) => version === params.protocolVersion);
        const { version } = manifest;
        return reply({
          id,
          result: {
            ...{ protocolVersion: asked ?? VERSIONS[0], capabilities: { tools: {} } },
            ...{ serverInfo: { name: 'pinwheel', version }, instructions: INSTRUCTIONS },
          },
        });
      }
      case 'ping':
        return reply({ id, result: {} });
      case 'tools/list':
        tools ??= listTools(describe() as OpenApi);
        return reply({ id, result: { tools } });
      case 'tools/call': {
        const tool = Object.hasOwn(TOOLS, String(params.name)) ? TOOLS[String(params.name)] : undefined;
        if (!tool) {
          const known = Object.keys(TOOLS).join(', ');
          return reply({ id, error: { code: INVALID_PARAMS, message: `The tools are ${known}.` } });
        }
        const answer = await ask(c, routes, tool, params.arguments ?? {});
        const text = await answer.text();
        const content = [{ type: 'text', text }];
        return reply({ id, result: { content, isError: !answer.ok } });
      }
      default:
        return reply({ id, error: { code: UNKNOWN_METHOD, message: 'This server has only tools.' } });
    }
  };
}

/** A JSON object; an empty one in place of anything else. */
const asTable = <Table extends object>(value: unknown): Partial<Table> =>
  (isTable(value) ? value : {}) as Partial<Table>;

async function ask(
  { req, env, executionCtx }: Call,
  routes: readonly Route[],
  [method, path]: [method: 'get' | 'post', path: string],
  given: unknown,
): Promise<Response> {
  const route = routes.find((row) => row.method === method && row.path === path)!;
  const { origin } = new URL(req.url);
  // As in a body, null is as good as nothing.
  const values = Object.entries(asTable<Record<string, unknown>>(given)).filter(
    ([, value]) => value !== null,
  );
  const names = /\{(\w+)\}/.exec(path)?.slice(1) ?? [];
  const params = Object.fromEntries(
    values.flatMap(([name, value]) => (names.includes(name) ? [[name, String(value)]] : [])),
  );
  const missing = names.find((name) => !params[name]);
  if (missing) {
    return problemOf([invalidParameter({ problem: 'missing_field', field: missing, example: "'numpy'" })]);
  }
  const query = new URLSearchParams();
  for (const [name, value] of values) {
    if (!names.includes(name)) for (const text of [value].flat()) query.append(name, String(text));
  }
  const url = method === 'get' ? `${origin}${path}?${query}` : origin + path;
  const body = method === 'get' ? null : JSON.stringify(given);
  const headers = { 'content-type': 'application/json' };
  const raw = new Request(url, { method: method.toUpperCase(), body, ...(body !== null && { headers }) });
  return route.respond({ req: { raw, url, method: raw.method }, env, executionCtx }, { name: '', ...params });
}

function reply(message: object, status = 200): Response {
  return Response.json(
    { jsonrpc: '2.0', ...message },
    { status, headers: { 'cache-control': 'no-store', 'access-control-allow-origin': '*' } },
  );
}
