/** The address of a question of the upgrade view, without what was pasted. */
import { addressOf, queryOf } from '../components/links.ts';
import type { Sides, Upgrade } from './answer.ts';

interface Changes extends Partial<Sides> {
  /** For a permanent address. */
  as_of?: string;
  revision?: number;
}

export function queryOfUpgrade({ asking, sides }: Pick<Upgrade, 'asking' | 'sides'>, changes: Changes = {}) {
  const { from, to, ...rest } = { ...sides, ...changes };
  const query = new URLSearchParams(queryOf({ ...addressOf(asking), date: null, ...rest }));
  query.set('from', from);
  query.set('to', to);
  for (const requirement of asking.requirements) query.append('requirement', requirement);
  return query.toString();
}

export function addressOfUpgrade(upgrade: Pick<Upgrade, 'asking' | 'sides'>, changes: Changes = {}): string {
  return `/compare?${queryOfUpgrade(upgrade, changes)}`;
}
