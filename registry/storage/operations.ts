/** Operations of storage: counts, deadlines and errors. */

/** How often this isolate has used storage, by purpose. Only this folder counts. */
export const operations = {
  /** Queries and writes to D1, a batch as one, without checks of the newest revision. */
  d1: 0,
  r2: 0,
  revision_checks: 0,
};

/** Thrown if D1 or R2 cannot be reached, and the isolate has no answer. */
export class StorageUnavailableError extends Error {}

/** The deadline: R2 and D1 normally answer in some tens of milliseconds. */
const PATIENCE_MS = 3_000;

/** The result of `work`, or an error after the deadline. */
export async function within<Found>(work: Promise<Found>, patienceMs = PATIENCE_MS): Promise<Found> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

/** The condition that an object is the one that was read, or still missing. */
export const ifUnchanged = (before: { etag: string } | null): R2Conditional | Headers =>
  before ? { etagMatches: before.etag } : new Headers({ 'if-none-match': '*' });

/** Reads from R2, or throws {@link StorageUnavailableError}. */
export function read<Found>(work: () => Promise<Found>): Promise<Found> {
  operations.r2++;
  return reaching(work, 'R2 could not be read');
}

/** The objects of R2 whose keys begin with a prefix. One request lists a thousand. */
export async function* listObjects(
  store: R2Bucket,
  options: R2ListOptions = {},
  reading = read,
): AsyncGenerator<R2Object> {
  for (let cursor: string | undefined; ; ) {
    const page = await reading(() => store.list({ ...options, ...(cursor && { cursor }) }));
    yield* page.objects;
    if (!page.truncated) return;
    cursor = page.cursor;
  }
}

/** The same for the body of an object that was read, which is no operation of its own. */
export const readBody = <Found>(work: () => Promise<Found>) => reaching(work, 'R2 could not be read');

/** Writes to R2, or throws {@link StorageUnavailableError}. */
export function write<Found>(work: () => Promise<Found>): Promise<Found> {
  operations.r2++;
  return reaching(work, 'R2 could not be written');
}

/** The result of `work`; for any failure, throws {@link StorageUnavailableError}. */
export async function reaching<Found>(work: () => Promise<Found>, failure: string): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    throw new StorageUnavailableError(failure, { cause: error });
  }
}
