/**
 * The kinds of routes, of which `registry/routes.ts` has the rows: what is answered from the catalog by a query or a body,
 * files, and what makes its responses itself.
 */
import type { RouteConfig } from '@hono/zod-openapi';
import * as z from 'zod';
import { ANSWER_VERSION, type CatalogView, type Outcome } from '../../resolver/index.ts';
import type { Fields } from '../../resolver/question/fields.ts';
import { type Reading, type Settled, settled, UNSETTLED } from '../../resolver/question/read.ts';
import type { Bindings, Call } from '../env.ts';
import type { Publisher } from '../publish/access/authorize.ts';
import { currentSnapshot, openSnapshot, type Snapshot } from '../storage/isolate.ts';
import { readJson } from './body.ts';
import { describedBody, describedQuery } from './described.ts';
import { Problem, problem, problemOf } from './problem.ts';
import { addressReader, readBody } from './question.ts';
import { answerReadily, FOREVER, thisDay, today } from './reply.ts';

/**
 * How long answers are kept: until the next publication, with an ETag (`revision`; an address that names all of the
 * question is kept `forever`), for as long as one can wait (`hour`, `seconds`), or not at all.
 */
export type Caching = 'revision' | keyof typeof CACHE_CONTROL;

const CACHE_CONTROL = {
  forever: FOREVER,
  hour: 'public, max-age=3600',
  seconds: 'public, max-age=5',
  never: 'no-store',
};

export interface Route {
  method: 'get' | 'post';
  /** The path as OpenAPI writes it: `/v1/sets/{flag}`. */
  path: string;
  /** Who may ask; publishers show a token, and their body is limited by the handler. */
  access: 'everyone' | 'publishers';
  caching: Caching;
  /** The operation that the route serves; none for a redirect. */
  readonly operations: readonly RouteConfig[];
  /** Answers a request whose path matches; `params` are those of the path. */
  respond(c: Call, params: Record<string, string>, publisher?: Publisher): Response | Promise<Response>;
}

/** A parsed question, and the registry's snapshot. */
export interface Asked<Query, Params> {
  query: Query;
  params: Params;
  view: CatalogView;
  snapshot: Snapshot;
  asOf: string;
  env: Bindings;
}

/** An answer as data or as serialized JSON; or a problem document. */
export type Answer = object | string | Response;

interface Description {
  path: string;
  tag: string;
  summary: string;
  schema: z.ZodType;
}

/** The fields of an address without parameters. */
const NOTHING = {} satisfies Fields;
const nothing = z.object({});

interface Read<Query extends Fields, Params extends z.ZodObject> extends Description {
  query?: Query;
  /** The parameters that an address has to have. */
  needed?: readonly (keyof Query & string)[];
  params?: Params;
  /** On what the answer depends besides the revision. */
  etagPart?(snapshot: Snapshot): string;
  answer(asked: Asked<Question<Query>, z.infer<Params>>): Answer | Promise<Answer>;
}

interface Post<Body extends Fields> extends Description {
  body: Body;
  needed?: readonly (keyof Body & string)[];
  /** The name of the body in the OpenAPI document, and an example. */
  name: string;
  example?: object;
  answer(asked: Asked<Question<Body>, object>): Answer | Promise<Answer>;
}

/** Values of fields, with the defaults of questions that depend on the day. */
type Question<Of extends Fields> = Reading<Of> & ('as_of' extends keyof Of ? Settled : object);

/** The members that say when a question is asked. */
interface Moment {
  revision?: number | undefined;
  as_of?: string | undefined;
  answer_version?: number | undefined;
}

/** A GET route whose answer depends on the address, the revision and, if its query has `as_of`, the day. */
export function readRoute<
  Query extends Fields = typeof NOTHING,
  Params extends z.ZodObject = typeof nothing,
>({ query = NOTHING as unknown as Query, needed = [], params, ...about }: Read<Query, Params>): Route {
  const { path, tag, summary, schema, answer, etagPart = () => '' } = about;
  const isDated = 'as_of' in query;
  // An entry of the log is what was published; answers about a revision have prose, which may get better.
  const isEntry = params !== undefined && 'revision' in params.shape;
  // Made for the first question: an isolate starts for all routes, and is mostly asked by a few.
  let readAddress: ReturnType<typeof addressReader<Query>> | undefined;
  return {
    ...{ method: 'get', path, access: 'everyone', caching: isEntry ? 'forever' : 'revision' },
    get operations(): RouteConfig[] {
      const request = { query: describedQuery(query, needed), ...(params && { params }) };
      const responses = {
        200: given(summary, { 'application/json': schema }),
        304: notModified,
        default: problemResponse,
      };
      return [{ method: 'get', path, tags: [tag], summary, request, responses }];
    },
    async respond(c, written) {
      readAddress ??= addressReader(query, needed);
      const read = readAddress(c.req.url, written);
      if (!read.ok) return problemOf(read.issues);
      const { query: values, params: named } = read.value;
      const { as_of, answer_version, revision = (named as Moment).revision } = values as Moment;
      if (answer_version !== undefined && answer_version !== ANSWER_VERSION) return otherVersion();
      const { text: day, ends: until } = thisDay();
      const asOf = as_of ?? day;
      const snapshot = currentSnapshot(c) ?? (await openSnapshot(c));
      const outcome = revision === undefined ? null : snapshot.view(revision);
      if (outcome?.ok === false) return problemOf(outcome.issues);
      const view = outcome?.value ?? snapshot.head;
      const question = (isDated ? { ...UNSETTLED, as_of: asOf, ...values } : values) as Question<Query>;
      const asked = { query: question, params: named, view, snapshot, asOf, env: c.env };
      const given = await answer(asked as Asked<Question<Query>, z.infer<Params>>);
      if (given instanceof Response) return given;
      const body = typeof given === 'string' ? given : JSON.stringify(given);
      const isWhole = isEntry || (revision !== undefined && answer_version !== undefined);
      const immutable = isWhole && (!isDated || as_of !== undefined);
      const parts = [view.stamp.digest, isDated ? asOf : '', etagPart(snapshot)].filter(Boolean);
      return answerReadily(c, { body, parts, immutable, until }, snapshot);
    },
  };
}

interface Own {
  method?: Route['method'];
  path: string;
  tag: string;
  summary: string;
  access?: Route['access'];
  caching: Caching;
  params?: z.ZodObject;
  /** The headers and the body that the route takes. */
  request?: RouteConfig['request'];
  /** Responses of success, and of failures that the route names. */
  responses: RouteConfig['responses'];
  respond: Route['respond'];
}

/** A route that makes its responses itself. */
export function ownRoute(row: Own): Route {
  const { method = 'get', path, tag, summary, access = 'everyone', caching, params, respond } = row;
  const operation: RouteConfig = {
    ...{ method, path, tags: [tag], summary },
    ...(access === 'publishers' && { security: [{ token: [] }] }),
    request: { ...(params && { params }), ...row.request },
    responses: { ...row.responses, default: problemResponse },
  };
  return { method, path, access, caching, operations: [operation], respond };
}

interface FileRow extends Omit<Own, 'responses' | 'respond'> {
  caching: keyof typeof CACHE_CONTROL;
  /** The answer in words. */
  gives: string;
  isBinary?: true;
  answer(c: Call, params: Record<string, string>): Promise<BodyInit | Response>;
}

/** A GET route for a text or for bytes, which the headers of its row go with. */
export function fileRoute({ gives, isBinary, answer, ...row }: FileRow): Route {
  const content = isBinary ? { 'application/octet-stream': z.any() } : { 'text/plain': z.string() };
  const headers = {
    'content-type': isBinary ? 'application/octet-stream' : 'text/plain; charset=utf-8',
    'cache-control': CACHE_CONTROL[row.caching],
    'access-control-allow-origin': '*',
  };
  return ownRoute({
    ...row,
    responses: { 200: given(gives, content) },
    async respond(c, params) {
      const body = await answer(c, params);
      return body instanceof Response ? body : new Response(body, { headers });
    },
  });
}

/** A GET route that redirects, and is not described. */
export function unlisted(path: string, respond: Route['respond']): Route {
  return { ...{ method: 'get', path, access: 'everyone', caching: 'hour' }, operations: [], respond };
}

/** A POST route whose question is a JSON body, and whose answer is not cached. */
export function postRoute<Body extends Fields>({
  body,
  needed = [],
  name,
  example,
  ...about
}: Post<Body>): Route {
  const { path, tag, summary, schema, answer } = about;
  return {
    ...{ method: 'post', path, access: 'everyone', caching: 'never' },
    get operations(): RouteConfig[] {
      const described = describedBody(body, needed, name, example);
      const request = { body: { required: true, content: { 'application/json': { schema: described } } } };
      const responses = {
        200: given(summary, { 'application/json': schema }),
        413: rejected('The body is too large'),
        415: rejected('The body is not JSON by its content type'),
        default: problemResponse,
      };
      return [{ method: 'post', path, tags: [tag], summary, request, responses }];
    },
    async respond(c) {
      const written = await readJson(c.req.raw);
      if (written instanceof Response) return written;
      const read = readBody(written.json, body, needed);
      if (!read.ok) return problemOf(read.issues);
      const { revision, as_of: asOf = today() } = read.value as Moment;
      const snapshot = await openSnapshot(c);
      const view = snapshot.view(revision);
      if (!view.ok) return problemOf(view.issues);
      const query = settled(read.value, asOf) as Question<Body>;
      const given = await answer({ query, params: {}, view: view.value, snapshot, asOf, env: c.env });
      if (given instanceof Response) return given;
      const headers = {
        'content-type': 'application/json',
        'access-control-allow-origin': '*',
        'cache-control': 'no-store',
      };
      return new Response(typeof given === 'string' ? given : JSON.stringify(given), { headers });
    },
  };
}

/** The routes whose path has no parameters, which need no router. */
export function directRoutes(routes: readonly Route[]): Map<string, Route> {
  const direct = routes.filter(({ method, path }) => method === 'get' && !path.includes('{'));
  return new Map(direct.map((route) => [route.path, route]));
}

/** The resolver's answer, or a problem document with its issues. */
export function answerOf(outcome: Outcome<object>): object {
  return outcome.ok ? outcome.value : problemOf(outcome.issues);
}

export const notModified = { description: 'The answer is the one that `If-None-Match` names' };

export const problemResponse = {
  description: 'A problem document',
  content: { 'application/problem+json': { schema: Problem } },
};

export const rejected = (description: string) => ({ ...problemResponse, description });

/** The description of a response, by the content types that it may have. */
export function given(description: string, schemas: Record<string, z.ZodType>) {
  const content = Object.entries(schemas).map(([type, schema]) => [type, { schema }]);
  return { description, content: Object.fromEntries(content) as Record<string, { schema: z.ZodType }> };
}

function otherVersion(): Response {
  const detail = `This registry supports answer version ${ANSWER_VERSION}.`;
  return problem('unknown_answer_version', detail);
}
