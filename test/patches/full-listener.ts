/** An address that accepts no more connections: the kernel silently drops new ones. */
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

export interface FullListener {
  origin: string;
  close(): Promise<void>;
}

export async function startFull(): Promise<FullListener> {
  const listener = new Worker(
    `const { createServer } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     const server = createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       // A blocked thread accepts no connections.
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => listener.once('message', resolve));
  // These connections fill its queue.
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of waiting) socket.destroy();
      await listener.terminate();
    },
  };
}
