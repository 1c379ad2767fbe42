/** The package as it is built. */
import { shared } from './ask.ts';

/**
 * @public Nobody calls it: `npm test -- --changed` follows it from what runs the package as a process to what is in it.
 */
export const sources = () => [import('../../cli/main.ts'), import('../../resolver/bundled.ts')];

/** The folder that the command runs from; do not change it. */
export const builtCommand = (): Promise<string> => shared('command');
