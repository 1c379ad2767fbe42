/** A server on this machine for one test. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach } from 'vitest';
import { type ClosedOrigin, closedOrigin } from './closed-origin.ts';

export interface OneServer {
  /** Starts it, and returns its origin. */
  serve(listener: RequestListener): Promise<string>;
  /** An origin without a listener. */
  deserted(): Promise<string>;
}

/**
 * Call it in a `describe` or at the top of a file. Servers keep their ports until its end: a client remembers the log of
 * an address, and would take a later server at the same one for the earlier one, with another log.
 */
export function oneServer(): OneServer {
  const servers: Server[] = [];
  const closed: ClosedOrigin[] = [];
  afterEach(() => {
    for (const server of servers) server.closeAllConnections();
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    for (const one of closed) await one.close();
  });
  const serve = async (listener: RequestListener) => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const deserted = async () => {
    const one = await closedOrigin();
    closed.push(one);
    return one.origin;
  };
  return { serve, deserted };
}
