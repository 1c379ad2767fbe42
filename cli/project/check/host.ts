/** The target and the package set that a project runs on. */
import type { Pinwheel, StandardLibraryDocuments, Target } from '../../../resolver/index.ts';
import { createHost, type Host } from '../../../resolver/python/index.ts';
import type { SetAnswer } from '../../ask/package-set.ts';
import { filenameAt } from '../../ask/requirement.ts';
import type { ProjectRequirement } from './requirements.ts';

/** Includes the requirements that cannot be satisfied or parsed. */
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
  const open = new Set<unknown>(unmet);
  const filenames = new Map(set.packages.map(({ name, filename }) => [name, filename]));
  // Only the wheel with this URL is meant.
  const isOther = ({ name, url }: { name: string; url: string | null }) =>
    url !== null && host.closure.get(name)?.requested === true && filenames.get(name) !== filenameAt(url);
  const isUnmet = ({ parsed }: ProjectRequirement) => parsed === null || open.has(parsed) || isOther(parsed);
  return { host, unmet: requirements.filter(isUnmet) };
}

/** The facts about the standard library, from the bundled data or the registry. */
export async function standardLibraryOf({ source }: Pinwheel): Promise<StandardLibraryDocuments> {
  return (await source.standardLibrary())!;
}
