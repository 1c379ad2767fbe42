/** A registry with the data of `data/`, for tests that only read it, and its D1 and R2 for tests that publish. */
import { cp } from 'node:fs/promises';
import { shared } from './ask.ts';

/** @public Nobody calls it: `npm test -- --changed` follows it to what the registry consists of. */
export const sources = () => import('../../scripts/local-registry.ts');

/** Do not publish to it: such tests start another one, with a copy of its state. */
export const sharedRegistry = async (): Promise<URL> => new URL(await shared('registry'));

/** Copies D1 and R2 for the `persist` option of a registry: to publish all of `data/` takes several times as long. */
export const copySeededState = async (folder: string): Promise<void> =>
  cp(await shared('state'), folder, { recursive: true });
