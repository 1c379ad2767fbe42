/** A registry with what `data/` holds, for all who only read it. */
import { shared } from './ask.ts';

/** @public Nobody calls it: `npm test -- --changed` follows it to what the registry consists of. */
export const sources = () => import('../../scripts/local-registry.ts');

/** Nobody may publish to it; who has to starts one of their own. */
export const sharedRegistry = async (): Promise<URL> => new URL(await shared('registry'));
