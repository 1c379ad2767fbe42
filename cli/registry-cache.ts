/**
 * What the command line keeps of registries from one run to the next: their catalogs, by which a registry is held to
 * what it said before, and package sets. Nothing in it is trusted, and if it cannot be written it does without.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientCache } from '../resolver/client/cache.ts';
import { defaultCacheFolder } from './vendor/cache.ts';

export const registryCacheFolder = (): string => join(defaultCacheFolder(), 'registry');

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
      // A cache that cannot be written keeps nobody from an answer.
    }
  },
};
