import { env } from 'cloudflare:workers';
import type { Scope } from '../../registry/publish/access/token.ts';
import { makeToken } from '../../registry/publish/access/token.ts';
import { ask, post } from './client.ts';

/** A token that the registry knows. */
export async function tokenFor(
  scopes: readonly Scope[],
  change: { expires?: string; revoked?: string } = {},
): Promise<string> {
  const { id, token, hash } = await makeToken();
  const { expires = '2999-01-01', revoked = null } = change;
  await env.DB.prepare(
    'insert into tokens (id, name, hash, scopes, created, expires, revoked) values (?, ?, ?, ?, ?, ?, ?)',
  )
    .bind(id, 'a test', hash, JSON.stringify(scopes), '2026-01-01', expires, revoked)
    .run();
  return token;
}

/** The status of a publication with a token, and each error as `code: message`. */
export async function publishedBy(token: string, document: unknown): Promise<[number, ...string[]]> {
  const { headers, ...request } = post(document);
  const authorized = { ...request, headers: { ...headers, authorization: `Bearer ${token}` } };
  const response = await ask('/v1/publications', authorized);
  const { errors = [] } = await response.json<{ errors?: { code: string; message: string }[] }>();
  return [response.status, ...errors.map(({ code, message }) => `${code}: ${message}`)];
}
