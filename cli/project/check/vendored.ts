/** Reads the folders of vendored packages of a project. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VendoredPlace } from '../../../resolver/pinwheel/check.ts';
import type { Finding, Host } from '../../../resolver/python/index.ts';
import { isInstallRecord, readInstalled } from '../../../resolver/vendored/installed.ts';
import { unrunnable, vendoredContext } from '../../../resolver/vendored/judge.ts';
import { MARKER_FILE, readMarker } from '../../../resolver/vendored/marker.ts';
import { pythonFiles } from '../walk.ts';

export async function readVendored(folder: string): Promise<VendoredPlace> {
  const files = await pythonFiles(folder, () => false);
  const records = (await readdir(folder)).filter((name) => name.endsWith('.dist-info'));
  const texts = new Map<string, string>();
  const paths = [...files];
  for (const record of records) {
    for (const name of await readdir(join(folder, record)).catch(() => [])) {
      const file = `${record}/${name}`;
      paths.push(file);
      if (isInstallRecord(file)) texts.set(file, await readFile(join(folder, file), 'utf8').catch(() => ''));
    }
  }
  const marker = readMarker(await readFile(join(folder, MARKER_FILE), 'utf8').catch(() => ''));
  return { folder, files, installed: readInstalled({ paths, texts }), marker };
}

/** The compiled packages that a target cannot run. */
export function unrunnableVendored(places: readonly VendoredPlace[], host: Host): Finding[] {
  const context = vendoredContext(host, [], { isWhole: false, fetchesLater: false });
  return places.flatMap(({ folder, installed, marker }) =>
    unrunnable(installed, { ...context, marker }).map(({ path, name: _, ...remark }): Finding => {
      return { ...remark, path: join(folder, path), line: 1, column: 1 };
    }),
  );
}
