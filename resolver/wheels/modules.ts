/** What can be imported once a wheel is installed, by the paths of its files. */

/** `NAME.data/purelib` and `platlib` are unpacked beside the rest; its other folders go elsewhere. */
const DATA = /^[^/]+\.data\/(?:(purelib|platlib)\/)?/;
const MODULE = /^([^/.]+)(?:\.[^/]+)?\.(?:py|so)$/;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** Top-level names, sorted: modules, and folders with modules in them, namespaces among them. */
export function modulesAmong(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const whole of paths) {
    const [prefix, scheme] = DATA.exec(whole) ?? [''];
    if (prefix !== '' && scheme === undefined) continue;
    const parts = whole.slice(prefix.length).split('/');
    const module = MODULE.exec(parts.at(-1)!)?.[1];
    const name = parts.length === 1 ? module : parts[0];
    if (module !== undefined && name !== undefined && IDENTIFIER.test(name)) found.add(name);
  }
  return [...found].sort();
}
