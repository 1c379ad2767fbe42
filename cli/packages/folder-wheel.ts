/** Code of a folder as a wheel, so that it is resolved, vendored and built as all packages are. Nothing of it is run. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeWhole } from '../common/folders.ts';
import { sha256Of } from '../worker/files.ts';
import { formatRecord } from './patch/apply-patch.ts';
import { encode, type WheelFiles, writeWheel } from './patch/wheel-archive.ts';

export interface FolderCode {
  folder: string;
  name: string;
  version: string;
  /** Paths in the wheel, and files. */
  files: readonly (readonly [path: string, file: string])[];
  /** The texts of METADATA and of other files in `.dist-info/`. */
  info: Readonly<Record<string, string>>;
}

/** Writes the wheel into the cache, always to the same place for a folder. Returns its `file:` URL. */
export async function writeFolderWheel(code: FolderCode, cache: string): Promise<string> {
  const { folder, name, version, files, info } = code;
  const stem = `${name.replace(/[-_.]+/g, '_')}-${version}`;
  const wheel: WheelFiles = new Map();
  for (const [path, file] of files) wheel.set(path, await readFile(file));
  const tags = 'Wheel-Version: 1.0\nGenerator: pinwheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n';
  for (const [file, text] of Object.entries({ ...info, WHEEL: tags }))
    wheel.set(`${stem}.dist-info/${file}`, encode(text));
  const record = `${stem}.dist-info/RECORD`;
  wheel.set(record, encode(formatRecord(wheel, record)));
  const path = join(cache, 'folders', sha256Of(encode(folder)), `${stem}-py3-none-any.whl`);
  const bytes = writeWheel(wheel);
  const before = await readFile(path).catch(() => null);
  if (!before?.equals(bytes)) {
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, bytes);
  }
  return pathToFileURL(path).href;
}
