/** For those who ask for a module by the name it is imported by, where another set than theirs has its package. */
import { moduleHint } from '../../resolver/issues/closure.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import type { Elsewhere } from '../check/elsewhere.ts';
import type { Complaint } from '../failure.ts';

/**
 * The complaints, those about names that no set has with the package that is meant, and with where it can be had:
 * `requirements` is the whole question, in which it takes the place of the name.
 */
export async function withModuleHints(
  complaints: readonly Complaint[],
  requirements: readonly string[],
  { complain, packagesHaving }: Elsewhere,
): Promise<Complaint[]> {
  const names = new Set(complaints.flatMap((one) => unheardOf(one)?.package ?? []));
  if (names.size === 0) return [...complaints];
  const packages = await packagesHaving((module) => {
    const name = canonicalName(module);
    return names.has(name) ? name : null;
  });
  const meant = new Map<number, string>();
  for (const complaint of complaints) {
    const [brings] = packages.get(unheardOf(complaint)?.package ?? '') ?? [];
    if (brings !== undefined && 'index' in complaint) meant.set(complaint.index, brings);
  }
  if (meant.size === 0) return [...complaints];
  const told = await complain(requirements.map((text, at) => meant.get(at) ?? text));
  return complaints.map((complaint) => {
    const unknown = unheardOf(complaint);
    const brings = unknown && meant.get(unknown.index);
    if (!unknown || !brings) return complaint;
    const where = told.find((one) => 'package' in one && one.package === brings)?.fix;
    const fix = moduleHint(unknown.package, [brings]);
    return { ...complaint, fix: where ? `${fix} ${where}` : fix };
  });
}

/** A complaint about a name that no set has, and that is not nearly another. */
function unheardOf(complaint: Complaint) {
  if (complaint.code !== 'unknown_package') return null;
  const { candidates, available, near, providers } = complaint;
  return candidates?.length === 0 && !available && near.length + providers.length === 0 ? complaint : null;
}
