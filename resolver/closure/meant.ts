/** The packages that may be meant by a name that a set does not have. */
import type { Fix } from '../issues/fix.ts';
import { requirementFixes } from '../issues/fixes.ts';
import { isModuleNamed } from '../requirements/name.ts';
import { nearest } from '../text/nearest.ts';
import type { Pins } from './closure.ts';

export interface Meant {
  /** The packages that provide a module of that name. */
  providers: string[];
  /** Packages with nearly that name, if there are no providers. */
  near: string[];
}

export function meantBy(name: string, { members, index }: Pins): Meant {
  const providers = members
    .filter(({ imports }) => imports?.some(isModuleNamed(name)))
    .map((member) => member.name!);
  return { providers, near: providers[0] ? [] : nearest(name, index.keys()) };
}

export function fixesMeant(name: string, { providers, near }: Meant): Fix[] {
  return [...requirementFixes(name, providers, 'module'), ...requirementFixes(name, near, 'similar')];
}
