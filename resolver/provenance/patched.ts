/** Who patched a wheel, in words. */
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

/** The command that rebuilds the wheel, byte for byte; null if the upstream file is not a wheel. */
export function rebuildCommand({ patch, upstream }: PinwheelPatch): string | null {
  const version = /^[\w.]+-([\w.+]+)(?:-[\w.]+){3,4}\.whl$/.exec(upstream.filename)?.[1];
  return version === undefined ? null : `npm run patch:build -- ${patch}==${version}`;
}

/** The local label that a patch adds to upstream's version, before its release. */
const LABEL = '+pinwheel.';

/**
 * A note about a change of version. Of a version and its patched form, neither is older. Versions do not show the
 * patches of others.
 */
export function stepRemarks({
  from,
  to,
  direction,
}: Pick<VersionChange, 'from' | 'to' | 'direction'>): string[] {
  const [before, after] = [from.includes(LABEL), to.includes(LABEL)];
  const isPatchAlone = before !== after && from.split(LABEL, 1)[0] === to.split(LABEL, 1)[0];
  return [
    ...(direction === 'down' && !isPatchAlone ? ['older'] : []),
    ...(after && !before ? ['patched by Pinwheel'] : []),
    ...(before && !after ? ['no longer patched by Pinwheel'] : []),
  ];
}
