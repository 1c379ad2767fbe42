import { formatRecord, patchWheelFile } from '../../cli/packages/patch/apply-patch.ts';
import { decode, encode, readWheel, writeWheel } from '../../cli/packages/patch/wheel-archive.ts';
import type { DownloadedWheel } from './pip-wheels.ts';

/** A wheel for another platform without its compiled files, and tagged so: its plain Python does the same. */
export async function pureWheel({
  filename,
  bytes,
}: DownloadedWheel): Promise<{ filename: string; bytes: Uint8Array }> {
  if (filename.endsWith('-none-any.whl')) return { filename, bytes };
  const files = readWheel(bytes);
  for (const path of files.keys()) if (path.endsWith('.so')) files.delete(path);
  const info = [...files.keys()].find((path) => path.endsWith('.dist-info/WHEEL'))!.replace(/WHEEL$/, '');
  const wheel = patchWheelFile(decode(files.get(`${info}WHEEL`)!), 'test', 'py3-none-any');
  files.set(`${info}WHEEL`, encode(wheel));
  files.set(`${info}RECORD`, encode(formatRecord(files, `${info}RECORD`)));
  const [name, version] = filename.split('-');
  return { filename: `${name}-${version}-py3-none-any.whl`, bytes: writeWheel(files) };
}
