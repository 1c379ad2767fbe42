import { canonicalName } from '../../../resolver/index.ts';
import { unknownExtra, unknownGroup } from '../../../resolver/issues/documents.ts';
import { listed } from '../../../resolver/text/listed.ts';
import { didYouMean, nearest } from '../../../resolver/text/nearest.ts';
import type { LocatedIssue } from '../../common/failure.ts';

/** At most this many names are listed; the rest are counted. */
const SHOWN = 10;

/** The message about an undeclared extra or group. `others`: the names of the other kind. */
export function unknownName(
  what: 'extra' | 'group',
  file: string,
  name: string,
  declared: Iterable<string>,
  others: Iterable<string>,
): LocatedIssue {
  const names = [...declared];
  const other = what === 'extra' ? 'group' : 'extra';
  const all = names.length > 0 ? `It has ${listed(names, SHOWN)}.` : `It has no ${what}s.`;
  const fix = [...others].includes(canonicalName(name))
    ? `It has a${what === 'group' ? 'n' : ''} ${other} of that name: write --${other} ${name}.`
    : (didYouMean(nearest(name, names)) ?? all);
  const row = what === 'extra' ? unknownExtra : unknownGroup;
  return row({ name, message: `${file} has no ${what} "${name}".`, fix });
}
