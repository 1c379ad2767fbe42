/** Requirements of a project that its package set cannot meet. */
import type { Finding, Host, Project } from '../../resolver/python/index.ts';
import { ModuleTree } from '../../resolver/python/module-tree.ts';
import { placesOf } from '../input/file-requirement.ts';
import type { Complain } from './elsewhere.ts';
import type { Layout } from './layout.ts';
import type { ProjectRequirement } from './requirements.ts';

/** Tells of a requirement whether the Worker carries what it asks for. */
export function vendoredTest(
  { vendoredPackages, vendored }: Pick<Layout, 'vendoredPackages' | 'vendored'>,
  { facts }: Host,
): (requirement: Pick<ProjectRequirement, 'name'>) => boolean {
  const tree = new ModuleTree(vendored);
  return ({ name }) =>
    vendoredPackages.includes(name) ||
    tree.has(name.replaceAll('-', '_')) ||
    facts.sdk.packages.includes(name);
}

/** All that `requirements` ask for is asked together, but for what the Worker carries. */
export async function unmetFindings(
  unmet: readonly ProjectRequirement[],
  requirements: readonly ProjectRequirement[],
  layout: Layout,
  { sdk }: Project,
  host: Host,
  complain: Complain,
): Promise<Finding[]> {
  const isVendored = vendoredTest(layout, host);
  const open = new Set(unmet.filter((one) => one.parsed === null || !isVendored(one)));
  if (open.size === 0) return [];
  const asked = requirements.filter((one) => open.has(one) || !unmet.includes(one));
  const complaints = await complain(asked.map(({ text }) => text));
  return complaints.flatMap((complaint) =>
    placesOf(complaint).flatMap((at): Finding[] => {
      const requirement = asked[at];
      if (!requirement) return [];
      const { file: path, line, column } = requirement;
      const { code, message, fix } = complaint;
      // pywrangler vendors what the package index has when the Worker is deployed.
      const severity = sdk === 'vendored_later' && code === 'unknown_package' ? 'warning' : 'error';
      return [{ severity, code, message, fix, path, line, column }];
    }),
  );
}
