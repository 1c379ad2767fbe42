/** One request to a registry and the whole text of its answer, within limits. Refusals become failures. */
import { type CommandError, type Complaint, outOfReach, unanswered } from '../failure.ts';
import { connectionIssue } from '../network.ts';
import { isProblem, type Problem } from './shape.ts';

export interface Limits {
  timeoutMs: number;
  bytes: number;
}

export interface Exchange {
  url: URL;
  /** JSON to POST; without it, the request is a GET. */
  body?: string | undefined;
  limits?: Partial<Limits> | undefined;
}

/** The largest set is some 200 kB. */
const LIMITS: Limits = { timeoutMs: 30_000, bytes: 16_000_000 };

const ELSE = 'or leave out --registry to ask the data that pinwheel carries.';

/** Refusals that say nothing about the question. */
const ABOUT_THE_REGISTRY = new Set(['not_found', 'internal_error', 'storage_unavailable']);

export async function exchange({ url, body, limits }: Exchange): Promise<string> {
  const { timeoutMs, bytes } = { ...LIMITS, ...limits };
  let response: Response;
  let text: string | null;
  try {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const request: RequestInit = { headers, signal: AbortSignal.timeout(timeoutMs) };
    response = await fetch(url, body === undefined ? request : { ...request, method: 'POST', body });
    text = await readBody(response, bytes);
  } catch (error) {
    const message = `The registry at ${url.origin} could not be reached: ${reasonOf(error, timeoutMs)}.`;
    throw outOfReach(message, `Check the URL and whether the registry runs, ${ELSE}`, error);
  }
  if (text === null) {
    const message = `The registry at ${url.origin} sent more than ${bytes / 1_000_000} MB for ${url.pathname}.`;
    throw outOfReach(message, `Check the URL, ${ELSE}`);
  }
  if (response.ok) return text;
  throw refusal(url, response.status, text);
}

/** The body as text, or null where it is larger than `limit` bytes. */
async function readBody(response: Response, limit: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function refusal(url: URL, status: number, text: string): CommandError {
  const problem = readProblem(text);
  if (problem && status < 500 && !ABOUT_THE_REGISTRY.has(problem.code))
    return unanswered(complaintsOf(problem));
  const said = problem ? `: ${problem.detail}` : ', and nothing that a registry would say.';
  const message = `The registry at ${url.origin} answered ${url.pathname} with status ${status}${said}`;
  const fix = status >= 500 ? `Try again in a while, ${ELSE}` : `Check the URL, ${ELSE}`;
  return outOfReach(message, fix);
}

function complaintsOf({ code, detail, errors }: Problem): readonly Complaint[] {
  return errors && errors.length > 0 ? errors : [{ code, message: detail, fix: null }];
}

function readProblem(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    return null;
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer within ${timeoutMs / 1000} s`;
  return connectionIssue(error);
}
