/** A server on this machine for the duration of one test. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export interface OneServer {
  /** Starts it, and returns its origin. */
  serve(listener: RequestListener): Promise<string>;
  /** An origin without a listener. */
  deserted(): Promise<string>;
}

/** Call it in a `describe` or at the top of a file. */
export function oneServer(): OneServer {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const serve = async (listener: RequestListener) => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server!.address() as AddressInfo).port}`;
  };
  const deserted = async () => {
    const origin = await serve(() => {});
    await new Promise((resolve) => server!.close(resolve));
    return origin;
  };
  return { serve, deserted };
}
