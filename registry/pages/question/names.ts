/** Forms as they were understood: also the packages that names of modules stand for, and names that need no package. */
import type { Context } from 'hono';
import { type CatalogView, canonicalName, type Target } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { knownName } from '../../../resolver/python/known-names.ts';
import { scanPython } from '../../../resolver/python/scan.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import type { Bindings, Env } from '../../env.ts';
import { documents } from '../../facts/standard-library.ts';
import { readBoxForm } from '../../http/box.ts';
import type { Form } from '../../http/question.ts';
import { today } from '../../http/reply.ts';
import { pinnedFilesOf } from '../../storage/history.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { flagNames } from '../components/words.ts';

/** A form that was read, with the flags to offer in it. */
export type ReadForm = Awaited<ReturnType<typeof readQuestion>>;

export async function readQuestion(c: Context<Env>, form: Form) {
  const { head } = await openSnapshot(c);
  const known = flagNames(head);
  return { ...readBoxForm(form, { flags: new Set(known), scan: scanPython }, today()), known };
}

export interface Named {
  requirements: string[];
  /** Modules of the runtime. */
  provided: FixOf<'leave_out'>[];
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
  const named: Named = { requirements: [], provided: [] };
  const files = await pinnedFilesOf(env, view);
  const names = new Set(files.map(({ name }) => name));
  const providers = new Map<string, Set<string>>();
  for (const { name, imports } of files) {
    for (const module of imports) providers.set(module, (providers.get(module) ?? new Set()).add(name));
  }
  for (const text of texts) {
    const [, written = text, versions = ''] = /^([\w.-]+)(\s*[<>=!~].*)?$/s.exec(text) ?? [];
    const [first = '', ...rest] = written.split('.');
    const provided = knownName(canonicalName(rest.length === 0 ? written : first), documents, target, view);
    const isMember = names.has(canonicalName(written));
    if (!isName(written) || (isMember && (rest.length === 0 || provided?.because !== 'provided'))) {
      named.requirements.push(text);
    } else if (provided?.because === 'provided') {
      named.provided.push({ ...provided, name: written });
    } else {
      const [only, ...others] = providers.get(written) ?? providers.get(first) ?? [];
      named.requirements.push(only === undefined || others.length > 0 ? text : only + versions);
    }
  }
  return { ...named, requirements: [...new Set(named.requirements)] };
}
