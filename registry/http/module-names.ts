/** Names of modules in the place of requirements: the packages that they stand for, and those that need no package. */
import { type CatalogView, canonicalName, type Target } from '../../resolver/index.ts';
import type { FixOf } from '../../resolver/issues/fixes.ts';
import { knownName, missingModule, moduleElsewhere } from '../../resolver/python/known-names.ts';
import { firstPart, PackageIndex } from '../../resolver/python/modules.ts';
import { isName } from '../../resolver/requirements/name.ts';
import type { Bindings } from '../env.ts';
import { documents } from '../facts/standard-library.ts';
import { filesWithModules, pinnedNames } from '../storage/history.ts';

export interface Named {
  requirements: string[];
  /** Modules of the runtime, and those that only other Pythons have. */
  modules: FixOf<'leave_out'>[];
  /** The modules for which packages were taken, by the names of these. */
  replaced: Map<string, string>;
}

/**
 * Replaces names of modules, such as `sklearn` and `PIL.Image`, with or without versions, by those of the packages that
 * provide them, if no set has a package of that name and only one package has the module.
 */
export async function packagesNamed(
  env: Bindings,
  view: CatalogView,
  target: Target,
  texts: readonly string[],
): Promise<Named> {
  const named: Named = { requirements: [], modules: [], replaced: new Map() };
  if (texts.length === 0) return named;
  const parts = texts.map(partsOf);
  const members = await pinnedNames(env, view, new Set(parts.map(({ name }) => name)));
  // Names of packages may have hyphens, those of modules cannot.
  const others = parts.filter(({ name, written }) => !members.has(name) && !written.includes('-'));
  const modules = new Set(others.map(({ written }) => firstPart(written)));
  let packages: PackageIndex | undefined;
  for (const { text, written, name, versions } of parts) {
    const [first = '', ...rest] = written.split('.');
    const isMember = members.has(name);
    if (!isName(written) || (isMember && rest.length === 0)) {
      named.requirements.push(text);
      continue;
    }
    const module = rest.length === 0 ? name : canonicalName(first);
    const provided = knownName(module, documents, target, view);
    if (provided?.because === 'provided') {
      named.modules.push({ ...provided, name: written });
    } else if (isMember) {
      named.requirements.push(text);
    } else {
      packages ??= new PackageIndex(await filesWithModules(env, view, modules), documents.facts);
      const elsewhere = moduleElsewhere(module, documents, target);
      const isMissing = rest.length > 0 && !elsewhere && missingModule(module, documents, target) !== null;
      const [only, ...others] = new Set(packages.having(written).map((having) => having.name));
      const isOne = only !== undefined && others.length === 0;
      if (elsewhere && only === undefined) named.modules.push({ ...elsewhere, name: written });
      else named.requirements.push(isMissing ? first : isOne ? only + versions : text);
      if (isOne && !isMissing) named.replaced.set(only, module);
    }
  }
  return { ...named, requirements: [...new Set(named.requirements)] };
}

/** A requirement as its name, which may be that of a module, and what is said of its version. */
function partsOf(text: string) {
  const [, written = text, versions = ''] = /^([\w.-]+)(\s*[<>=!~].*)?$/s.exec(text) ?? [];
  return { text, written, name: canonicalName(written), versions };
}
