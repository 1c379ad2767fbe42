/** The requirements in a wheel's METADATA. */

import { readWheel } from '../../cli/packages/patch/wheel-archive.ts';
import { parseMetadata, type WheelMetadata } from '../../resolver/wheels/metadata.ts';

export type WheelRequirements = Pick<WheelMetadata, 'requires_dist' | 'requires_python'>;

export async function readRequirements(wheel: Uint8Array): Promise<WheelRequirements> {
  const files = await readWheel(wheel);
  const path = [...files.keys()].find((name) => /^[^/]+\.dist-info\/METADATA$/.test(name));
  if (!path) throw new Error('the wheel has no METADATA');
  const { requires_dist, requires_python } = parseMetadata(new TextDecoder().decode(files.get(path)));
  return { requires_dist, requires_python };
}
