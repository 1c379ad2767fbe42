/** If some requirements cannot be resolved: what the others resolve to. */
import type { Outcome, ResolveAnswer } from '../../resolver/index.ts';
import { listed } from '../../resolver/text/listed.ts';
import { CommandError } from '../common/failure.ts';
import { count } from '../common/text.ts';

/** At most this many requirements are tried one by one. */
const MOST_TRIED = 100;
/** Packages and requirements named before the rest is only counted. */
const SHOWN = 24;

/**
 * The same error, with a remark about what resolves without the requirements that fail on their own, if anything
 * does.
 */
export async function withRest(
  error: unknown,
  requirements: readonly string[],
  resolve: (requirements: readonly string[]) => Promise<Outcome<ResolveAnswer>>,
): Promise<unknown> {
  if (!(error instanceof CommandError) || error.exitCode === 3) return error;
  if (requirements.length < 2 || requirements.length > MOST_TRIED) return error;
  const works = async (some: readonly string[]) => {
    const outcome = await resolve(some);
    return outcome.ok ? outcome.value : null;
  };
  // Without a target, everything fails.
  if ((await works([])) === null) return error;
  const failing: string[] = [];
  for (const one of requirements) if ((await works([one])) === null) failing.push(one);
  const rest = requirements.filter((one) => !failing.includes(one));
  const answer = failing.length > 0 && rest.length > 0 ? await works(rest) : null;
  if (!answer) return error;
  const { packages } = answer;
  const names = packages.map(({ name, version }) => `${name} ${version}`);
  const many = `${count(packages.length, 'package')} ${packages.length === 1 ? 'resolves' : 'resolve'}`;
  const message = `Without ${listed(failing, SHOWN)}, ${many}: ${listed(names, SHOWN)}.`;
  const remarks = [{ severity: 'info', message, fix: null } as const];
  return new CommandError(error.exitCode, error.issues, { cause: error, remarks });
}
