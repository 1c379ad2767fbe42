/**
 * Identities of jobs (OpenID Connect): claims about a job that an issuer has signed, such as GitHub about an Action.
 * Nothing in them counts before the signature is verified. The operator decides which issuers are trusted.
 */
import { decode, verifyWithJwks } from 'hono/jwt';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { readAtMost } from '../../../resolver/bytes.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { SingleFlight } from '../../wheels/single-flight.ts';

const LONGEST = 16_384;
/** The allowed clock skew, in seconds. */
const LEEWAY = 60;
/** The longest lifetime of a job's identity. */
const LONGEST_LIFE = 3_600;
const KEYS_FOR_MS = 600_000;
/** How often an issuer is asked because of a key that is not known, at most: anybody can name one. */
const LOOK_AGAIN_AFTER_MS = 30_000;
const FETCH_MS = 5_000;
const MOST_ISSUERS_AT_ONCE = 4;
const MOST_FETCHED = 256 * 1024;

const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number(),
  repository: z.string(),
  repository_id: z.string().max(100).optional(),
  environment: z.string().max(255).optional(),
  /** Such as `octo/repo/.github/workflows/publish.yml@refs/heads/main`. */
  workflow_ref: z.string().max(500),
});
export type Claims = z.infer<typeof Claims>;

const ALGORITHMS = ['RS256', 'ES256'] as const;

/** `crit` names what a reader has to understand in addition; nothing of it is known here. */
const Header = z.object({ alg: z.enum(ALGORITHMS), kid: z.string(), crit: z.never().optional() });

/** A signed identity, taken apart and not verified. */
export interface Identity {
  claims: Claims;
  header: z.infer<typeof Header>;
  token: string;
  /** The hash of the signed part. */
  hash: string;
}

/** Parses a JSON Web Token; null if it is not one, or not that of a job. */
export async function readIdentity(token: string): Promise<Identity | null> {
  const [, signed] = /^([\w-]+\.[\w-]+)\.[\w-]+$/.exec(token) ?? [];
  if (token.length > LONGEST || !signed) return null;
  try {
    const { header, payload } = decode(token);
    return { header: Header.parse(header), claims: Claims.parse(payload), token, hash: await sha256(signed) };
  } catch {
    return null;
  }
}

type Pinned = Record<'repository' | 'workflow', string> &
  Record<'repository_id' | 'environment', string | null>;

/** Whether the identity is that of the workflow that a publisher pins, with its ref and its environment or with any. */
export function isOf(claims: Claims, pinned: Pinned): boolean {
  const { repository, workflow, repository_id, environment } = pinned;
  const [path, ref] = pathAndRef(claims.workflow_ref);
  const [pinnedPath, pinnedRef] = pathAndRef(workflow);
  return (
    claims.repository === repository &&
    (repository_id === null || claims.repository_id === repository_id) &&
    (environment === null || claims.environment === environment) &&
    path === `${repository}/${pinnedPath}` &&
    (pinnedRef === undefined || ref === pinnedRef)
  );
}

/** A path has no @, but a branch may be called `main@other`. */
function pathAndRef(workflow: string): (string | undefined)[] {
  return /^([^@]*)(?:@(.*))?$/s.exec(workflow)!.slice(1);
}

export const SILENT = 'its issuer could not be asked for its keys';

type WaitUntil = (work: Promise<unknown>) => void;

/**
 * The reason to reject an identity, or null.
 * @param now in seconds since the epoch
 * @throws if the issuer does not answer as it should
 */
export async function identityProblem(
  { claims, header, token }: Identity,
  audience: string,
  now: number,
  waitUntil: WaitUntil,
): Promise<string | null> {
  const { iss, aud, exp, nbf, iat } = claims;
  if (exp + LEEWAY < now) return 'it has expired';
  if (Math.max(nbf ?? iat, iat) - LEEWAY > now) return 'it is not valid yet';
  if (exp - iat > LONGEST_LIFE) return `it is valid for more than ${LONGEST_LIFE / 60} minutes`;
  if (![aud].flat().includes(audience))
    return `it is not meant for ${audience}, the address of this registry`;
  const key = await keyOf(iss, header.kid, waitUntil);
  if (key === null) return SILENT;
  if (!key || (key.alg !== undefined && key.alg !== header.alg)) return 'its issuer has no such key';
  try {
    // The times are compared above, with the clock skew.
    const verification = { exp: false, nbf: false, iat: false };
    await verifyWithJwks(token, {
      keys: [{ ...key, ...header }],
      allowedAlgorithms: ALGORITHMS,
      verification,
    });
    return null;
  } catch (error) {
    const isOther = (error as Error).name === 'JwtTokenSignatureMismatched';
    return isOther ? 'its signature is wrong' : 'its signature cannot be verified';
  }
}

const Keys = z.object({
  keys: z.array(z.looseObject({ kid: z.string().optional(), kty: z.string(), alg: z.string().optional() })),
});
type Key = z.infer<typeof Keys>['keys'][number];

interface Held {
  keys: Key[];
  since: number;
  /** The time when the issuer was last asked, maybe in vain. */
  asked: number;
}

const held = new LRUCache<string, Held>({ max: 16 });
const flights = new SingleFlight<Key[]>(MOST_ISSUERS_AT_ONCE, 3 * FETCH_MS);

/** Undefined if the issuer has no such key; null if it did not answer a moment ago. */
async function keyOf(issuer: string, kid: string, waitUntil: WaitUntil): Promise<Key | undefined | null> {
  const find = (keys: Key[]) => keys.find((key) => key.kid === kid);
  const now = Date.now();
  const known = held.get(issuer) ?? { keys: [], since: 0, asked: 0 };
  const key = now - known.since < KEYS_FOR_MS ? find(known.keys) : undefined;
  if (key) return key;
  if (now - known.asked < LOOK_AGAIN_AFTER_MS) {
    return known.asked > known.since ? null : undefined;
  }
  const keys = await flights.take(issuer, waitUntil, async () => {
    try {
      const keys = await keysOf(issuer);
      held.set(issuer, { keys, since: now, asked: now });
      return keys;
    } catch (error) {
      held.set(issuer, { ...known, asked: now });
      throw error;
    }
  });
  return find(keys);
}

async function keysOf(issuer: string): Promise<Key[]> {
  const described = z
    .object({ issuer: z.literal(issuer), jwks_uri: z.url() })
    .parse(await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (new URL(described.jwks_uri).origin !== new URL(issuer).origin) {
    throw new Error(`${issuer} has its keys on another host`);
  }
  return Keys.parse(await getJson(described.jwks_uri)).keys;
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(FETCH_MS),
    headers: { accept: 'application/json', 'user-agent': 'pinwheel' },
  });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const bytes = await readAtMost(response.body, MOST_FETCHED);
  if (!bytes) throw new Error(`${url} sent more than ${MOST_FETCHED} bytes`);
  return JSON.parse(new TextDecoder().decode(bytes));
}
