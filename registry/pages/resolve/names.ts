/** The packages that names of modules stand for, and the names that need no package. */
import { type CatalogView, canonicalName, type Target } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { knownName } from '../../../resolver/python/known-names.ts';
import { scanPython } from '../../../resolver/python/scan.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import type { Bindings } from '../../env.ts';
import { documents } from '../../facts/standard-library.ts';
import type { Known } from '../../http/box.ts';
import { pinnedFilesOf } from '../../storage/history.ts';
import { flagNames } from '../components/words.ts';

/** What a box is read with. */
export function knownIn(view: CatalogView): Known {
  return { flags: new Set(flagNames(view)), scan: scanPython };
}

export interface Named {
  requirements: string[];
  /** Modules of the runtime. */
  provided: FixOf<'leave_out'>[];
}

/**
 * Replaces names of modules, such as `sklearn` and `PIL.Image`, by those of the packages that provide them, if no set
 * has a package of that name and only one package has the module.
 */
export async function packagesNamed(
  env: Bindings,
  view: CatalogView,
  target: Target,
  texts: readonly string[],
): Promise<Named> {
  const named: Named = { requirements: [], provided: [] };
  const files = texts.some(isName) ? await pinnedFilesOf(env, view) : [];
  const names = new Set(files.map(({ name }) => name));
  const providers = new Map<string, Set<string>>();
  for (const { name, imports } of files) {
    for (const module of imports) providers.set(module, (providers.get(module) ?? new Set()).add(name));
  }
  for (const text of texts) {
    const [first = '', ...rest] = text.split('.');
    const provided = knownName(canonicalName(rest.length === 0 ? text : first), documents, target, view);
    const isMember = names.has(canonicalName(text));
    if (!isName(text) || (isMember && (rest.length === 0 || provided?.because !== 'provided'))) {
      named.requirements.push(text);
    } else if (provided?.because === 'provided') {
      named.provided.push({ ...provided, name: text });
    } else {
      const [only, ...others] = providers.get(text) ?? providers.get(first) ?? [];
      named.requirements.push(only === undefined || others.length > 0 ? text : only);
    }
  }
  return { ...named, requirements: [...new Set(named.requirements)] };
}
