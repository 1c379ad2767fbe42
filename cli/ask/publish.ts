/** Sends a publication to a registry, with a token or the identity of a job, and reads the outcome. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionIssue } from '../../resolver/client/connection-issue.ts';
import type { Problem } from '../../resolver/client/documents.ts';
import type { Publication } from '../../resolver/index.ts';
import { isLoopback } from '../../resolver/public-host.ts';
import type { AnswerChange } from '../../resolver/schemas.ts';
import { CommandError, type LocatedIssue, misused, outOfReach } from '../common/failure.ts';

const TOKEN = 'PINWHEEL_TOKEN';
const IDENTITY_TIMEOUT_MS = 30_000;

/** @param address of the registry. An identity is valid for this registry only */
export async function credentialOf(address: string): Promise<string> {
  const {
    PINWHEEL_TOKEN: token,
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  } = process.env;
  if (!address.startsWith('https:') && !isLoopback(address)) {
    throw misused({ problem: 'readable_token', address });
  }
  if (token) return token.trim();
  if (url && bearer) return identityOf(url, bearer, new URL(address).origin);
  throw misused({ problem: 'no_token', variable: TOKEN });
}

async function identityOf(url: string, bearer: string, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const signal = AbortSignal.timeout(IDENTITY_TIMEOUT_MS);
  try {
    const response = await fetch(asked, { headers: { authorization: `Bearer ${bearer}` }, signal });
    const answer = (await response.json().catch(() => null)) as { value?: unknown } | null;
    if (typeof answer?.value === 'string') return answer.value;
    throw new Error(`GitHub answered with status ${response.status}, and no identity`);
  } catch (cause) {
    const reason = signal.aborted
      ? `no answer within ${IDENTITY_TIMEOUT_MS / 1000} s`
      : connectionIssue(cause);
    throw outOfReach({ problem: 'no_identity', detail: reason, variable: TOKEN }, cause);
  }
}

export interface PublicationOutcome {
  status: 'published' | 'unchanged' | 'checked';
  publication: Publication;
  changes: AnswerChange[];
  other_bytes: { name: string; filename: string; sha256: string; before: string }[];
}

const TIMEOUT_MS = 300_000;

export async function send(
  address: string,
  credential: string,
  document: object,
  wheels: readonly string[] = [],
  dryRun = false,
): Promise<PublicationOutcome> {
  const text = JSON.stringify(document);
  const form = new FormData();
  form.set('document', text);
  for (const path of wheels) {
    const bytes = await readFile(path).catch((cause: Error) => {
      throw outOfReach({ problem: 'unread_upload', path, detail: cause.message }, cause);
    });
    form.append('wheel', new Blob([bytes]), basename(path));
  }
  const json = { body: text, type: { 'content-type': 'application/json' } };
  const { body, type } = wheels.length === 0 ? json : { body: form, type: {} };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const post = async (): Promise<Response> => {
    const response = await fetch(`${address}v1/publications${dryRun ? '?dry_run=true' : ''}`, {
      method: 'POST',
      redirect: 'error',
      signal,
      body,
      headers: { ...type, authorization: `Bearer ${credential}` },
    });
    // Others have published meanwhile, and nothing was changed.
    const seconds = Number(response.headers.get('retry-after'));
    if (response.status !== 409 || !(seconds > 0)) return response;
    await response.body?.cancel();
    await sleep(seconds * 1000, undefined, { signal });
    return post();
  };
  const response = await post().catch((cause: unknown) => {
    const reason = signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : connectionIssue(cause);
    throw outOfReach({ problem: 'unpublished', registry: address, detail: reason }, cause);
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer as PublicationOutcome;
  throw errorOf(address, response.status, answer as Refusal | null);
}

type Refusal = Problem & { more_errors?: number };

function errorOf(address: string, status: number, problem: Refusal | null): CommandError {
  if (typeof problem?.detail !== 'string' || status >= 500) {
    const said = problem?.detail ?? `it answered with status ${status}, not as a registry does`;
    return outOfReach({ problem: 'failed_publication', registry: address, detail: said });
  }
  const { code, detail, errors = [], more_errors: more } = problem;
  const fix =
    status === 401 ? 'Give PINWHEEL_TOKEN a token that npm run access made for this registry.' : null;
  const told = errors.length > 0 ? errors : [{ code, message: detail, fix }];
  const rest = more ? [{ code, message: `And ${more} more.`, fix: null }] : [];
  const issues = [...told, ...rest].map(
    (issue) => ({ kind: 'unanswerable', ...issue }) as unknown as LocatedIssue,
  );
  return new CommandError(1, issues);
}
