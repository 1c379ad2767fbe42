import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Packages of npm that were fetched before. */
export const npmCache = join(root, '.cache/npm');
