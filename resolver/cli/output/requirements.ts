/** A closure as a requirements file. */
import type { ResolveAnswer } from '../../answer.ts';
import type { Member } from '../../catalog.ts';
import { printable } from './text.ts';

/**
 * `name==version` lines sorted by name. What Pyodide has beside packages (shared libraries, modules of the
 * standard library) is left out, because under such a name an index has something else or nothing. There are
 * hashes where every file is a wheel: pip refuses a file with some of them missing.
 */
export function requirementLines({ target, packages }: ResolveAnswer, members: readonly Member[]): string[] {
  const kinds = new Map(members.map(({ name, kind }) => [name, kind]));
  const sorted = packages.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const installable = sorted.filter(({ name }) => kinds.get(name) === 'package');
  const rest = sorted.filter((one) => !installable.includes(one));
  const hashed = installable.every(({ wheel }) => wheel.filename.endsWith('.whl'));
  const { runtime, package_set } = target;
  return [
    `# Pyodide ${runtime.pyodide}, Python ${runtime.python}, ${package_set.flag}`,
    ...installable.map(
      ({ name, version, wheel }) => `${name}==${version}${hashed ? ` --hash=sha256:${wheel.sha256}` : ''}`,
    ),
    ...rest.map(({ name, version }) => `# ${name} ${version} comes with Pyodide, not from an index`),
  ].map(printable);
}
