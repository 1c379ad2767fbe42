/** Basic and digest authentication, for user `ada` with the password `lovelace`. */
import { createHash } from 'node:crypto';
import type { RequestContext } from './server.ts';

const USER = 'ada';
const PASSWORD = 'lovelace';
const REALM = 'pinwheel';
const NONCE = 'a-nonce-of-the-server';

export function basicAuth({ request, response }: RequestContext): void {
  const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  finish(response, request.headers.authorization === expected, `Basic realm="${REALM}"`);
}

export function digestAuth({ request, response }: RequestContext): void {
  const challenge = `Digest realm="${REALM}", qop="auth", algorithm=MD5, nonce="${NONCE}", opaque="o"`;
  const sent = Object.fromEntries(
    [...(request.headers.authorization ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]*))/g)].map(
      ([, name, quoted, bare]) => [name, quoted ?? bare],
    ),
  );
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const secret = md5(`${USER}:${REALM}:${PASSWORD}`);
  const target = md5(`${request.method}:${request.url}`);
  const expected = md5([secret, NONCE, sent.nc, sent.cnonce, sent.qop, target].join(':'));
  finish(response, sent.username === USER && sent.response === expected, challenge);
}

function finish(response: RequestContext['response'], granted: boolean, challenge: string): void {
  response.writeHead(granted ? 200 : 401, granted ? {} : { 'www-authenticate': challenge });
  response.end(granted ? 'welcome' : 'who are you?');
}
