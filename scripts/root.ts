import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The folder of D1 and R2 of `npm start`. */
export const stateFolder = process.env.PINWHEEL_STATE ?? join(root, '.wrangler/state/v3');
/** A cache of npm packages. */
export const npmCache = join(root, '.cache/npm');
/** A cache of upstream wheels. */
export const wheelCache = join(root, '.cache/wheels');
