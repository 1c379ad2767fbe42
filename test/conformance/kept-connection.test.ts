/** Requests that the registry refuses without reading their bodies: the next request on the connection is answered. */
import { Agent, request } from 'node:http';
import { expect, test } from 'vitest';
import { sharedRegistry } from '../common/registry.ts';

const registry = await sharedRegistry();
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Answer {
  status: number | undefined;
  /** Whether the connection is that of the request before. */
  reused: boolean;
}

const send = (method: string, path: string, type: string, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': body.length, authorization: 'Bearer none' };
    const asked = request(new URL(path, registry), { method, agent, headers }, (response) => {
      const { statusCode: status } = response;
      response.resume().once('end', () => resolve({ status, reused: asked.reusedSocket }));
    });
    asked.once('error', reject).end(body);
  });

const SMALL = [1_000, 180_000];
const LARGE = 4_000_000;

test.each<[string, string, string, string, number, number[]]>([
  ['a publication without a token', 'POST', '/v1/publications', 'application/json', 401, [...SMALL, LARGE]],
  ['a question that is an image', 'POST', '/v1/resolve', 'image/png', 415, SMALL],
  ['a question that is too large', 'POST', '/v1/resolve', 'application/json', 413, [LARGE]],
  ['another method', 'PUT', '/v1/resolve', 'application/json', 405, [...SMALL, LARGE]],
  ['an unknown address', 'POST', '/nothing', 'application/json', 404, [...SMALL, LARGE]],
])('%s', async (_, method, path, type, status, sizes) => {
  await send('GET', '/healthz', 'text/plain', '');
  for (const size of sizes) {
    expect(await send(method, path, type, JSON.stringify('x'.repeat(size)))).toEqual({
      status,
      reused: true,
    });
    // The server closes a connection only after its answer.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
