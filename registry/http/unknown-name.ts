/** Unknown names in paths. */

import type { CatalogView } from '../../resolver/index.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { didYouMean, nearest } from '../../resolver/text/nearest.ts';
import { printable } from '../../resolver/text/printable.ts';
import { PROBLEMS, problem } from './problem.ts';

/** A problem document for an unknown name, with similar names. */
export function unknownName(
  code: 'unknown_flag' | 'unknown_set' | 'unknown_package',
  name: string,
  near: readonly string[],
): Response {
  const { title } = PROBLEMS[code];
  return problem(code, [`${title}: ${printable(name)}.`, didYouMean(near)].filter(Boolean).join(' '));
}

/** The set of a package flag, or a problem document with similar flags. */
export function findSet(view: CatalogView, flag: string): CatalogSet | Response {
  return view.sets.get(flag) ?? unknownName('unknown_set', flag, nearest(flag, view.sets.keys()));
}
