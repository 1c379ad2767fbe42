/** What a wheel's own METADATA requires. */
import { readWheel } from '../patch/wheel-archive.ts';

export interface WheelRequirements {
  /** Each Requires-Dist, as it is written. */
  requires_dist: string[];
  requires_python: string | null;
}

export async function readRequirements(wheel: Uint8Array): Promise<WheelRequirements> {
  const files = await readWheel(wheel);
  const path = [...files.keys()].find((name) => /^[^/]+\.dist-info\/METADATA$/.test(name));
  if (!path) throw new Error('the wheel has no METADATA');
  const [head = ''] = new TextDecoder().decode(files.get(path)).split(/\r?\n\r?\n/, 1);
  const fields = (name: string) =>
    head.split(/\r?\n/).flatMap((line) => {
      const [field, ...rest] = line.split(':');
      return field!.toLowerCase() === name ? [rest.join(':').trim()] : [];
    });
  return {
    requires_dist: fields('requires-dist'),
    requires_python: fields('requires-python')[0] ?? null,
  };
}
