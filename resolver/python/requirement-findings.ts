/** Packages that are imported but not required, or required but not imported. */
import { fixed } from '../issues/fixes.ts';
import type { Finding, Severity } from './finding.ts';
import type { LocatedImports } from './locate.ts';
import type { Package } from './packages.ts';
import type { Host, Project } from './project.ts';

type Words = Pick<Finding, 'severity' | 'code' | 'message' | 'fix' | 'fixes'>;

/** The finding about an import that these packages of the set provide. */
export function packageFindings(
  module: string,
  packages: readonly Package[],
  severity: Severity,
  { requirementsFile }: Project,
  { closure, target }: Host,
): Words[] {
  // workerd mounts these with its own Pyodides.
  if (packages.some(({ kind }) => kind === 'standard_library') && target.runtime.workerd_bundle !== null)
    return [];
  const required = packages.find(({ name }) => closure.has(name));
  const [one] = packages;
  if (!required) {
    const named = packages.map(({ name, version }) => `${name} ${version}`).join(' or ');
    const isNamesake = one!.name === module;
    return [
      {
        severity,
        code: 'unlisted_package',
        message: isNamesake
          ? `${named} is in the package set, but nothing requires it.`
          : `${module} comes with ${named}, which nothing requires.`,
        ...fixed([{ kind: 'add_requirement', requirement: one!.name, file: requirementsFile }]),
      },
    ];
  }
  const { requested, required_by: parents } = closure.get(required.name)!;
  if (requested) return [];
  const comes = required.name === module ? module : `${module} comes with ${required.name}`;
  return [
    {
      severity: 'info',
      code: 'transitive_package',
      message: `${comes}${required.name === module ? '' : ', which'} is here only because ${parents.join(', ')} needs it.`,
      ...fixed([{ kind: 'add_requirement', requirement: required.name, file: requirementsFile }]),
    },
  ];
}

/** Requirements that no file imports, and that no other requirement needs. */
export function unusedRequirements(
  { requirements }: Project,
  { packages, closure }: Host,
  located: LocatedImports,
): Finding[] {
  const used = new Set<string>();
  for (const imports of located.values()) {
    for (const { module, origin } of imports) {
      // Vendored packages usually come from the set.
      const providing = origin.from === 'vendored' ? packages.having(module) : [];
      for (const { name } of origin.from === 'package' ? origin.packages : providing) used.add(name);
    }
  }
  return requirements.flatMap(({ name, file, line, column }): Finding[] => {
    const known = packages.named(name);
    if (known?.kind !== 'package' || known.imports.length === 0 || used.has(name)) return [];
    if (!closure.has(name) || closure.get(name)!.required_by.length > 0) return [];
    const message = `Nothing in the project imports ${name}.`;
    const fix = 'Leave it out, unless it is needed without being imported.';
    return [
      { severity: 'warning', code: 'unused_requirement', message, ...fixed(fix), path: file, line, column },
    ];
  });
}
