/** How an operator names the job that may publish, and the command by which one is added. */
import { isLoopback } from '../../../resolver/client/address.ts';
import type { Claims } from './identity.ts';

export const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
/** GitHub has workflows in no other folder: another job would never be the one that is trusted. */
export const WORKFLOW = /^\.github\/workflows\/[\w.-]+\.ya?ml(@refs\/[\w./-]+)?$/;
export const GITHUB = 'https://token.actions.githubusercontent.com';

/** @returns null for a job that cannot be trusted, or whose names a shell would read as something else */
export function trustCommand(
  { iss, repository, workflow_ref }: Claims,
  scopes: readonly string[],
  publicUrl: string,
): string | null {
  const workflow = workflow_ref.slice(repository.length + 1);
  const isPlain =
    workflow_ref.startsWith(`${repository}/`) &&
    /^(https:\/\/[\w.:/-]+|http:\/\/127\.0\.0\.1:\d+)$/.test(iss);
  if (!isPlain || !REPOSITORY.test(repository) || !WORKFLOW.test(workflow)) return null;
  return [
    `npm run access -- trust add --repository ${repository} --workflow ${workflow} --scope ${scopes.join(',')}`,
    ...(iss === GITHUB ? [] : [`--issuer ${iss}`]),
    ...(isLoopback(publicUrl) ? [] : ['--remote']),
  ].join(' ');
}
