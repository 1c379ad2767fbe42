/** The file that `pinwheel vendor` writes into the folder: the target and the packages. */
import type { RegistryStamp, ResolveAnswer, Target } from '../answer.ts';

export const MARKER_FILE = '.pinwheel.json';

/** The start of a marker, to recognize the file. */
export const MADE_BY = 'pinwheel vendor';

export interface VendorMarker {
  made_by: typeof MADE_BY;
  /** Pinwheel's version. */
  pinwheel: string;
  registry: RegistryStamp;
  target: Pick<Target, 'compatibility_date' | 'compatibility_flags' | 'workerd_flags'> & {
    runtime: Target['runtime'];
  };
  package_set: Pick<Target['package_set'], 'flag' | 'released' | 'digest'>;
  packages: { name: string; version: string; filename: string; sha256: string }[];
}

/** The same closure has the same marker, byte for byte. */
export function vendorMarker(
  pinwheel: string,
  { registry, target }: Pick<ResolveAnswer, 'registry' | 'target'>,
  packages: VendorMarker['packages'],
): VendorMarker {
  const { compatibility_date, compatibility_flags, workerd_flags, runtime } = target;
  const { flag, released, digest } = target.package_set;
  return {
    made_by: MADE_BY,
    pinwheel,
    registry,
    target: { compatibility_date, compatibility_flags, workerd_flags, runtime },
    package_set: { flag, released, digest },
    packages: packages.map(({ name, version, filename, sha256 }) => ({ name, version, filename, sha256 })),
  };
}

/** The part of a marker that a check compares; null for other files, and for old markers without it. */
export function readMarker(text: string): Pick<VendorMarker, 'target' | 'package_set'> | null {
  try {
    const value: unknown = JSON.parse(text);
    const { made_by, target, package_set } = (value ?? {}) as Partial<Record<keyof VendorMarker, unknown>>;
    const runtime = memberOf(target, 'runtime');
    const isKnown =
      made_by === MADE_BY &&
      ['python', 'abi', 'pyodide'].every((key) => typeof memberOf(runtime, key) === 'string') &&
      ['flag', 'digest'].every((key) => typeof memberOf(package_set, key) === 'string');
    return isKnown ? (value as VendorMarker) : null;
  } catch {
    return null;
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
