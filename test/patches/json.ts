/** Answers of the test server in JSON. */
import type { Exchange } from './server.ts';

export function json(response: Exchange['response'], value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
