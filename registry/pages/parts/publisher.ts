import type { Patched, Source } from '../../../resolver/catalog.ts';

/** Who published the lock file that a set was read from. */
export function publisherOf({ registry, package: name }: Source): string {
  if (registry === 'pinwheel') return 'Pinwheel';
  return name.startsWith('@cloudflare/') ? 'Cloudflare' : 'Pyodide';
}

/** Who may have changed a wheel. */
export const PATCHERS: Record<Patched['by'], string> = {
  pinwheel: 'Pinwheel',
  pyodide: 'Pyodide',
  cloudflare: 'Cloudflare',
};
