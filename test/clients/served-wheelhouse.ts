/** A registry with a set that pins the wheels of `WHEELHOUSE`, which an upstream on this machine serves. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSetFile } from '../../cli/project/sources/lock-files.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import {
  type LocalRegistry,
  type LocalRegistryOptions,
  startLocalRegistry,
} from '../../scripts/local-registry.ts';
import { ending } from '../common/own.ts';
import { wheelhouse } from '../runtime/project.ts';
import { packageSetOf, TEST_FLAG } from '../test-set.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export { TEST_FLAG };

export interface ServedWheelhouse {
  registry: LocalRegistry;
  /** Of the wheels. */
  upstream: Upstream;
}

/** `runtime` is the Pyodide version that the set is for. */
export async function serveWheelhouse(
  runtime: string,
  options: Pick<LocalRegistryOptions, 'indexUrl'> = {},
): Promise<ServedWheelhouse> {
  const upstream = ending(await startUpstream());
  const { packages } = await readSetFile(wheelhouse!);
  const pins = packages.map(({ key: _, written: __, ...member }) => {
    const path = `/files/${member.filename}`;
    upstream.at.set(path, async (response) => {
      response.end(await readFile(join(dirname(wheelhouse!), member.filename)));
    });
    return { ...member, url: upstream.origin + path };
  });
  const set = { ...packageSetOf(pins), runtime };
  const documents = [...(await loadDocuments()), { document: set, day: set.released }];
  const registry = ending(await startLocalRegistry({ ...options, documents, unchecked: true }));
  return { registry, upstream };
}
