import type { ResolveAnswer } from '../answer.ts';
import type { Member } from '../catalog.ts';
import { printable } from '../text/printable.ts';
import { byName, isWheel } from './file.ts';

/**
 * A closure as a requirements file of pip: `name==version` lines sorted by name. `members` are those of the
 * answer's package set, as `prepareSet` or a registry gives them.
 *
 * What Pyodide has beside packages (shared libraries, modules of the standard library) is a comment, because
 * under such a name an index has something else or nothing. There are hashes where every file is a wheel: pip
 * refuses a file with some of them missing.
 *
 * Wheels of Pinwheel's own are in no other index: where there are some, `index`, the address of the set's simple
 * index, goes into the file, or a comment that says what is missing.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import set from 'pinwheel-py/data/sets/python_3.13_packages_2025_09_22.json' with { type: 'json' };
 * import { type Catalog, type PackageSet, prepareSet, resolve, viewCatalog } from 'pinwheel-py';
 * import { toRequirements } from 'pinwheel-py/formats';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const prepared = prepareSet(set as PackageSet);
 * const answer = await resolve(
 *   view.value,
 *   { compatibility_date: null, compatibility_flags: [set.flag], as_of: '2026-11-20', requirements: ['idna'] },
 *   { openSet: async () => prepared, readPins: async () => new Map() },
 * );
 * if (!answer.ok) throw new Error(answer.issues[0]?.message);
 * const lines = toRequirements(answer.value, prepared.members).split('\n');
 * lines[0]; // → '# Pyodide 0.28.2, Python 3.13.2, python_3.13_packages_2025_09_22'
 * lines[1]?.replace(/[0-9a-f]{64}/, '…'); // → 'idna==3.10 --hash=sha256:…'
 * ```
 */
export function toRequirements(
  { target, packages }: ResolveAnswer,
  members: readonly Pick<Member, 'name' | 'kind'>[],
  index: string | null = null,
): string {
  const installable = new Set(members.flatMap(({ name, kind }) => (kind === 'package' ? name : [])));
  const pins = byName(packages.filter(({ name }) => installable.has(name)));
  const others = byName(packages.filter(({ name }) => !installable.has(name)));
  const hashed = pins.every(isWheel);
  const own = pins.filter(({ wheel }) => wheel.upstream_url === null).map(({ name }) => name);
  const { runtime, package_set } = target;
  const lines = [
    `# Pyodide ${runtime.pyodide}, Python ${runtime.python}, ${package_set.flag}`,
    ...(own.length > 0 && index === null ? [indexMissing(own, package_set.flag)] : []),
    ...pins.map(
      ({ name, version, wheel }) => `${name}==${version}${hashed ? ` --hash=sha256:${wheel.sha256}` : ''}`,
    ),
    ...others.map(({ name, version }) => `# ${name} ${version} comes with Pyodide, not from an index`),
  ].map(printable);
  if (own.length > 0 && index !== null) lines.splice(1, 0, `--index-url ${inert(index)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function indexMissing(own: readonly string[], flag: string): string {
  return `# Only a registry of Pinwheel has ${own.join(', ')}: --index-url https://REGISTRY/simple/${flag}/`;
}

/** A URL has no spaces, line ends or other characters that a line of the file could be ended or continued with. */
function inert(url: string): string {
  return url.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
