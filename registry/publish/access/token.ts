/** Tokens: an id for look-ups and a secret of 256 bits, of which only a hash is stored. */
import { timingSafeEqual } from 'hono/utils/buffer';
import { base64Url, hexOf } from '../../../resolver/bytes.ts';
import { sha256 } from '../../../resolver/digest.ts';
import { DOCUMENT_KINDS } from '../../../resolver/schemas.ts';

const FORM = /^pinwheel_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

export interface NewToken {
  id: string;
  /** The secret token, which is shown once. */
  token: string;
  hash: string;
}

export async function makeToken(): Promise<NewToken> {
  const random = crypto.getRandomValues(new Uint8Array(40));
  const id = hexOf(random.subarray(0, 8));
  const token = `pinwheel_${id}_${base64Url(random.subarray(8))}`;
  return { id, token, hash: await sha256(token) };
}

export function tokenId(text: string): string | null {
  return FORM.exec(text)?.[1] ?? null;
}

/** Whether a token has a hash, in constant time. */
export async function hasHash(token: string, hash: string): Promise<boolean> {
  return timingSafeEqual(await sha256(token), hash);
}

/** The kinds of documents; and `default`, for sets that become one: those change Workers that name no set. */
export const SCOPES = [...DOCUMENT_KINDS, 'default'] as const;
/** The word for every scope on a command line. */
export const ALL_SCOPES = 'all';
export type Scope = (typeof SCOPES)[number];

/** The scopes that an unchecked document takes: the kinds that it and a document inside it name, and `default`. */
export function scopesNeeded(input: unknown): Scope[] {
  type Given = { kind?: unknown; default_from?: unknown; document?: unknown } | null | undefined;
  const documents = [input as Given, (input as Given)?.document as Given];
  const needed = documents.flatMap((document) => [
    document?.kind,
    ...(document?.kind === 'set' && document.default_from != null ? ['default'] : []),
  ]);
  // The gate rejects unknown kinds.
  return SCOPES.filter((scope) => needed.includes(scope));
}
