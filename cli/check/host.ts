/** What a project runs on, of the data that the package carries. */
import type { Target } from '../../resolver/answer.ts';
import { createHost, type Host, type HostSource } from '../../resolver/python/index.ts';
import type { SetAnswer } from '../answers/types.ts';
import { readPackageJson } from '../package-root.ts';
import type { ProjectRequirement } from './requirements.ts';

/** Also the requirements that cannot be met, or read. */
export function prepareHost(
  target: Target,
  set: SetAnswer,
  requirements: readonly ProjectRequirement[],
): { host: Host; unmet: ProjectRequirement[] } {
  const { host, unmet } = createHost({
    target,
    set: { kind: 'set', ...set },
    requirements: requirements.flatMap(({ parsed }) => parsed ?? []),
    facts: readPackageJson('data/standard-library/facts.json') as HostSource['facts'],
    measured: readPackageJson('data/standard-library/measured.json') as HostSource['measured'],
  });
  const open = new Set(unmet);
  return { host, unmet: requirements.filter(({ parsed }) => parsed === null || open.has(parsed)) };
}
