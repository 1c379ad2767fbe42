/** The address of a question of the upgrade view, without what was pasted. */
import { addressOf, queryOfSides, withRequirements } from '../components/links.ts';
import type { Sides, Upgrade } from './answer.ts';

interface Changes extends Partial<Sides> {
  /** For a permanent address. */
  as_of?: string;
  revision?: number;
}

export function queryOfUpgrade({ asking, sides }: Pick<Upgrade, 'asking' | 'sides'>, changes: Changes = {}) {
  const { from, to, ...rest } = { ...sides, ...changes };
  return withRequirements(queryOfSides({ ...addressOf(asking), ...rest }, { from, to }), asking.requirements);
}

export function addressOfUpgrade(upgrade: Pick<Upgrade, 'asking' | 'sides'>, changes: Changes = {}): string {
  return `/compare?${queryOfUpgrade(upgrade, changes)}`;
}
