/** The real catalog and package sets, for questions about time. */
import facts from '../../../data/standard-library/facts.json' with { type: 'json' };
import measured from '../../../data/standard-library/measured.json' with { type: 'json' };
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import type { ResolveSource } from '../../../resolver/closure/source.ts';
import type { FlagEffect } from '../../../resolver/python/standard-library-document.ts';
import { moduleReader } from '../../../resolver/time/compare.ts';
import { realSets, realSource } from '../closure/sets.ts';

export { allPins, realSource as source } from '../closure/sets.ts';
export { view } from '../compatibility/catalog.ts';

export const AS_OF = '2026-11-20';

export const prepared = new Map(realSets.map((set) => [set.flag, prepareSet(set)]));

export const readModules = moduleReader(measured);

export const flagEffects = facts.flags as FlagEffect[];

/** A source of which nothing may be opened. */
export const pinsOnly: ResolveSource = {
  ...realSource,
  openSet: ({ flag }) => Promise.reject(new Error(`${flag} was opened`)),
};
