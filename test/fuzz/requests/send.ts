/** Sends requests one after the other over one connection, so that only the Worker's time counts. */
import { Agent, request } from 'node:http';
import type { FuzzedRequest } from './make.ts';

/** The outcome of a request. `status` is null without a response; `error` says why. */
export interface Answered {
  status: number | null;
  /** From the first byte sent to the last byte received. */
  milliseconds: number;
  bytes: number;
  error: string | null;
}

const TIMEOUT_MS = 30_000;

export function createSender(origin: URL): { send(asked: FuzzedRequest): Promise<Answered>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (asked: FuzzedRequest): Promise<Answered> =>
    new Promise((resolve) => {
      const { method, target, headers: given, body } = asked;
      // Node omits it for DELETE and OPTIONS, and the server would read the body as another request.
      const headers = body === null ? given : { ...given, 'content-length': Buffer.byteLength(body) };
      const started = performance.now();
      let bytes = 0;
      const end = (status: number | null, error: string | null) =>
        resolve({ status, milliseconds: performance.now() - started, bytes, error });
      const { hostname, port } = origin;
      const sent = request({ hostname, port, agent, method, path: target, headers, timeout: TIMEOUT_MS });
      sent.on('error', (error) => end(null, error.message));
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      sent.on('response', (response) => {
        response.on('data', (part: Buffer) => (bytes += part.length));
        response.on('error', (error) => end(null, error.message));
        response.on('end', () => end(response.statusCode ?? null, null));
      });
      sent.end(body ?? undefined);
    });
  return { send, close: () => agent.destroy() };
}
