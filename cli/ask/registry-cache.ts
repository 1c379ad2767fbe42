/**
 * What the command line caches of registries: their catalogs, with which later answers have to be consistent, and
 * package sets. The cache is not trusted, and a cache that cannot be written is ignored.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientCache } from '../../resolver/client.ts';
import { registryCacheFolder } from '../common/folders.ts';

export const registryCache: ClientCache = {
  get: (key) => readFile(join(registryCacheFolder(), key), 'utf8').catch(() => null),
  async set(key, text) {
    try {
      await mkdir(registryCacheFolder(), { recursive: true });
      const file = join(registryCacheFolder(), key);
      const written = `${file}.${process.pid}`;
      await writeFile(written, text);
      await rename(written, file);
    } catch {
      // An answer does not need the cache.
    }
  },
};
