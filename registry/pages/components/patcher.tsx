import { patcherOf } from '../../../resolver/provenance.ts';
import type { Patched } from '../../../resolver/schemas.ts';

export const PATCHED_PATH = '/patched';

/** Who patched a wheel, as a link to an explanation; empty if nobody did. */
export function Patcher({ patched }: { patched: Patched | null }) {
  if (patched === null) return null;
  const { by } = patched;
  return (
    <a href={`${PATCHED_PATH}#_${encodeURIComponent(by)}`} title="What this means">
      {patcherOf(by)}
    </a>
  );
}
