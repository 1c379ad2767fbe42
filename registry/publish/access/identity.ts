/**
 * Identities of jobs (OpenID Connect): claims about a job that an issuer has signed, such as GitHub about an Action.
 * Nothing in them counts before the signature is verified. The operator decides which issuers are trusted.
 */
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { sha256 } from '../../../resolver/digest.ts';

const LONGEST = 16_384;
/** The allowed clock skew, in seconds. */
const LEEWAY = 60;
/** The longest lifetime of a job's identity. */
const LONGEST_LIFE = 3_600;
const KEYS_FOR_MS = 600_000;
/** How often unknown keys are looked up, at most. */
const LOOK_AGAIN_AFTER_MS = 30_000;
const FETCH_MS = 5_000;
const MOST_FETCHED = 256 * 1024;

const Claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number(),
  repository: z.string(),
  /** Such as `octo/repo/.github/workflows/publish.yml@refs/heads/main`. */
  workflow_ref: z.string(),
});
export type Claims = z.infer<typeof Claims>;

const Header = z.object({ alg: z.enum(['RS256', 'ES256']), kid: z.string() });

const ALGORITHMS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;

/** A signed identity, taken apart and not verified. */
export interface Identity {
  claims: Claims;
  header: z.infer<typeof Header>;
  signed: string;
  signature: Uint8Array<ArrayBuffer>;
  /** Of the whole token. */
  hash: string;
}

/** Parses a JSON Web Token; null if it is not one, or not that of a job. */
export async function readIdentity(text: string): Promise<Identity | null> {
  const [, header, payload, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
  if (text.length > LONGEST || !header || !payload || !signature) return null;
  try {
    return {
      header: Header.parse(JSON.parse(new TextDecoder().decode(bytesOf(header)))),
      claims: Claims.parse(JSON.parse(new TextDecoder().decode(bytesOf(payload)))),
      signed: `${header}.${payload}`,
      signature: bytesOf(signature),
      hash: await sha256(`${header}.${payload}`),
    };
  } catch {
    return null;
  }
}

/** Whether the identity is that of the workflow that a publisher pins, with its ref or with any. */
export function isOf(claims: Claims, pinned: { repository: string; workflow: string }): boolean {
  const { repository, workflow } = pinned;
  const [path, ref] = pathAndRef(claims.workflow_ref);
  const [pinnedPath, pinnedRef] = pathAndRef(workflow);
  return (
    claims.repository === repository &&
    path === `${repository}/${pinnedPath}` &&
    (pinnedRef === undefined || ref === pinnedRef)
  );
}

/** A path has no @, but a branch may be called `main@other`. */
function pathAndRef(workflow: string): (string | undefined)[] {
  return /^([^@]*)(?:@(.*))?$/s.exec(workflow)!.slice(1);
}

/**
 * What is wrong with an identity, or null.
 * @param now in seconds since the epoch
 * @throws if the issuer does not answer as it should
 */
export async function identityProblem(
  { claims, header, signed, signature }: Identity,
  audience: string,
  now: number,
): Promise<string | null> {
  const { iss, aud, exp, nbf, iat } = claims;
  if (exp + LEEWAY < now) return 'it has expired';
  if (Math.max(nbf ?? iat, iat) - LEEWAY > now) return 'it is not valid yet';
  if (exp - iat > LONGEST_LIFE) return `it is valid for more than ${LONGEST_LIFE / 60} minutes`;
  if (![aud].flat().includes(audience)) return `it is not meant for ${audience}`;
  const key = await keyOf(iss, header.kid);
  if (!key || (key.alg !== undefined && key.alg !== header.alg)) return 'its issuer has no such key';
  const algorithm = ALGORITHMS[header.alg];
  try {
    const publicKey = await crypto.subtle.importKey('jwk', key as JsonWebKey, algorithm, false, ['verify']);
    const data = new TextEncoder().encode(signed);
    return (await crypto.subtle.verify(algorithm, publicKey, signature, data))
      ? null
      : 'its signature is wrong';
  } catch {
    return 'its signature cannot be verified';
  }
}

const Keys = z.object({
  keys: z.array(z.looseObject({ kid: z.string().optional(), kty: z.string(), alg: z.string().optional() })),
});
type Key = z.infer<typeof Keys>['keys'][number];

const held = new LRUCache<string, { keys: Key[]; since: number }>({ max: 16 });

async function keyOf(issuer: string, kid: string): Promise<Key | undefined> {
  const find = (keys: Key[] | undefined) => keys?.find((key) => key.kid === kid);
  const known = held.get(issuer);
  const age = known ? Date.now() - known.since : Infinity;
  const found = age < KEYS_FOR_MS ? find(known?.keys) : undefined;
  if (found || age < LOOK_AGAIN_AFTER_MS) return found;
  const described = z
    .object({ issuer: z.literal(issuer), jwks_uri: z.url() })
    .parse(await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (new URL(described.jwks_uri).origin !== new URL(issuer).origin) {
    throw new Error(`${issuer} has its keys on another host`);
  }
  const { keys } = Keys.parse(await getJson(described.jwks_uri));
  held.set(issuer, { keys, since: Date.now() });
  return find(keys);
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
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MOST_FETCHED) throw new Error(`${url} sent more than ${MOST_FETCHED} characters`);
  }
  return JSON.parse(text);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
