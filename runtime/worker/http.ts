/** Requests and responses for Python, in one call each instead of many: in a Worker, and in its build. */

/** Names and values, each on a line of its own: no header contains a line end. */
function joinHeaders(headers: Headers): string {
  const lines: string[] = [];
  for (const [name, value] of headers) lines.push(name, value);
  return lines.join('\n');
}

/** Not as `Headers`: a response makes its own of them, and each is an object of workerd's for its collector of garbage. */
export function splitHeaders(lines: string): [name: string, value: string][] {
  const headers: [string, string][] = [];
  if (lines === '') return headers;
  const parts = lines.split('\n');
  for (let at = 0; at < parts.length; at += 2) headers.push([parts[at]!, parts[at + 1]!]);
  return headers;
}

/** With these, `Response` accepts no body, not even an empty one. */
const BODILESS = new Set([101, 204, 205, 304]);

/** If the headers name a content encoding, the body is encoded already. */
export function initOf(status: number, statusText: string | undefined, lines: string) {
  const headers = splitHeaders(lines);
  const init: ResponseInit & { encodeBody?: 'manual' } = { status, headers };
  if (statusText !== undefined) init.statusText = statusText;
  if (headers.some(([name]) => name.toLowerCase() === 'content-encoding')) init.encodeBody = 'manual';
  return init;
}

type Body = Uint8Array<ArrayBuffer> | string | ReadableStream | null | undefined;

export const http = {
  joinHeaders,

  /** Method, URL, whether there is a body, and the headers. */
  describe(request: Request): string {
    return `${request.method}\n${request.url}\n${request.body === null ? '' : '1'}\n${joinHeaders(request.headers)}`;
  },

  respond(status: number, statusText: string | undefined, headers: string, body: Body): Response {
    // Python's None is undefined here.
    const content = body === undefined || BODILESS.has(status) ? null : body;
    return new Response(content, initOf(status, statusText, headers));
  },

  /** A property; a method as a function of its own. */
  property(object: Record<string, (...values: unknown[]) => unknown>, name: string): unknown {
    const value = object[name];
    return typeof value === 'function' ? (...values: unknown[]) => object[name]!(...values) : value;
  },

  /** Each call returns the next part of the request's body, or undefined at its end. */
  read(request: Request): () => Promise<Uint8Array | undefined> {
    const reader = request.body?.getReader();
    return async () => (await reader?.read())?.value;
  },
};
