/** The folders of vendored packages of a project, and what is wrong with them for a target. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding, Host, Project } from '../../../resolver/python/index.ts';
import { type Installed, isInstallRecord, readInstalled } from '../../../resolver/vendored/installed.ts';
import {
  unrunnable,
  type VendoredContext,
  vendoredContext,
  vendoredFindings,
} from '../../../resolver/vendored/judge.ts';
import { MARKER_FILE, readMarker } from '../../../resolver/vendored/marker.ts';
import { pythonFiles } from '../walk.ts';

export interface VendoredPlace {
  /** The folder, such as `python_modules`. */
  path: string;
  /** Its Python files and extensions, below it. */
  files: readonly string[];
  installed: Installed;
  marker: VendoredContext['marker'];
}

export async function readVendored(path: string): Promise<VendoredPlace> {
  const files = await pythonFiles(path, () => false);
  const folders = (await readdir(path)).filter((name) => name.endsWith('.dist-info'));
  const texts = new Map<string, string>();
  const paths = [...files];
  for (const folder of folders) {
    for (const name of await readdir(join(path, folder)).catch(() => [])) {
      const file = `${folder}/${name}`;
      paths.push(file);
      if (isInstallRecord(file)) texts.set(file, await readFile(join(path, file), 'utf8').catch(() => ''));
    }
  }
  const marker = readMarker(await readFile(join(path, MARKER_FILE), 'utf8').catch(() => ''));
  return { path, files, installed: readInstalled({ paths, texts }), marker };
}

/** @param isWhole whether the package set satisfies all requirements of the project */
export function findingsOfVendored(
  places: readonly VendoredPlace[],
  { requirements, fetchesLater }: Pick<Project, 'requirements'> & { fetchesLater: boolean },
  host: Host,
  isWhole: boolean,
): Finding[] {
  const context = vendoredContext(host, requirements, { isWhole, fetchesLater });
  return places.flatMap(({ path: folder, installed, marker }) =>
    vendoredFindings(installed, { ...context, folder, marker }),
  );
}

/** The compiled packages that a target cannot run. */
export function unrunnableVendored(places: readonly VendoredPlace[], host: Host): Finding[] {
  const context = vendoredContext(host, [], { isWhole: false, fetchesLater: false });
  return places.flatMap(({ path: folder, installed, marker }) =>
    unrunnable(installed, { ...context, marker }).map(({ path, name: _, ...remark }): Finding => {
      return { ...remark, path: join(folder, path), line: 1, column: 1 };
    }),
  );
}
