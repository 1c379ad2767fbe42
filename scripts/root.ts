import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A cache of npm packages. */
export const npmCache = join(root, '.cache/npm');
/** A cache of upstream wheels. */
export const wheelCache = join(root, '.cache/wheels');
