/** Whether a request may publish, by a token or by the identity of a job. Neither is ever logged. */
import { drizzle } from 'drizzle-orm/d1';
import { printable } from '../../../resolver/text/printable.ts';
import type { Bindings, Call } from '../../env.ts';
import { problem } from '../../http/problem.ts';
import {
  giveBackIdentity,
  notePublisherUse,
  noteTokenUse,
  readToken,
  readTrusted,
  takeIdentity,
  wasTaken,
} from '../../storage/access.ts';
import { reaching } from '../../storage/operations.ts';
import { logWarning } from '../../structured-log.ts';
import { tokenCommand, trustCommand } from './commands.ts';
import { identityProblem, isOf, readIdentity, SILENT } from './identity.ts';
import type { Scope } from './token.ts';
import { hasHash, tokenId } from './token.ts';

/** A token or a job that publishes. */
export interface Publisher {
  /** The name for the log of the Worker. */
  name: string;
  /** The name for the log of publications, which everybody reads. */
  publicName: string;
  scopes: readonly string[];
  /** The kind of publisher, for messages. */
  what: 'token' | 'job';
  /** The command that lets the publisher publish more kinds, too; null if none can be named. */
  commandFor(scopes: readonly Scope[]): string | null;
  /** Marks the credential as used, except in a dry run; a problem document if it must not be used again. */
  use(dryRun: boolean): Promise<Response | undefined>;
  /** After a refusal, or if storage fails, the credential can be used again. */
  giveBack(): Promise<void>;
}

/** Common names of tokens in addresses. */
const IN_ADDRESS = ['token', 'access_token', 'api_key', 'authorization'];

/** The hash to compare with if a token does not exist. */
const NO_HASH = '0'.repeat(64);

/** The token that a request shows, by its id, whether it is known or not; null without one. */
export function shownBy(request: Request): string | null {
  const id = tokenId(request.headers.get('authorization')?.split(' ').at(-1) ?? '');
  return id === null ? null : `token ${id}`;
}

export async function authorize(c: Call): Promise<Publisher | Response> {
  const query = new URL(c.req.url).searchParams;
  if (IN_ADDRESS.some((name) => query.has(name))) {
    return refuse(
      'invalid_token',
      'A token in an address is rejected, because addresses are logged. Revoke it, and send a new one as Authorization: Bearer.',
    );
  }
  const header = c.req.raw.headers.get('authorization');
  if (header === null) {
    return refuse('missing_token', 'Send a token as Authorization: Bearer, or the identity of a CI job.');
  }
  const [, given] = /^Bearer +([\w.~+/=-]+)$/i.exec(header.trim()) ?? [];
  if (given === undefined) return refuse('invalid_token', 'The header is not Authorization: Bearer TOKEN.');
  return given.includes('.') ? byIdentity(given, c) : byToken(given, c.env);
}

async function byToken(given: string, env: Bindings): Promise<Publisher | Response> {
  const db = drizzle(env.DB);
  const id = tokenId(given);
  const row = id === null ? undefined : await asking(() => readToken(db, id));
  // An unknown token gets the same answer as a wrong one, in the same time.
  const isRight = await hasHash(given, row?.hash ?? NO_HASH);
  const now = new Date().toISOString();
  if (!row || !isRight) return refuse('invalid_token', 'The registry does not know this token.');
  if (row.revoked !== null)
    return refuse('invalid_token', `The token was revoked on ${row.revoked.slice(0, 10)}.`);
  if (row.expires <= now) return refuse('invalid_token', `The token expired on ${row.expires.slice(0, 10)}.`);
  return {
    name: `token ${row.id} (${row.name})`,
    publicName: `token ${row.id}`,
    what: 'token',
    scopes: row.scopes,
    commandFor: (missing) => tokenCommand(row.name, [...row.scopes, ...missing], env.PUBLIC_URL),
    async use(dryRun) {
      if (!dryRun) await asking(() => noteTokenUse(db, row.id, now));
      return undefined;
    },
    async giveBack() {},
  };
}

async function byIdentity(given: string, { env, executionCtx }: Call): Promise<Publisher | Response> {
  const db = drizzle(env.DB);
  const identity = await readIdentity(given);
  if (!identity) return refuse('invalid_token', 'This is neither a token nor the identity of a job.');
  const { claims } = identity;
  // Only issuers that the operator trusts are asked for keys.
  const trusted = await asking(() => readTrusted(db, claims.iss));
  const publishers = trusted.filter((publisher) => isOf(claims, publisher));
  const commandFor = (scopes: readonly Scope[]) => trustCommand(claims, scopes, env.PUBLIC_URL);
  if (publishers.length === 0) {
    const [job, issuer] = [claims.workflow_ref, claims.iss].map(printable);
    const { repository_id: id } = claims;
    const repository = id === undefined ? '' : `, in the repository with the id ${printable(id)}`;
    return refuse(
      'invalid_token',
      `The job is not one of a trusted publisher: it is ${job}, of ${issuer}${repository}.`,
      fixOf(commandFor(['set'])),
    );
  }
  const now = Math.floor(Date.now() / 1000);
  const waitUntil = (work: Promise<unknown>) => executionCtx.waitUntil(work);
  const wrong = await identityProblem(identity, new URL(env.PUBLIC_URL).origin, now, waitUntil).catch(
    (error: unknown) => {
      logWarning('an issuer could not be asked for its keys', error);
      return SILENT;
    },
  );
  if (wrong !== null) return refuse('invalid_token', `The identity of the job is rejected: ${wrong}.`, null);
  const { hash } = identity;
  return {
    name: `${claims.repository} (${claims.workflow_ref})`,
    publicName: claims.workflow_ref,
    what: 'job',
    scopes: [...new Set(publishers.flatMap(({ scopes }) => scopes))],
    commandFor,
    async use(dryRun) {
      // An hour longer than it is valid, for any clock skew.
      const isNew = await asking(async () =>
        dryRun ? !(await wasTaken(db, hash)) : takeIdentity(db, { hash, expires: claims.exp + 3_600 }, now),
      );
      if (!isNew) return refuse('invalid_token', 'The identity of the job was used before.', null);
      if (dryRun) return undefined;
      const moment = new Date().toISOString();
      const ids = publishers.map(({ id }) => id);
      await asking(() => notePublisherUse(db, ids, moment, claims.repository_id ?? null));
      return undefined;
    },
    giveBack: () => asking(() => giveBackIdentity(db, hash)),
  };
}

export function lacking(publisher: Publisher, needed: readonly Scope[]): Response | undefined {
  const { what, scopes, commandFor } = publisher;
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return undefined;
  const detail = `The ${what} is for ${scopes.join(', ') || 'nothing'}, not for ${missing.join(', ')}.`;
  return problem('missing_scope', detail, errorsOf('missing_scope', detail, fixOf(commandFor(missing))));
}

/** @param fix null if there is none, undefined if it depends on who reads it */
function refuse(code: 'missing_token' | 'invalid_token', detail: string, fix?: string | null): Response {
  const response = problem(code, detail, fix === undefined ? undefined : errorsOf(code, detail, fix));
  const error = code === 'missing_token' ? '' : ', error="invalid_token"';
  response.headers.set('www-authenticate', `Bearer realm="pinwheel"${error}`);
  return response;
}

const fixOf = (command: string | null) =>
  command && `If it may publish this, the operator of the registry runs\n${command}`;

const errorsOf = (code: string, message: string, fix: string | null) => [{ code, message, fix }];

const asking = <Found>(work: () => Promise<Found>) => reaching(work, 'D1 could not be asked');
