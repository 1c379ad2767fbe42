import type { Tree } from '@lezer/common';
import type { Place, Reference } from './import.ts';

/** A name of a file, and the module, or what is in one, that it stands for. */
export interface Bound {
  local: string;
  /** Dotted. */
  module: string;
}

/** In UTF-16 units; longer chains are passed over, which bounds the work on hostile input. */
const LONGEST_CHAIN = 200;

/** A plain chain of attributes; calls and subscripts end one. */
const CHAIN = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)+$/u;

/** Chains such as `threading.Thread` whose first name is one of `bound`, whichever scope either is in. */
export function referencesIn(
  tree: Tree,
  text: string,
  bound: readonly Bound[],
  placeAt: (offset: number) => Place,
): Reference[] {
  const modules = new Map(bound.map(({ local, module }) => [local, module]));
  const references: Reference[] = [];
  tree.iterate({
    enter({ name, from, to }) {
      if (name !== 'MemberExpression') return;
      if (to - from > LONGEST_CHAIN) return;
      const chain = text.slice(from, to);
      if (!CHAIN.test(chain)) return;
      const dot = chain.indexOf('.');
      const module = modules.get(chain.slice(0, dot));
      if (module !== undefined) {
        references.push({ name: module + chain.slice(dot), typing: false, ...placeAt(from) });
      }
      return false;
    },
  });
  return references;
}
