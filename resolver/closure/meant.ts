/** The packages that may be meant by a name that a set does not have. */
import type { Fix } from '../issues/fix.ts';
import { advice, requirementFixes } from '../issues/fixes.ts';
import { isModuleNamed } from '../requirements/name.ts';
import { nearest } from '../text/nearest.ts';
import { series } from '../text/printable.ts';
import type { Pins } from './closure.ts';

export interface Meant {
  /** The packages that provide a module of that name. */
  providers: string[];
  /** Packages with nearly that name, if there are no providers. */
  near: string[];
}

/** Near spellings are looked for among `names`, by default all of the set. */
export function meantBy(
  name: string,
  { members, index }: Pins,
  names: Iterable<string> = index.keys(),
): Meant {
  const providers = members
    .filter(({ imports }) => imports?.some(isModuleNamed(name)))
    .map((member) => member.name!);
  return { providers, near: providers[0] ? [] : nearest(name, names) };
}

export function fixesMeant(name: string, { providers, near }: Meant): Fix[] {
  return [...requirementFixes(name, providers, 'module'), ...requirementFixes(name, near, 'similar')];
}

/** The packages of another set that a name may mean: for a person to choose, as the set of the question has none of them. */
export function adviceMeant(name: string, set: Pins & { flag: string }): Fix[] {
  const { providers, near } = meantBy(name, set);
  const [names, text] =
    providers.length > 0 ? [providers, `The module ${name} comes with`] : [near, 'Perhaps you mean'];
  return names.length > 0 ? [advice(`${text} ${series(names, 'or')}, which ${set.flag} has.`)] : [];
}
