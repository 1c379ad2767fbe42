/** The effects of flags on Python, for the API and the pages. */
import facts from '../../data/standard-library/facts.json' with { type: 'json' };
import type { FlagEffect } from '../../resolver/python/standard-library-document.ts';

export const flagEffects = facts.flags as readonly FlagEffect[];
