/** For those who ask for a module by the name it is imported by, where another set than theirs has its package. */
import { canonicalName } from '../../resolver/requirements/name.ts';
import type { Elsewhere } from '../check/elsewhere.ts';
import type { Complaint } from '../failure.ts';

/** What is said of a name that no package has. */
const NOT_IN_ANY_SET = /has no package "([^"]+)"\.$/;

/** The complaints, those about such names with the package and with where it can be had. */
export async function withModuleHints(
  complaints: readonly Complaint[],
  { complain, packagesHaving }: Elsewhere,
): Promise<Complaint[]> {
  const asked = complaints.map(({ fix, message }) =>
    fix?.startsWith('No package set has ') ? (NOT_IN_ANY_SET.exec(message)?.[1] ?? null) : null,
  );
  const names = new Set(asked.filter((name) => name !== null));
  if (names.size === 0) return [...complaints];
  const packages = await packagesHaving((module) => {
    const name = canonicalName(module);
    return names.has(name) ? name : null;
  });
  const told = await complain([...new Set([...packages.values()].flatMap((some) => [...some]))]);
  return complaints.map((complaint, at) => {
    const [brings] = packages.get(asked[at] ?? '') ?? [];
    if (brings === undefined) return complaint;
    const where = told.find(({ message }) => message.includes(`"${brings}"`))?.fix;
    const fix = `The module ${asked[at]} comes with ${brings}: ask for that.`;
    return { ...complaint, fix: where ? `${fix} ${where}` : fix };
  });
}
