import { StorageUnavailableError } from './isolate.ts';
import { operations } from './operations.ts';

/** Reads from R2, or throws {@link StorageUnavailableError}. */
export const read = <Found>(work: () => Promise<Found>) => reaching(work, 'R2 could not be read');

/** Writes to R2, or throws {@link StorageUnavailableError}. */
export const write = <Found>(work: () => Promise<Found>) => reaching(work, 'R2 could not be written');

async function reaching<Found>(work: () => Promise<Found>, failure: string): Promise<Found> {
  operations.r2++;
  try {
    return await work();
  } catch (error) {
    throw new StorageUnavailableError(failure, { cause: error });
  }
}
