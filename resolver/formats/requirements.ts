import type { ResolveAnswer, ResolvedPackage } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { deliveryText } from '../compatibility/workerd.ts';
import { shellWord, visible } from '../text/printable.ts';
import { pipLine } from './copy-blocks.ts';
import { byName, isBeyond, isWheel } from './file.ts';

const PYPI = 'https://pypi.org/simple/';

/**
 * A closure as a requirements file of pip: `name==version` lines sorted by name, each with its hash, and the command
 * that installs them as a comment. `members` are those of the answer's package set. What is not a package (shared
 * libraries, modules of the standard library) becomes a comment, too, because an index has something else or nothing
 * under such a name; so do archives, which pip does not install.
 *
 * Only a registry has Pinwheel-built wheels: if there are some, the file names `index`, the address of the set's simple
 * index, or without it has a comment. It also names the indexes that other packages come from, and PyPI if `index` is
 * named in its place; a package that is neither of the set nor in an index is given by its URL. `file` is what the command
 * calls the file.
 * @example
 * ```ts
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type PackageSet, prepareSet, toRequirements } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 * const answer = await createResolver().resolve({ compatibility_flags: [set.flag], requirements: ['idna'] });
 * const lines = toRequirements(answer, prepareSet(set as PackageSet).members).split('\n');
 * lines[0]; // → '# Pyodide 0.28.2, Python 3.13.2, python_3.13_packages_2025_09_22'
 * lines[2]?.replace(/[0-9a-f]{64}/, '…'); // → 'idna==3.10 --hash=sha256:…'
 * ```
 */
export function toRequirements(
  { target, packages }: ResolveAnswer,
  members: readonly Pick<Member, 'name' | 'kind'>[],
  index: string | null = null,
  file = 'requirements.txt',
): string {
  const installable = new Set(members.flatMap(({ name, kind }) => (kind === 'package' ? name : [])));
  const isInstallable = (resolved: ResolvedPackage) => isBeyond(resolved) || installable.has(resolved.name);
  const pins = byName(packages.filter((resolved) => isInstallable(resolved) && isWheel(resolved)));
  const archives = byName(packages.filter((resolved) => isInstallable(resolved) && !isWheel(resolved)));
  const others = byName(packages.filter((resolved) => !isInstallable(resolved)));
  const own = pins.filter(({ wheel }) => wheel.upstream_url === null).map(({ name }) => name);
  // pip asks PyPI unless the file names an index in its place.
  const replaced = own.length > 0 ? index : null;
  const indexes = [...new Set(pins.flatMap(({ wheel }) => wheel.index || []))].filter(
    (other) => other !== PYPI || replaced !== null,
  );
  const { runtime, package_set } = target;
  const lines = [
    `# Pyodide ${runtime.pyodide}, Python ${runtime.python}, ${package_set.flag}`,
    `# Install: ${pipLine([`-r ${shellWord(file)}`], null, target)}`,
    ...(own.length > 0 && index === null ? [indexMissing(own, package_set.flag)] : []),
    ...pins.map(pinLine),
    ...archives.map(({ name, version }) => `# ${name} ${version} is an archive: pinwheel vendor unpacks it`),
    ...others.map(({ name, version }) => `# ${name} ${version} comes with Pyodide, not from an index`),
    `# Delivery: ${deliveryText(target)}`,
  ].map(visible);
  const beside = indexes.map(sourceLine);
  if (replaced !== null) beside.unshift(`--index-url ${inert(replaced)}`);
  lines.splice(2, 0, ...beside);
  return lines.map((line) => `${line}\n`).join('');
}

function pinLine({ name, version, origin, wheel: { url, sha256 } }: ResolvedPackage): string {
  const pin = origin === 'file' ? `${name} @ ${inert(url)}` : `${name}==${version}`;
  return `${pin} --hash=sha256:${sha256}`;
}

/** A line for an index in addition to pip's default. Hashes keep pip from using another file. */
function sourceLine(index: string): string {
  return `${index.startsWith('file:') ? '--find-links' : '--extra-index-url'} ${inert(index)}`;
}

function indexMissing(own: readonly string[], flag: string): string {
  return `# Only a registry of Pinwheel has ${own.join(', ')}: --index-url https://REGISTRY/simple/${flag}/`;
}

/** Escapes spaces, line ends and other characters that would end or continue the line. */
function inert(url: string): string {
  return url.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
