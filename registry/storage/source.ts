import { drizzle } from 'drizzle-orm/d1';
import type { ResolveSource } from '../../resolver/closure/resolve.ts';
import type { Bindings } from '../env.ts';
import { openSet, StorageUnavailableError } from './isolate.ts';
import { readPins } from './packages.ts';

/** The resolver's seam to the world, on this registry's storage. */
export function storageSource(env: Bindings): ResolveSource {
  return {
    openSet: ({ digest }) => openSet(env, digest),
    readPins: (names) =>
      readPins(drizzle(env.DB), names).catch((error: unknown) => {
        throw new StorageUnavailableError('D1 could not be asked for pins', { cause: error });
      }),
  };
}
