/** A registry on this machine: the real Worker on workerd, with local D1 and R2, seeded from `data/`. */

import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { buildMember } from '../cli/packages/patch/built-wheel.ts';
import { loadDocuments, type PublishedDocument } from './import/data-files.ts';
import { localLogKey } from './kept-key.ts';
import { migrate } from './migrate.ts';
import { root, wheelCache } from './root.ts';
import { type BuildWheel, type Seeded, seed, takeWheels } from './seed.ts';
import { buildWorkerTexts, bundle } from './worker-texts.ts';

export interface LocalRegistryOptions {
  host?: string;
  /** The port; 0 for any free one. */
  port?: number;
  /** The origin at which clients reach the registry, if that is not its own. */
  publicUrl?: string;
  /** A simple index, for questions that ask to go beyond their package set; none by default. */
  indexUrl?: string | undefined;
  /** The hosts from which pinned files may come, by default those of Pyodide, PyPI and Cloudflare. */
  upstreamHosts?: string | undefined;
  /** Folders with files that sets pin, which the registry takes from there. */
  wheels?: readonly string[];
  /** The folder of D1 and R2; by default, they are in memory. */
  persist?: string;
  /** The documents to publish, by default those of `data/`. */
  documents?: readonly PublishedDocument[];
  /** Skips the gate, for sets of tests whose files are on this machine. */
  unchecked?: boolean;
  /** Provides Pinwheel-built wheels; by default, builds them. */
  buildWheel?: BuildWheel;
  /** Whether V8's inspector listens, at `miniflare.getInspectorURL()`. */
  inspect?: boolean;
  /** Called at each slow step. */
  onProgress?: (step: string) => void;
}

export interface LocalRegistry extends Seeded {
  url: URL;
  miniflare: Miniflare;
  /** The key that signs the log, for publishing without the Worker. */
  logKey: string;
  /** Ends workerd and starts it again: a new isolate, which has nothing cached. Only `url` stays the same. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startLocalRegistry(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
  const { host = '127.0.0.1', port = 0, publicUrl, indexUrl, upstreamHosts, persist } = options;
  const { onProgress = () => {} } = options;
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml'));
  const configure = (
    script: string,
    at: { host: string; port: number },
    variables: { PUBLIC_URL: string; LOG_KEY: string },
  ) =>
    convertV4MiniflareOptions({
      ...at,
      ...(persist === undefined ? {} : { resourcePersistencePath: persist }),
      ...(options.inspect ? { inspectorPort: 0 } : {}),
      workers: [
        {
          ...workerOptions,
          name: 'pinwheel',
          bindings: {
            ...(workerOptions.bindings as Record<string, string>),
            ...variables,
            ...(indexUrl && { INDEX_URL: indexUrl }),
            ...(upstreamHosts && { UPSTREAM_HOSTS: upstreamHosts }),
          },
          modules: [{ type: 'ESModule', path: 'worker.js', contents: script }],
          // The Worker's own socket, without the development proxy, for benchmarks.
          unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
        },
      ],
    });

  // Answers only after the seed, so that no request sees half a registry.
  const closed = configure(
    'export default { fetch: () => new Response(null, { status: 503 }) }',
    { host: '127.0.0.1', port: 0 },
    { PUBLIC_URL: '', LOG_KEY: '' },
  );
  const miniflare = new Miniflare(closed);
  const spare = await miniflare.ready;
  const DB = await miniflare.getD1Database('DB');
  const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
  const { documents = await loadDocuments(), buildWheel = buildBytes } = options;
  const { unchecked = false, wheels = [] } = options;
  const { logKey, seeded } = await migrate(DB, persist)
    .then(async () => {
      const LOG_KEY = await localLogKey(persist, STORE);
      const storage = { DB, STORE, LOG_KEY, ...(upstreamHosts && { UPSTREAM_HOSTS: upstreamHosts }) };
      const seeded = await seed(storage, documents, buildWheel, onProgress, { unchecked });
      if (wheels.length > 0) await takeWheels(storage, wheels, onProgress);
      return { logKey: LOG_KEY, seeded };
    })
    .catch(async (error) => {
      await miniflare.dispose();
      throw error;
    });

  onProgress('bundling the Worker');
  bundled ??= buildWorkerTexts().then(() => bundle(join(root, 'registry/worker.ts')));
  const script = await bundled;
  const at = (free: URL) => {
    const listening = { host, port: port === 0 ? Number(free.port) : port };
    const origin = publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
    return configure(script, listening, { PUBLIC_URL: origin, LOG_KEY: logKey });
  };
  let open = at(spare);
  const restart = () => miniflare.setOptions(open);
  await restart().catch(async (error) => {
    if (port !== 0) throw error;
    // Another program got the port while this one went from one workerd to the next.
    await miniflare.setOptions(closed);
    open = at(await miniflare.ready);
    await restart();
  });
  const stop = () => miniflare.dispose();
  return { url: await miniflare.ready, miniflare, logKey, ...seeded, restart, stop };
}

/** Once for each process, which may start many registries: the sources do not change meanwhile. */
let bundled: Promise<string> | undefined;

export const buildBytes: BuildWheel = async (member) => (await buildMember(member, wheelCache)).bytes;
