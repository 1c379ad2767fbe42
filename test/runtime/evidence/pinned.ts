/** Packages of registered sets, and the folder of their files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Member, PackageSet } from '../../../resolver/catalog.ts';
import { root } from '../../../scripts/root.ts';

/** A folder of files that sets pin; null without one. */
export const wheels = process.env.PINNED_WHEELS || null;
export const NO_WHEELS = 'Evidence of pinned packages skipped: PINNED_WHEELS names no folder';

/** Packages of a set, with those that they need. */
export function membersOf(flag: string, names: readonly string[]): Member[] {
  const text = readFileSync(join(root, `data/sets/${flag}.json`), 'utf8');
  const { packages } = PackageSet.parse(JSON.parse(text));
  const needed = new Set(names);
  for (const name of needed) {
    for (const each of packages.find((member) => member.name === name)!.depends) needed.add(each);
  }
  return packages.filter(({ name }) => needed.has(name));
}
