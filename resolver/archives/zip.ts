/** Settings and errors of zip.js, which are the same for all that is read by it. */
import { configure } from '@zip.js/zip.js/lib/zip-core-custom.js';

// Beyond `maxWorkers`, zip.js makes a request wait for another's codec, which workerd does not let it wake.
configure({ useWebWorkers: false, maxWorkers: Number.MAX_SAFE_INTEGER });

/** Options of a reader that rejects archives that can be read in two ways. */
export const STRICT = { strictness: 'strict', checkSignature: true } as const;

/** The problem that zip.js has found: its message and, of archives that can be read in two ways, its `reason`. */
export function zipProblem(error: unknown): string {
  const { message, reason } = error as Error & { reason?: string };
  return reason ? `${message}: ${reason}` : message;
}
