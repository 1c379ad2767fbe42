/** The requests that a Worker is tried with: of a `requests.http`, of a HAR file, or of an OpenAPI document. */
import * as z from 'zod';
import { isTable } from '../../../resolver/formats/table.ts';
import { malformedRequests } from '../../../resolver/issues/files.ts';
import { inputError } from '../../common/read-text.ts';
import type { Header, WorkerRequest } from '../../worker/ask.ts';

export interface NamedRequest extends WorkerRequest {
  /** The method and the path, after the name that the file gives it. */
  name: string;
}

const MOST_REQUESTS = 1000;
/** The host if none is named: that of this machine, as with `wrangler dev`. */
const HOST = 'localhost';
/** About the connection. The length follows from the body. */
const OMITTED = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);
const METHOD = /^[A-Z][A-Z-]*$/;

const refusal = (given: Parameters<typeof malformedRequests>[0], cause?: unknown) =>
  inputError([malformedRequests(given)], cause);

/** @param address where it goes: the Worker takes its place, and gets its host */
function requestOf(
  method: string,
  address: string,
  headers: readonly Header[],
  body: string | null,
  label = '',
): (NamedRequest & { origin: string }) | null {
  const base = address.startsWith('/') ? `http://${HOST}` : undefined;
  const url = URL.parse(address.startsWith('//') ? `http://${HOST}${address}` : address, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const given = headers.filter(([name]) => !OMITTED.has(name.toLowerCase()));
  const hasHost = given.some(([name]) => name.toLowerCase() === 'host');
  const target = `${url.pathname}${url.search}`;
  return {
    name: `${label === '' ? '' : `${label}: `}${method} ${target}`,
    method,
    target,
    headers: hasHost ? given : [['Host', url.host], ...given],
    body,
    origin: url.origin,
  };
}

/** The format of the REST clients of editors: requests between lines of `###`, and variables. */
export function readHttpFile(file: string, text: string): NamedRequest[] {
  const variables = new Map<string, string>();
  const lines = text.split(/\r?\n/);
  const starts = [-1, ...lines.flatMap((line, at) => (line.startsWith('###') ? [at] : []))];
  const requests = starts.flatMap((start, index) => {
    const own = lines.slice(start + 1, starts[index + 1]);
    const label = (lines[start] ?? '').replace(/^#+/, '').trim();
    return readRequest(file, own, start + 2, label, variables) ?? [];
  });
  return checked(file, requests);
}

function checked<Request>(file: string, requests: Request[]): Request[] {
  if (requests.length === 0) throw refusal({ problem: 'no_request', file });
  if (requests.length > MOST_REQUESTS) throw refusal({ problem: 'too_many', file, most: MOST_REQUESTS });
  return requests;
}

/** A line that names a file, or a script of an editor. */
const ELSEWHERE = /^(?:<@?\s+\S|>\s+(?:\{%|\S+\.js\s*$)|>>!?\s)/;
const COMMENT = /^\s*(?:#|\/\/)/;
const VARIABLE = /^\s*@([\w-]+)\s*=\s*(.*?)\s*$/;

/** Whether the lines of the body end with CR and LF (RFC 2046), as editors send them. */
const isMultipart = ([name, value]: Header) => /^content-type$/i.test(name) && /^multipart\//i.test(value);

/** Null if the lines have no request. `first`: the number of the first line. */
function readRequest(
  file: string,
  lines: readonly string[],
  first: number,
  title: string,
  variables: Map<string, string>,
): NamedRequest | null {
  let label = title;
  const where = (at: number) => `${file}, line ${first + at}`;
  const filled = (at: number) =>
    lines[at]!.replace(/\{\{(.*?)\}\}/g, (_, written: string) => {
      const name = written.trim();
      const value = variables.get(name);
      if (value === undefined) throw refusal({ problem: 'unknown_variable', where: where(at), name });
      return value;
    });
  let start = -1;
  let written = '';
  const headers: Header[] = [];
  let at = 0;
  // A request ends with an empty line, after which its body comes.
  for (; at < lines.length && (start < 0 || lines[at]!.trim() !== ''); at++) {
    const line = lines[at]!;
    if (COMMENT.test(line)) label = /^\W*@name[\s=]+(\S+)/.exec(line)?.[1] ?? label;
    else if (start < 0) {
      const [, name] = VARIABLE.exec(line) ?? [];
      if (name !== undefined) variables.set(name, VARIABLE.exec(filled(at))![2]!);
      else if (line.trim() !== '') [start, written] = [at, filled(at).trim()];
    } else if (headers.length === 0 && /^\s+[?&]/.test(line)) written += filled(at).trim();
    else {
      const [, name, value] = /^([!#$%&'*+.^`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(filled(at)) ?? [];
      if (name === undefined) throw refusal({ problem: 'no_header', where: where(at), line });
      headers.push([name, value!]);
    }
  }
  if (start < 0) return null;
  const body = lines.slice(at + 1).map((line, below) => {
    const place = at + 1 + below;
    if (ELSEWHERE.test(line)) throw refusal({ problem: 'not_supported', where: where(place), line });
    return filled(place);
  });
  const [, method = 'GET', address = ''] = /^(?:([A-Z-]+)\s+)?(.+?)(?:\s+HTTP\/[\d.]+)?$/.exec(written) ?? [];
  const end = headers.some(isMultipart) ? '\r\n' : '\n';
  const request = requestOf(method, address, headers, body.join(end).trimEnd() || null, label);
  if (request !== null) return request;
  throw refusal({ problem: 'no_request_line', where: where(start), line: lines[start]! });
}

const Har = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });
const HarHeader = z
  .object({ name: z.string(), value: z.string() })
  .transform(({ name, value }): Header => [name, value]);
const HarRequest = z.object({
  method: z.string().regex(METHOD),
  url: z.string(),
  headers: z.array(HarHeader).default([]),
  postData: z.object({ text: z.string() }).nullish(),
});
const HarEntry = z.object({ request: HarRequest }).transform(({ request }) => {
  const sent = request.headers.filter(([name]) => !name.startsWith(':'));
  return requestOf(request.method, request.url, sent, request.postData?.text || null);
});

/** Requests to the origin of the first one. Browsers record others, too, such as WebSockets: they are left out. */
export function readHar(file: string, text: string): { requests: NamedRequest[]; leftOut: number } {
  let entries: unknown[];
  try {
    entries = Har.parse(JSON.parse(text)).log.entries;
  } catch (error) {
    throw refusal({ problem: 'no_har', file }, error);
  }
  const all = entries.flatMap((entry) => HarEntry.safeParse(entry).data ?? []);
  const requests = all.filter(({ origin }) => origin === all[0]!.origin);
  return { requests: checked(file, requests), leftOut: entries.length - requests.length };
}

/** The routes that need neither a parameter nor a body. */
export function routesOf(openapi: unknown): NamedRequest[] {
  const paths = isTable(openapi) && isTable(openapi.paths) ? openapi.paths : {};
  return Object.entries(paths).flatMap(([path, item]) => {
    if (!isTable(item) || path.includes('{')) return [];
    return METHODS.flatMap((method) => {
      const operation = item[method];
      if (!isTable(operation)) return [];
      const parameters = [item.parameters, operation.parameters, operation.requestBody].flat();
      if (parameters.some((parameter) => isTable(parameter) && parameter.required === true)) return [];
      return requestOf(method.toUpperCase(), path, [], null) ?? [];
    });
  });
}

const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'];

export const pageAt = (path: string): NamedRequest => requestOf('GET', path, [], null)!;
