/** Under which licences the data comes: see NOTICE at the top of the repository. */
import type { Source } from '../catalog.ts';
import { publisherOf } from './source.ts';

const WHEELS = 'Each file of a package is under the licence of its own project.';

/** The licences of all data of a registry. */
export const DATA_LICENCES =
  'The data is read from Pyodide’s lock files (MPL-2.0), from workerd (Apache-2.0) and from the release schedules ' +
  'of Python (public domain, or CC0-1.0); each wheel is under the licence of its own project.';

/** Of what was read into a set, and of the files that it pins. */
export function licencesText(source: Source): string {
  switch (publisherOf(source)) {
    case 'Cloudflare':
      return `Read from workerd, under Apache-2.0. ${WHEELS}`;
    case 'Pyodide':
      return `Read from Pyodide’s lock file, under MPL-2.0. ${WHEELS}`;
    default:
      return (
        'Compiled from Pyodide’s lock files, which are under MPL-2.0; Pinwheel’s own files are under MIT. ' +
        WHEELS
      );
  }
}
