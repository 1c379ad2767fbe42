/** Who patched a wheel, and how people are told. */
import type { Patched } from '../catalog.ts';
import type { VersionChange } from '../time/answers.ts';

/** What Pinwheel says of its own wheels. */
export type PinwheelPatch = Extract<Patched, { by: 'pinwheel' }>;

const NAMES: Record<string, string> = {
  pinwheel: 'Pinwheel',
  pyodide: 'Pyodide',
  cloudflare: 'Cloudflare',
} satisfies Record<Patched['by'], string>;

export function patcherOf(by: string): string {
  return Object.hasOwn(NAMES, by) ? NAMES[by]! : by;
}

/** What makes the wheel anew, byte for byte, from Pinwheel's sources; null if the upstream file is not a wheel. */
export function rebuildCommand({ patch, upstream }: PinwheelPatch): string | null {
  const version = /^[\w.]+-([\w.+]+)(?:-[\w.]+){3,4}\.whl$/.exec(upstream.filename)?.[1];
  return version === undefined ? null : `npm run patch:build -- ${patch}==${version}`;
}

/** The local label that a patch puts behind upstream's version: `+pinwheel.1`. */
const LABEL = /\+pinwheel\.\d+$/;

/**
 * What is to be said of a step between two versions beside their numbers. Between a version and its patched form
 * neither is older. Of what others patch versions say nothing.
 */
export function stepRemarks({
  from,
  to,
  direction,
}: Pick<VersionChange, 'from' | 'to' | 'direction'>): string[] {
  const [before, after] = [LABEL.test(from), LABEL.test(to)];
  const isPatchAlone = before !== after && from.replace(LABEL, '') === to.replace(LABEL, '');
  return [
    ...(direction === 'down' && !isPatchAlone ? ['older'] : []),
    ...(after && !before ? ['patched by Pinwheel'] : []),
    ...(before && !after ? ['no longer patched by Pinwheel'] : []),
  ];
}
