import type { Issue } from '../issue.ts';

/**
 * A question without an answer. `issues` has everything that is wrong with it, each with a fix.
 *
 * @example
 * ```ts
 * import { ResolveError } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 *
 * const question = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
 * const error = await createResolver()
 *   .resolve({ ...question, requirements: ['fastapii'] })
 *   .catch((error: unknown) => error);
 * if (!(error instanceof ResolveError)) throw error;
 * error.issues.map(({ code, fix }) => [code, fix]); // → [['unknown_package', 'Did you mean fastapi?']]
 * ```
 */
export class ResolveError extends Error {
  override readonly name = 'ResolveError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues.map(({ message, fix }) => (fix === null ? message : `${message}\n  ${fix}`)).join('\n'));
    this.issues = issues;
  }
}
