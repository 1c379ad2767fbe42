/** What a project runs on. */
import type { Target } from '../../resolver/answer.ts';
import type { Pinwheel } from '../../resolver/pinwheel/pinwheel.ts';
import type { StandardLibraryDocuments } from '../../resolver/pinwheel/source.ts';
import { createHost, type Host } from '../../resolver/python/index.ts';
import type { SetAnswer } from '../package-set.ts';
import type { ProjectRequirement } from './requirements.ts';

/** Also the requirements that cannot be met, or read. */
export function prepareHost(
  target: Target,
  set: SetAnswer,
  requirements: readonly ProjectRequirement[],
  library: StandardLibraryDocuments,
): { host: Host; unmet: ProjectRequirement[] } {
  const { host, unmet } = createHost({
    target,
    set,
    requirements: requirements.flatMap(({ parsed }) => parsed ?? []),
    ...library,
  });
  const open = new Set(unmet);
  return { host, unmet: requirements.filter(({ parsed }) => parsed === null || open.has(parsed)) };
}

/** What is known of the standard library, by whoever answers. */
export async function standardLibraryOf({ source }: Pinwheel): Promise<StandardLibraryDocuments> {
  return (await source.standardLibrary())!;
}
