/** An address where nothing listens. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export interface ClosedOrigin {
  origin: string;
  close(): Promise<void>;
}

/**
 * The port is that of a connection's own end, which refuses other connections. It stays taken until `close`, so that no
 * server of another test gets it, as it may get one on which somebody has just stopped listening.
 */
export async function closedOrigin(): Promise<ClosedOrigin> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [[accepted], socket] = await Promise.all([once(server, 'connection'), connected(port)]);
  return {
    origin: `http://127.0.0.1:${socket.localPort}`,
    async close() {
      socket.destroy();
      accepted.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function connected(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
