import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { bundle } from '../../scripts/worker-texts.ts';

/** A Worker of a few lines on workerd, from the text of its module, on a socket of its own. */
export async function startBareWorker(text: string): Promise<{ url: URL; stop(): Promise<void> }> {
  const contents = await bundle({ contents: text, resolveDir: import.meta.dirname });
  const modules = [{ type: 'ESModule' as const, path: 'bare.js', contents }];
  const sockets = [{ host: '127.0.0.1', port: 0 }];
  const worker = { name: 'bare', modules, compatibilityDate: '2026-09-01', unsafeDirectSockets: sockets };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
  const url = await miniflare.unsafeGetDirectURL('bare');
  return { url, stop: () => miniflare.dispose() };
}
