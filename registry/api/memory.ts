/** Memory of packages, from which `pinwheel build` starts if a project wants that: made by operators, and signed here. */
import * as z from 'zod';
import { concat } from '../../resolver/bytes.ts';
import type { SigningKey } from '../../resolver/log/note.ts';
import {
  keyOfMemory,
  MOST_FILE,
  MOST_HEADER,
  readHeader,
  type StatedMemory,
} from '../../runtime/memory-file.ts';
import type { Bindings } from '../env.ts';
import { described } from '../http/described.ts';
import { problem } from '../http/problem.ts';
import { etagOf, reply } from '../http/reply.ts';
import { getRoute, notModified, problemResponse, type Route, rejected } from '../http/route.ts';
import { noKey } from '../log/no-key.ts';
import { authorize, lacking } from '../publish/access/authorize.ts';
import { signingKey } from '../storage/log-files.ts';
import { deleteMemory, findMemory, getMemory, putMemory } from '../storage/memory-objects.ts';
import { StorageUnavailableError } from '../storage/operations.ts';
import { OtherBytes } from '../storage/wheel-objects.ts';
import { logEvent } from '../structured-log.ts';
import { piecesOf } from '../wheels/pieces.ts';
import { sendStored } from '../wheels/send-file.ts';

const NEWLINE = 0x0a;
const HASH = /^[0-9a-f]{64}$/;

const key = described(z.string(), {
  description: 'The SHA-256 of what it is made from.',
  example: '64'.repeat(32),
});
const sha256 = described(z.string(), { description: 'Of the file.', example: '46'.repeat(32) });
const filePath = '/v1/memory/{key}/{sha256}';
const bytes = { 'application/octet-stream': { schema: z.any() } };

const statementRoute = getRoute(
  {
    path: '/v1/memory/{key}',
    tags: ['Memory'],
    summary: 'The SHA-256 and the size of the memory of some packages, signed by the key of the log',
    request: { params: z.object({ key }) },
    responses: {
      200: {
        description:
          'A signed note (C2SP signed-note) of four lines: `Pinwheel memory`, the key, the SHA-256 and the size in bytes',
        content: { 'text/plain': { schema: z.string() } },
      },
      304: notModified,
      default: problemResponse,
    },
  },
  async (c, { key = '' }) => {
    const signer = await signingKey(c.env);
    if (!signer) return noKey();
    const found = HASH.test(key) ? await findMemory(c.env.STORE, signer, key) : null;
    if (!found) return unknownMemory();
    const contentType = 'text/plain; charset=utf-8';
    return reply(c, { body: found.note, etag: etagOf(c, found.sha256), immutable: false, contentType });
  },
);

const fileRoute = getRoute(
  {
    path: filePath,
    tags: ['Memory'],
    summary: 'The memory of some packages, by its SHA-256; with `Range`, a part of it',
    request: { params: z.object({ key, sha256 }) },
    responses: {
      200: { description: 'All of it', content: bytes },
      206: { description: 'One range', content: bytes },
      304: notModified,
      default: problemResponse,
    },
  },
  async (c, { key = '', sha256 = '' }) => {
    const { STORE } = c.env;
    const signer = await signingKey(c.env);
    if (!signer) return noKey();
    const found = HASH.test(key) ? await findMemory(STORE, signer, key) : null;
    if (found?.sha256 !== sha256) return unknownMemory();
    return sendStored(c, {
      sha256,
      contentType: 'application/octet-stream',
      head: async () => found,
      get: async (range) => (await getMemory(STORE, signer, key, range)) ?? unknownMemory(),
      remove: () => deleteMemory(STORE, key),
    });
  },
);

const Outcome = described(
  z.strictObject({
    status: z.enum(['published', 'unchanged']),
    key: z.string(),
    sha256: z.string(),
    size: z.int(),
  }),
  'MemoryOutcome',
);

const json = (description: string) => ({ description, content: { 'application/json': { schema: Outcome } } });

const publishRoute: Route = {
  method: 'post',
  path: filePath,
  limitsBody: true,
  operations: [
    {
      method: 'post',
      path: filePath,
      tags: ['Memory'],
      summary: 'Publish the memory of some packages',
      security: [{ token: [] }],
      request: {
        params: z.object({ key, sha256 }),
        headers: z.object({
          authorization: described(z.string(), {
            description: '`Bearer` and a token with the scope `memory`.',
          }),
          'content-length': described(z.string(), { description: `${MOST_FILE} at most.` }),
        }),
        body: { required: true, content: bytes },
      },
      responses: {
        200: json('It was published before'),
        201: json('It is published'),
        400: rejected('The address or the size cannot be read'),
        401: rejected('No token, or an invalid one'),
        403: rejected('A token without the scope `memory`'),
        409: rejected('Other bytes were published under that key'),
        413: rejected('The body is too large'),
        422: rejected('The body is not such memory, or has another SHA-256'),
        default: problemResponse,
      },
    },
  ],
  async respond(c, { key = '', sha256 = '' }) {
    const publisher = await authorize(c);
    if (publisher instanceof Response) return publisher;
    const missing = lacking(publisher, ['memory']);
    if (missing) return missing;
    if (!HASH.test(key) || !HASH.test(sha256)) {
      return problem(
        'invalid_question',
        'The address is /v1/memory/{key}/{sha256}, each in lower-case hexadecimal.',
      );
    }
    const size = Number(c.req.raw.headers.get('content-length') ?? Number.NaN);
    if (!(size > 0)) return problem('invalid_question', 'Send the size of the file as Content-Length.');
    if (size > MOST_FILE) {
      return problem('body_too_large', `Memory may have ${MOST_FILE / 1024 / 1024} MB at most.`);
    }
    const signer = await signingKey(c.env);
    if (!signer) return noKey();
    const used = await publisher.use(false);
    if (used) return used;
    const memory = { key, sha256, size };
    return (
      (await known(c.env, signer, memory)) ??
      (await store(c.env, signer, memory, c.req.raw.body!)) ??
      published(memory, publisher.name)
    );
  },
};

export const memoryRoutes: readonly Route[] = [statementRoute, fileRoute, publishRoute];

/** The response if the key is taken. */
async function known(
  { STORE }: Bindings,
  signer: SigningKey,
  { key, sha256 }: StatedMemory,
): Promise<Response | undefined> {
  const found = await findMemory(STORE, signer, key);
  if (!found) return undefined;
  if (found.sha256 === sha256) return outcome('unchanged', found);
  return problem(
    'conflict',
    `The memory ${key} was published with the SHA-256 ${found.sha256}, not ${sha256}.`,
  );
}

/** Stores a file while it arrives; or the response of why not. */
async function store(
  env: Bindings,
  signer: SigningKey,
  memory: StatedMemory,
  body: ReadableStream<Uint8Array>,
): Promise<Response | undefined> {
  const upload = new Upload(body);
  try {
    const begun = await readLine(upload);
    if (!begun) return refuse(`does not begin with a line of ${MOST_HEADER} bytes at most`);
    const read = readHeader(begun.line);
    if (!read.ok) return refuse(read.problem);
    const expected = await keyOfMemory(read.header);
    if (expected !== memory.key) return refuse(`has the key ${expected}, not ${memory.key}`);
    const bytes = streamOf(begun.bytes, upload, memory.size);
    if (await putMemory(env.STORE, signer, memory, bytes)) return undefined;
  } catch (error) {
    if (error instanceof OtherBytes) return refuse(`does not have the SHA-256 ${memory.sha256}`);
    await upload.readRest();
    if (upload.size !== memory.size) return refuse(`has ${upload.size} bytes, not ${memory.size}`);
    throw error;
  } finally {
    await upload.readRest();
  }
  const other = await known(env, signer, memory);
  if (other) return other;
  throw new StorageUnavailableError('memory was stored and lost at the same time');
}

/** The body of a request, in pieces. */
class Upload {
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** So far. */
  size = 0;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#pieces = piecesOf(body);
  }

  /** Valid until the next piece is read; null at the end. */
  async next(): Promise<Uint8Array | null> {
    const { done, value } = await this.#pieces.next();
    if (done) return null;
    this.size += value.length;
    return value;
  }

  /** workerd closes the connection of an unread body without saying so. */
  async readRest(): Promise<void> {
    try {
      while (await this.next());
    } catch {
      // The client is gone.
    }
  }
}

/** A stream of known length, as R2 needs it: the bytes that were read of an upload, and the rest. */
function streamOf(begun: Uint8Array, upload: Upload, size: number): ReadableStream {
  const { readable, writable } = new FixedLengthStream(size);
  const writer = writable.getWriter();
  const forward = async () => {
    await writer.write(begun);
    for (let piece = await upload.next(); piece; piece = await upload.next()) await writer.write(piece);
    await writer.close();
  };
  // The stream fails as well.
  writer.closed.catch(() => {});
  forward().catch((error: unknown) => writer.abort(error).catch(() => {}));
  return readable;
}

/** The first line of an upload, without its end, and all bytes that were read of it. */
async function readLine(upload: Upload): Promise<{ line: Uint8Array; bytes: Uint8Array } | null> {
  let bytes = new Uint8Array(0);
  while (bytes.length <= MOST_HEADER) {
    const piece = await upload.next();
    if (!piece) return null;
    const at = bytes.length;
    bytes = concat([bytes, piece]);
    const end = bytes.indexOf(NEWLINE, at);
    if (end >= 0) return end <= MOST_HEADER ? { line: bytes.subarray(0, end), bytes } : null;
  }
  return null;
}

function published({ key, sha256, size }: StatedMemory, publisher: string): Response {
  logEvent('published memory', { key, sha256, size, publisher });
  return outcome('published', { key, sha256, size });
}

function outcome(status: 'published' | 'unchanged', { key, sha256, size }: StatedMemory): Response {
  return Response.json(
    { status, key, sha256, size },
    { status: status === 'published' ? 201 : 200, headers: { 'cache-control': 'no-store' } },
  );
}

const refuse = (what: string) => problem('refused_publication', `The file ${what}.`);

const unknownMemory = () => problem('unknown_memory', 'No memory is published under this key.');
