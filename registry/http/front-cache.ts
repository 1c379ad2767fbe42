/** The cache in front of the Worker: see `[env.production.cache]` in wrangler.toml. */
import type { Call } from '../env.ts';
import { logError } from '../structured-log.ts';
import { NEWEST } from './reply.ts';

/**
 * Purges every answer of the newest revision after a publication. A failure does not fail the publication: the answers
 * expire within a minute.
 */
export async function forgetNewest({ executionCtx }: Pick<Call, 'executionCtx'>): Promise<void> {
  try {
    const outcome = await executionCtx.cache?.purge({ tags: [NEWEST] });
    if (outcome?.success === false) throw new Error(outcome.errors.map(({ message }) => message).join('; '));
  } catch (error) {
    logError('the cache in front of the Worker was not purged', error);
  }
}
