/** The commands by which an operator lets somebody publish, and how they name a job. */
import { isLoopback } from '../../../resolver/public-host.ts';
import type { Claims } from './identity.ts';
import { ALL_SCOPES, SCOPES } from './token.ts';

export const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
/** GitHub has workflows in no other folder: another job would never be the one that is trusted. */
export const WORKFLOW = /^\.github\/workflows\/[\w.-]+\.ya?ml(@refs\/(heads|tags)\/[\w./-]+)?$/;
/** GitHub's id of a repository. */
export const ID = /^\d{1,20}$/;
export const GITHUB = 'https://token.actions.githubusercontent.com';

/** A name of a token needs quotes, and no escapes. */
export const NAME = /^[\p{L}\p{M}\p{N}_ .@'-]{1,100}$/u;

/** @returns null for a name that was not given by `npm run access` */
export function tokenCommand(name: string, scopes: readonly string[], publicUrl: string): string | null {
  if (!NAME.test(name)) return null;
  return lines(`npm run access -- token create --name "${name}"`, scopeOption(scopes), remotely(publicUrl));
}

/** @returns null for a job that cannot be trusted, or whose names a shell would read as something else */
export function trustCommand(
  { iss, repository, repository_id, workflow_ref }: Claims,
  scopes: readonly string[],
  publicUrl: string,
): string | null {
  const workflow = workflow_ref.slice(repository.length + 1);
  const isPlain =
    workflow_ref.startsWith(`${repository}/`) &&
    /^(https:\/\/[\w.:/-]+|http:\/\/127\.0\.0\.1:\d+)$/.test(iss);
  if (!isPlain || !REPOSITORY.test(repository) || !WORKFLOW.test(workflow)) return null;
  const issuer = iss === GITHUB ? '' : `--issuer ${iss}`;
  const id = ID.test(repository_id ?? '') ? `--repository-id ${repository_id}` : '';
  return lines(
    `npm run access -- trust add --repository ${repository}`,
    ...[id, `--workflow ${workflow}`, scopeOption(scopes), issuer, remotely(publicUrl)],
  );
}

const scopeOption = (scopes: readonly string[]) =>
  `--scope ${scopes.length === SCOPES.length ? ALL_SCOPES : scopes.join(',')}`;

const remotely = (publicUrl: string) => (isLoopback(publicUrl) ? '' : '--remote');

/** Lines that a terminal of 80 columns need not wrap, so that they can be pasted as they are. */
const lines = (...parts: string[]) => parts.filter((part) => part !== '').join(' \\\n');
