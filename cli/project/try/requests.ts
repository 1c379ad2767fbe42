/** The requests that a Worker is tried with: of a `requests.http`, of a HAR file, or of an OpenAPI document. */
import { isTable } from '../../../resolver/formats/table.ts';
import { malformedRequests } from '../../../resolver/issues/files.ts';
import { inputError } from '../../common/read-text.ts';
import type { Header, WorkerRequest } from '../../worker/ask.ts';

export interface NamedRequest extends WorkerRequest {
  /** The method and the path, after the name that the file gives it. */
  name: string;
}

export interface Recorded {
  requests: NamedRequest[];
  /** How many are left out, because they went elsewhere. */
  elsewhere: number;
}

const MOST_REQUESTS = 1000;
/** The host if none is named: that of this machine, as with `wrangler dev`. */
const HOST = 'localhost';
/** About the connection. The length follows from the body. */
const OMITTED = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);
const METHOD = /^[A-Z][A-Z-]*$/;

type Problem = Parameters<typeof malformedRequests>[0];

const refusal = (given: Problem) => inputError([malformedRequests(given)]);

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
  const requests: NamedRequest[] = [];
  const lines = text.split(/\r?\n/);
  const starts = [-1, ...lines.flatMap((line, at) => (line.startsWith('###') ? [at] : []))];
  for (const [index, start] of starts.entries()) {
    const own = lines.slice(start + 1, starts[index + 1]);
    const label = start < 0 ? '' : lines[start]!.replace(/^#+/, '').trim();
    const request = readRequest(file, own, start + 2, label, variables);
    if (request !== null) requests.push(request);
    if (requests.length > MOST_REQUESTS) throw refusal({ problem: 'too_many', file, most: MOST_REQUESTS });
  }
  if (requests.length === 0) throw refusal({ problem: 'no_request', file });
  return requests;
}

/** A line that names a file, or a script of an editor. */
const ELSEWHERE = /^(?:<@?\s+\S|>\s+(?:\{%|\S+\.js\s*$)|>>!?\s)/;

/** Null if the lines have no request. `first`: the number of the first line. */
function readRequest(
  file: string,
  lines: readonly string[],
  first: number,
  title: string,
  variables: Map<string, string>,
): NamedRequest | null {
  let label = title;
  let at = 0;
  const where = () => `${file}, line ${first + at}`;
  const filled = (text: string) =>
    text.replace(/\{\{(.*?)\}\}/g, (_, written: string) => {
      const name = written.trim();
      const value = variables.get(name);
      if (value === undefined) throw refusal({ problem: 'unknown_variable', where: where(), name });
      return value;
    });
  /** Whether the line is a comment, which may name the request. */
  const skips = (line: string) => {
    const [, comment] = /^\s*(?:#|\/\/)(.*)/.exec(line) ?? [];
    if (comment !== undefined) label = /^\s*@name[\s=]+(\S+)/.exec(comment)?.[1] ?? label;
    return comment !== undefined;
  };
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === '' || skips(line)) continue;
    const [, name, value] = /^\s*@([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) break;
    variables.set(name, filled(value!));
  }
  if (at === lines.length) return null;

  const began = at;
  let written = filled(lines[at]!.trim());
  while (/^\s+[?&]/.test(lines[at + 1] ?? '')) written += filled(lines[++at]!.trim());
  const [, method = 'GET', address = ''] = /^(?:([A-Z-]+)\s+)?(.+?)(?:\s+HTTP\/[\d.]+)?$/.exec(written) ?? [];
  const headers: Header[] = [];
  for (at++; at < lines.length && lines[at]!.trim() !== ''; at++) {
    if (skips(lines[at]!)) continue;
    const [, name, value] = /^([!#$%&'*+.^`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(filled(lines[at]!)) ?? [];
    if (name === undefined) throw refusal({ problem: 'no_header', where: where(), line: lines[at]! });
    headers.push([name, value!]);
  }
  const body: string[] = [];
  for (at++; at < lines.length; at++) {
    const line = lines[at]!;
    if (ELSEWHERE.test(line)) throw refusal({ problem: 'not_supported', where: where(), line });
    body.push(filled(line));
  }
  const content = body.join('\n').trimEnd();
  const request = requestOf(method, address, headers, content === '' ? null : content, label);
  at = began;
  if (request === null) throw refusal({ problem: 'no_request_line', where: where(), line: lines[at]! });
  return request;
}

/** Those to the origin of the first: a browser also records those to other hosts. */
export function readHar(file: string, text: string): Recorded {
  const entries = harEntries(text);
  if (entries === null) throw refusal({ problem: 'no_har', file });
  const all = entries.map((entry, at) => {
    const request = harRequest(isTable(entry) ? entry.request : null);
    if (request === null) throw refusal({ problem: 'no_har_request', where: `${file}, entry ${at + 1}` });
    return request;
  });
  const requests = all.filter(({ origin }) => origin === all[0]!.origin);
  if (requests.length === 0) throw refusal({ problem: 'no_request', file });
  if (requests.length > MOST_REQUESTS) throw refusal({ problem: 'too_many', file, most: MOST_REQUESTS });
  return { requests, elsewhere: all.length - requests.length };
}

function harEntries(text: string): unknown[] | null {
  try {
    const { log } = JSON.parse(text);
    return Array.isArray(log.entries) ? log.entries : null;
  } catch {
    return null;
  }
}

function harRequest(request: unknown) {
  if (!isTable(request)) return null;
  const { method, url, headers: given, postData } = request;
  if (typeof method !== 'string' || !METHOD.test(method) || typeof url !== 'string') return null;
  const headers = namedValues(given).filter(([name]) => !name.startsWith(':'));
  const data = isTable(postData) ? postData : {};
  const written = typeof data.text === 'string' && data.text !== '' ? data.text : null;
  const params = namedValues(data.params);
  const form = params.length > 0 ? `${new URLSearchParams(params.map(([...pair]) => pair))}` : null;
  return requestOf(method, url, headers, written ?? form);
}

function namedValues(list: unknown): Header[] {
  return (Array.isArray(list) ? list : []).flatMap((entry): Header[] => {
    if (!isTable(entry) || typeof entry.name !== 'string') return [];
    return [[entry.name, String(entry.value ?? '')]];
  });
}

/** The routes that need neither a parameter nor a body. */
export function routesOf(openapi: unknown): NamedRequest[] {
  const paths = isTable(openapi) && isTable(openapi.paths) ? openapi.paths : {};
  return Object.entries(paths).flatMap(([path, item]) => {
    if (!isTable(item) || path.includes('{')) return [];
    return METHODS.flatMap((method) => {
      const operation = item[method];
      if (!isTable(operation)) return [];
      const parameters = [item.parameters, operation.parameters, [operation.requestBody]].flat();
      if (parameters.some((parameter) => isTable(parameter) && parameter.required === true)) return [];
      return requestOf(method.toUpperCase(), path, [], null) ?? [];
    });
  });
}

const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'];

export const pageAt = (path: string): NamedRequest => requestOf('GET', path, [], null)!;
