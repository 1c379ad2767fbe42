/** The folders of vendored packages of a project, and what is wrong with them for a target. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding, Host, Project } from '../../resolver/python/index.ts';
import { type Installed, isInstallRecord, readInstalled } from '../../resolver/vendored/installed.ts';
import { unrunnable, type VendoredContext, vendoredFindings } from '../../resolver/vendored/judge.ts';
import { MARKER_FILE, readMarker } from '../../resolver/vendored/marker.ts';
import { pythonFiles } from './walk.ts';

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

/** @param isWhole whether the package set meets all that the project requires */
export function findingsOfVendored(
  places: readonly VendoredPlace[],
  { requirements, sdk }: Project,
  host: Host,
  isWhole: boolean,
): Finding[] {
  const { target, facts } = host;
  const expected = new Set([...facts.sdk.packages, ...requirements.map(({ name }) => name)]);
  const filledLater = sdk === 'vendored_later' || target.package_set.delivery.by === 'workerd';
  return places.flatMap(({ path: folder, installed, marker }) =>
    vendoredFindings(installed, {
      ...{ folder, target, closure: closureOf(host), isWhole },
      ...{ expected, filledLater, marker },
    }),
  );
}

/** The compiled packages that a target cannot run. */
export function unrunnableVendored(places: readonly VendoredPlace[], host: Host): Finding[] {
  return places.flatMap(({ path: folder, installed }) =>
    unrunnable(installed, { target: host.target, closure: closureOf(host) }).map(
      ({ path, name: _, ...remark }): Finding => ({
        ...remark,
        path: join(folder, path),
        line: 1,
        column: 1,
      }),
    ),
  );
}

/** What the requirements need of the set, without what comes with the runtime. */
function closureOf({ closure, packages }: Host): Map<string, { version: string }> {
  const found = new Map<string, { version: string }>();
  for (const name of closure.keys()) {
    const one = packages.named(name);
    if (one?.kind === 'package') found.set(name, { version: one.version });
  }
  return found;
}
