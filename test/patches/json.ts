/** JSON responses of the test server. */
import type { RequestContext } from './server.ts';

export function json(response: RequestContext['response'], value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
