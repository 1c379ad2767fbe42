/** Where package sets come from, in words. */
import type { Source } from '../catalog.ts';
import { isPackageFlag } from '../compatibility/package-set.ts';

/** Who published what a set was read from. */
export function publisherOf({ registry, package: name }: Source): string {
  if (registry === 'pinwheel') return 'Pinwheel';
  return name.startsWith('@cloudflare/') ? 'Cloudflare' : 'Pyodide';
}

/** The package flag of the set that one of Pinwheel's own is made of. */
export function baseFlagOf({ registry, package: name }: Source): string | null {
  return registry === 'pinwheel' && isPackageFlag(name) ? name : null;
}

/** Such as `pyodide-lock.json of pyodide 0.28.2, from npm`. */
export function sourceText(source: Source): string {
  const base = baseFlagOf(source);
  if (base !== null)
    return `${base}, with what earlier sets of its ABI had, and some wheels replaced by patched ones`;
  return `${source.file} of ${source.package} ${source.version}, from ${source.registry}`;
}
