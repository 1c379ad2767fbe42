import { didYouMean, nearest } from '../../resolver/text/nearest.ts';
import type { Complaint } from '../failure.ts';

/** Names listed where none is nearly the one asked for. */
const SHOWN = 10;

/** What is said of an extra or a group that a file does not declare. */
export function unknownName(
  what: 'extra' | 'group',
  file: string,
  name: string,
  declared: Iterable<string>,
): Complaint {
  const names = [...declared];
  const listed = names.length > 0 ? `It has ${names.slice(0, SHOWN).join(', ')}.` : `It has no ${what}s.`;
  const fix = didYouMean(nearest(name, names)) ?? listed;
  return { code: `unknown_${what}`, message: `${file} has no ${what} "${name}".`, fix };
}
