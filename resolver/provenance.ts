/** Where package sets come from, in words. */
import type { Diagnostic } from './answer.ts';
import type { Patched, Source } from './catalog.ts';
import { isPackageFlag } from './compatibility/package-set.ts';
import { remark } from './issues/fixes.ts';
import { listed } from './text/printable.ts';
import type { VersionChange } from './time/answers.ts';

/** Who published what a set was read from. */
export function publisherOf({ registry, package: name }: Source): keyof typeof READ {
  if (registry === 'pinwheel') return 'Pinwheel';
  if (registry === 'lock') return 'this registry';
  return name.startsWith('@cloudflare/') ? 'Cloudflare' : 'Pyodide';
}

/** The package flag of the set that one of Pinwheel's own is made of. */
export function baseFlagOf({ registry, package: name }: Source): string | null {
  return registry === 'pinwheel' && isPackageFlag(name) ? name : null;
}

/** The origin of a set in words, such as `pyodide-lock.json of pyodide 0.28.2, from npm`. */
export function sourceText(source: Source): string {
  const base = baseFlagOf(source);
  if (base !== null)
    return `${base}, with what earlier sets of its ABI had, and some wheels replaced by patched ones`;
  if (source.registry === 'lock') return `${source.file}, for Pyodide ${source.version}`;
  return `${source.file} of ${source.package} ${source.version}, from ${source.registry}`;
}

export const DATA_LICENCES =
  'The data is read from Pyodide’s lock files (MPL-2.0), from workerd (Apache-2.0) and from the release schedules ' +
  'of Python (public domain, or CC0-1.0); each wheel is under the licence of its own project.';

/** The licences of a set's source, and of the files that the set pins. */
export function licencesText(source: Source): string {
  return `${READ[publisherOf(source)]} Each file of a package is under the licence of its own project.`;
}

const READ = {
  Cloudflare: 'Read from workerd, under Apache-2.0.',
  Pyodide: 'Read from Pyodide’s lock file, under MPL-2.0.',
  Pinwheel:
    'Compiled from Pyodide’s lock files, which are under MPL-2.0; Pinwheel’s own files are under MIT.',
  'this registry': 'Read from a lock of whoever published it.',
};

export type PinwheelPatch = Extract<Patched, { by: 'pinwheel' }>;

const NAMES: Record<string, string> = { pinwheel: 'Pinwheel', pyodide: 'Pyodide', cloudflare: 'Cloudflare' };

export function patcherOf(by: string): string {
  return Object.hasOwn(NAMES, by) ? NAMES[by]! : by;
}

/** The command that rebuilds the wheel, byte for byte; null if the upstream file is not a wheel. */
export function rebuildCommand({ patch, upstream }: PinwheelPatch): string | null {
  const version = /^[\w.]+-([\w.+]+)(?:-[\w.]+){3,4}\.whl$/.exec(upstream.filename)?.[1];
  return version === undefined ? null : `npm run patch:build -- ${patch}==${version}`;
}

/** The local label that a patch adds to upstream's version, before its release. */
const LABEL = '+pinwheel.';

export const isPatchedVersion = (version: string): boolean => version.includes(LABEL);

/** Notes on a change of version: of a version and its patched form, neither is older. */
export function stepRemarks({
  from,
  to,
  direction,
}: Pick<VersionChange, 'from' | 'to' | 'direction'>): string[] {
  const [before, after] = [isPatchedVersion(from), isPatchedVersion(to)];
  const isPatchAlone = before !== after && from.split(LABEL, 1)[0] === to.split(LABEL, 1)[0];
  return [
    ...(direction === 'down' && !isPatchAlone ? ['older'] : []),
    ...(after && !before ? ['patched by Pinwheel'] : []),
    ...(before && !after ? ['no longer patched by Pinwheel'] : []),
  ];
}

/** Packages whose current releases require httpx2. */
export const HTTPX2_USERS: readonly string[] = ['openai', 'anthropic', 'huggingface-hub', 'langsmith'];

const MOST_NAMED = 4;

/**
 * A remark for packages that use httpx2, so that nobody looks for a patch of it; null if none does.
 *
 * @param names canonical, of a closure or of what a project requires
 * @param beyond those of them that no package set has in the version asked for: a current release is meant
 */
export function httpx2Remark(names: ReadonlySet<string>, beyond: ReadonlySet<string>): Diagnostic | null {
  const users = HTTPX2_USERS.filter((name) => beyond.has(name));
  if (!names.has('httpx2') && users.length === 0) return null;
  const who =
    users.length > 0 ? `The current ${listed(users, MOST_NAMED, 'others')} may require httpx2. ` : '';
  const both = names.has('httpx') ? ', and both are asked for here' : '';
  return remark(
    'info',
    'httpx2_transport',
    `${who}httpx2 is another package than httpx${both}: on Emscripten it goes through fetch by its own transport, ` +
      'httpx2-jsfetch, without a patch. httpx2 and its transport come from an index, not from a package set.',
  );
}
