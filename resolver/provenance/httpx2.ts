/** httpx2, which current API clients require instead of httpx, and which needs no patch. */
import type { Diagnostic } from '../answer.ts';
import { information } from '../diagnostic.ts';
import { listed } from '../text/listed.ts';

/** Packages whose current releases require httpx2. */
export const HTTPX2_USERS: readonly string[] = ['openai', 'anthropic', 'huggingface-hub', 'langsmith'];

const MOST_NAMED = 4;

/**
 * A remark for packages that use httpx2, so that nobody looks for a patch of it; null if none does.
 *
 * @param names canonical, of a closure or of what a project requires
 * @param beyond those of them that no package set has in the version asked for: a current release is meant
 */
export function httpx2Remark(names: ReadonlySet<string>, beyond: ReadonlySet<string>): Diagnostic | null {
  const users = HTTPX2_USERS.filter((name) => beyond.has(name));
  if (!names.has('httpx2') && users.length === 0) return null;
  const who =
    users.length > 0 ? `The current ${listed(users, MOST_NAMED, 'others')} may require httpx2. ` : '';
  const both = names.has('httpx') ? ', and both are asked for here' : '';
  return information(
    'httpx2_transport',
    `${who}httpx2 is another package than httpx${both}: on Emscripten it goes through fetch by its own transport, ` +
      'httpx2-jsfetch, without a patch. httpx2 and its transport come from an index, not from a package set.',
  );
}
