/** The heap of the Worker's isolate, from V8's inspector. */
import type { LocalRegistry } from '../../../scripts/local-registry.ts';

export interface IsolateHeap {
  /** In bytes, including garbage: workerd's inspector does not collect it on request. */
  used(): Promise<number>;
  close(): void;
}

/** Opens the heap of a registry that was started with `inspect`. */
export async function openIsolateHeap({ miniflare }: LocalRegistry): Promise<IsolateHeap> {
  const inspector = await miniflare.getInspectorURL();
  const listed = await fetch(new URL('/json', inspector.href.replace(/^ws/, 'http')));
  const targets = (await listed.json()) as { id: string; webSocketDebuggerUrl: string }[];
  const target = targets.find(({ id }) => id.includes('pinwheel'));
  if (!target) throw new Error(`The inspector knows no Worker named pinwheel: ${JSON.stringify(targets)}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let asked = 0;
  const ask = <Result>(method: string) =>
    new Promise<Result>((resolve, reject) => {
      const id = ++asked;
      const hear = ({ data }: MessageEvent) => {
        const said = JSON.parse(data as string) as {
          id?: number;
          result?: Result;
          error?: { message: string };
        };
        if (said.id !== id) return;
        socket.removeEventListener('message', hear);
        if (said.error) reject(new Error(`${method}: ${said.error.message}`));
        else resolve(said.result!);
      };
      socket.addEventListener('message', hear);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    used: async () => (await ask<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize,
    close: () => socket.close(),
  };
}
