/** Requirements of a project that its package set cannot meet. */
import type { Finding, Host, Project } from '../../resolver/python/index.ts';
import { ModuleTree } from '../../resolver/python/module-tree.ts';
import { locateComplaints } from '../input/file-requirement.ts';
import type { Complain } from './elsewhere.ts';
import type { Layout } from './layout.ts';
import type { ProjectRequirement } from './requirements.ts';

/** Requirements that are explained before it is too much. */
const MOST_EXPLAINED = 100;

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

export async function unmetFindings(
  unmet: readonly ProjectRequirement[],
  layout: Layout,
  { sdk }: Project,
  host: Host,
  complain: Complain,
): Promise<Finding[]> {
  const isVendored = vendoredTest(layout, host);
  const open = unmet.filter((one) => one.parsed === null || !isVendored(one)).slice(0, MOST_EXPLAINED);
  if (open.length === 0) return [];
  // The place of each is its index: the complaints come back with it.
  const texts = open.map(({ text }, at) => ({ text, where: String(at) }));
  const complaints = locateComplaints(await complain(texts.map(({ text }) => text)), texts);
  return complaints.flatMap(({ code = 'unmet_requirement', message, fix, where }): Finding[] => {
    const requirement = where === undefined ? undefined : open[Number(where)];
    if (!requirement) return [];
    const { file: path, line, column } = requirement;
    // pywrangler vendors what the package index has when the Worker is deployed.
    const severity = sdk === 'vendored_later' && code === 'unknown_package' ? 'warning' : 'error';
    return [{ severity, code, message, fix, path, line, column }];
  });
}
