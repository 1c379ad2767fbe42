/** A public registry fetches files only by https, from the hosts of its operator's list. */
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { pull } from '../../../registry/wheels/pull.ts';

const bytes = new TextEncoder().encode('an archive');
const file = { filename: 'x-1.0.tar.gz' };
const digest = async () => [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))];
const sha256 = (await digest()).map((byte) => byte.toString(16).padStart(2, '0')).join('');
const LOCAL = { ...env, PUBLIC_URL: 'http://127.0.0.1:8787' };

const UNLISTED = "leads to a host that is not among the registry's UPSTREAM_HOSTS";

const fetched: string[] = [];
/** Sends the file, or first redirects to another URL. */
function upstream(leadsTo: Record<string, string> = {}): void {
  fetched.length = 0;
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const { href } = new URL(String(input));
    fetched.push(href);
    const location = leadsTo[href];
    return location
      ? new Response(null, { status: 302, headers: { location } })
      : new Response(bytes, { headers: { 'content-length': String(bytes.length) } });
  });
}
afterEach(async () => {
  vi.restoreAllMocks();
  await env.STORE.delete(`wheels/${sha256}`);
});

describe('an upstream', () => {
  test.each([
    ['http://files.example.com/x', 'is not https'],
    ['http://127.0.0.1/x', 'is not https'],
    ['https://files.example.com:22/x', 'names another port than 443'],
    ['https://ada:s3cret@files.example.com/x', 'names a user'],
    ...`127.0.0.1 169.254.169.254 vault.internal localhost.. 10.0.0.1.nip.io kubernetes.default.svc
      192.88.99.1 files.example.com. files.example.com.evil.example`
      .split(/\s+/)
      .map((host) => [`https://${host}/x`, UNLISTED]),
    ['file:///etc/passwd', 'is not https'],
  ] as [string, string][])('%s gets no request', async (url, says) => {
    upstream();
    const outcome = await pull(env, { sha256, ...file, urls: [url] });
    expect(outcome).toEqual({ ok: false, code: 'upstream_failed', detail: `${url} ${says}.` });
    expect(fetched).toEqual([]);
    expect(await env.STORE.head(`wheels/${sha256}`)).toBeNull();
  });

  test.each([
    ['http://files.example.com/y', 'is not https'],
    ['https://files.example.com:444/y', 'names another port than 443'],
    ['https://10.0.0.1/y', UNLISTED],
    ['https://other.example.com/y', UNLISTED],
  ])('that redirects to %s is not followed', async (location, says) => {
    const url = 'https://files.example.com/x';
    upstream({ [url]: location });
    const outcome = await pull(env, { sha256, ...file, urls: [url] });
    expect(outcome).toMatchObject({ ok: false, detail: `${url} redirected to ${location}, which ${says}.` });
    expect(fetched).toEqual([url]);
  });

  test('that is on the list gets a request, and so does its redirect', async () => {
    const url = 'https://files.example.com/x';
    upstream({ [url]: 'https://cdn.example.com/y' });
    expect(await pull(env, { sha256, ...file, urls: [url] })).toMatchObject({ ok: true });
    expect(fetched).toEqual([url, 'https://cdn.example.com/y']);
  });

  test('may be another one, by the list of the operator', async () => {
    upstream();
    const url = 'https://wheels.example/x';
    const own = { ...env, UPSTREAM_HOSTS: 'Other.example\nwheels.example' };
    expect(await pull(own, { sha256, ...file, urls: [url] })).toMatchObject({ ok: true });
  });

  test('on this machine is allowed for a local registry', async () => {
    upstream();
    const urls = ['http://files.example.com/x', 'http://127.0.0.1:1/x'];
    expect(await pull(LOCAL, { sha256, ...file, urls })).toMatchObject({ ok: true });
    expect(fetched).toEqual([urls[1]]);
  });
});
