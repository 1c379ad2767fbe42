/** The folder of this package, found both from `cli/` and from a bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { outOfReach } from './failure.ts';

/** A file of the package, such as `data/catalog.json`. */
export function packageFile(path: string): URL {
  for (let folder = new URL('.', import.meta.url); ; ) {
    if (existsSync(new URL('package.json', folder))) return new URL(path, folder);
    const parent = new URL('..', folder);
    if (parent.href === folder.href) throw outOfReach({ problem: 'incomplete_package' });
    folder = parent;
  }
}

export function readPackageJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(packageFile(path), 'utf8'));
  } catch (error) {
    throw outOfReach({ problem: 'unread_package_file', path }, error);
  }
}
