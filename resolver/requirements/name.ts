/** Names of packages and extras (PEP 503 and PEP 508). */

/** The most characters of a name. The longest on PyPI is shorter by far. */
export const NAME_LIMIT = 100;

/**
 * The one spelling under which a name is stored and compared: `Ruamel_.YAML` is `ruamel-yaml`.
 * @example
 * ```ts
 * import { canonicalName } from 'pinwheel-py';
 * canonicalName('Ruamel_.YAML'); // → 'ruamel-yaml'
 * ```
 */
export function canonicalName(text: string): string {
  return text.replace(/[-_.]+/g, '-').toLowerCase();
}

/** Whether a name is well-formed: ASCII letters and digits, with `.`, `-` and `_` between them. */
export function isName(text: string): boolean {
  return text.length <= NAME_LIMIT && /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i.test(text);
}

/** Whether a module has this canonical name. Few have its length: most need no canonical form. */
export function isModuleNamed(name: string): (module: string) => boolean {
  return (module) => module.length === name.length && canonicalName(module) === name;
}
