/** A registry with the data of `data/`, for tests that only read it. */
import { shared } from './ask.ts';

/** @public Nobody calls it: `npm test -- --changed` follows it to what the registry consists of. */
export const sources = () => import('../../scripts/local-registry.ts');

/** Do not publish to it: such tests start another one. */
export const sharedRegistry = async (): Promise<URL> => new URL(await shared('registry'));
