/** Publishing over HTTP: the gate, behind a token. */

import * as z from 'zod';
import { readAtMost } from '../../resolver/bytes.ts';
import type { Issue, Outcome } from '../../resolver/index.ts';
import type { Fields } from '../../resolver/question/fields.ts';
import { RegistryDocument } from '../../resolver/schemas.ts';
import type { Call } from '../env.ts';
import { brokenOff } from '../http/body.ts';
import { describedQuery } from '../http/described.ts';
import { detailOf, onTheWire, problem, problemOf } from '../http/problem.ts';
import { addressReader } from '../http/question.ts';
import { NEWEST, today } from '../http/reply.ts';
import { lacking, type Publisher } from '../publish/access/authorize.ts';
import { scopesNeeded } from '../publish/access/token.ts';
import { LIMITS, MOST_DOCUMENT } from '../publish/gate/read-document.ts';
import { WHEEL_LIMITS } from '../publish/gate/wheel-file.ts';
import { publish } from '../publish/publish.ts';
import { lookAgain } from '../storage/isolate.ts';
import { readWhole } from '../storage/newest.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { integrate } from '../storage/signed-head.ts';
import { logError, logEvent } from '../structured-log.ts';

/**
 * The limit of a document with its wheels, of which an isolate of 128 MB holds several copies while it reads them.
 * Today's sets have half a megabyte with their Pinwheel-built wheels.
 */
const MOST_BYTES = 8 * 1024 * 1024;

const QUERY = {
  dry_run: {
    kind: 'flag',
    meaning: 'whether only to list what is wrong and what would change',
    example: true,
  },
} as const satisfies Fields;
const readQuery = addressReader(QUERY, []);

/** The request of a publication. */
export const submission = {
  request: {
    query: describedQuery(QUERY, []),
    headers: z.object({
      authorization: z.string().meta({ description: '`Bearer` and a token, or the identity of a CI job.' }),
    }),
    body: {
      required: true,
      description: `${LIMITS} With its wheels, a document has ${MOST_BYTES / 1024 / 1024} MB at most. ${WHEEL_LIMITS}`,
      content: {
        'application/json': { schema: RegistryDocument },
        'multipart/form-data': {
          schema: z.object({
            document: z.string().meta({ description: 'The JSON of the document.' }),
            wheel: z.any().optional().meta({
              type: 'string',
              format: 'binary',
              description: 'A wheel of Pinwheel’s own that the set pins; repeatable.',
            }),
          }),
        },
      },
    },
  },
};

export async function sendPublication(
  c: Call,
  _: object,
  publisher: Publisher | undefined,
): Promise<Response> {
  const read = readQuery(c.req.url, {});
  if (!read.ok) return problemOf(read.issues);
  const given = await readBody(c.req.raw);
  if (given instanceof Response) return given;
  const missing = lacking(publisher!, scopesNeeded(given.document));
  if (missing) return missing;
  const dryRun = read.value.query.dry_run ?? false;
  const used = await publisher!.use(dryRun);
  return used ?? answer(c, publisher!, given, dryRun);
}

async function answer(
  c: Call,
  { name: publisher, publicName, giveBack }: Publisher,
  { document, wheels }: Submission,
  dryRun: boolean,
): Promise<Response> {
  const attempt = async () =>
    publish(c.env, await readWhole(c.env), document, today(), {
      ...{ given: wheels, dryRun, publisher: publicName },
    });
  const outcome = await untilFirst(attempt).catch(async (cause: unknown) => {
    if (!dryRun) await giveBack();
    throw cause instanceof StorageUnavailableError
      ? cause
      : new StorageUnavailableError('the publication could not be written', { cause });
  });
  if (!outcome.ok) {
    if (!dryRun) await giveBack();
    return refuse(outcome.issues);
  }
  const { status, publication, changes, other_bytes, catalog: after } = outcome.value;
  if (status === 'published') {
    const { revision, kind, name } = publication;
    logEvent('published', { revision, kind, name, publisher });
    lookAgain();
    // A request that finds R2 outdated updates it.
    await integrate(c.env, after).catch((error: unknown) => logError('R2 is behind', error));
    await forgetNewest(c);
  }
  if (dryRun) {
    const { kind, name } = publication;
    logEvent('checked', { kind, name, publisher });
  }
  return Response.json(
    { status, publication, changes, other_bytes },
    { status: status === 'published' ? 201 : 200, headers: { 'cache-control': 'no-store' } },
  );
}

/** How often the Worker tries to publish a document while others publish before it. */
const MOST_TRIES = 5;
/** The longest `Retry-After` in seconds. Each refused publisher gets a random one, so that they do not meet again. */
const MOST_WAIT = 5;

async function untilFirst<Value>(publishing: () => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
  for (let tries = 1; ; tries++) {
    const outcome = await publishing();
    if (outcome.ok || tries === MOST_TRIES || !outcome.issues.some(isOvertaken)) return outcome;
  }
}

const isOvertaken = ({ code }: Issue) => code === 'other_head';

function refuse(issues: readonly Issue[]): Response {
  const conflicts = issues.some(({ kind }) => kind === 'conflict');
  const code = conflicts ? 'conflict' : 'refused_publication';
  const response = problem(code, detailOf(issues), issues.map(onTheWire));
  if (issues.some(isOvertaken))
    response.headers.set('retry-after', String(1 + Math.floor(Math.random() * MOST_WAIT)));
  return response;
}

interface Submission {
  document: unknown;
  wheels: Map<string, Uint8Array>;
}

async function readBody(request: Request): Promise<Submission | Response> {
  const type = request.headers.get('content-type') ?? 'application/json';
  const isForm = /^multipart\/form-data\s*;/i.test(type);
  if (!isForm && !/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type)) {
    return problem('unsupported_media_type', 'A publication is JSON, or a form with the JSON and wheels.');
  }
  const most = isForm ? MOST_BYTES : MOST_DOCUMENT;
  const bytes = await bytesOf(request, most);
  if (!bytes) return tooLarge(most);
  const wheels = new Map<string, Uint8Array>();
  let text: string;
  if (isForm) {
    const form = await new Response(bytes, { headers: { 'content-type': type } })
      .formData()
      .catch(() => null);
    const document = form?.get('document');
    if (!form || document == null) return problem('invalid_question', 'The form has no field document.');
    text = typeof document === 'string' ? document : await (document as Blob).text();
    if (new Blob([text]).size > MOST_DOCUMENT) return tooLarge(MOST_DOCUMENT);
    for (const file of form.getAll('wheel') as (string | File)[]) {
      if (typeof file === 'string') return problem('invalid_question', 'A wheel in the form is not a file.');
      wheels.set(file.name, new Uint8Array(await file.arrayBuffer()));
    }
  } else text = new TextDecoder().decode(bytes);
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document))
      return { document, wheels };
  } catch {
    // Reported below.
  }
  return problem('invalid_question', 'The document is not one JSON object.');
}

/** The bytes of a body; null if there are too many, of which the rest is not read. */
async function bytesOf(request: Request, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > most) return null;
  return readAtMost(request.body, most).catch(brokenOff);
}

function tooLarge(most: number): Response {
  const what = most === MOST_DOCUMENT ? 'A document' : 'A publication';
  return problem('body_too_large', `${what} may have ${most / 1024 / 1024} MB at most.`);
}

/**
 * Purges every answer of the newest revision after a publication. A failure does not fail the publication: the answers
 * expire within a minute.
 */
export async function forgetNewest({ executionCtx }: Pick<Call, 'executionCtx'>): Promise<void> {
  try {
    const outcome = await executionCtx.cache?.purge({ tags: [NEWEST] });
    if (outcome?.success === false) throw new Error(outcome.errors.map(({ message }) => message).join('; '));
  } catch (error) {
    logError('the cache in front of the Worker was not purged', error);
  }
}
