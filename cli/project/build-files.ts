/** The files of a project that go into the Worker as they are. */
import { readFile } from 'node:fs/promises';
import { compiledModule } from '../../resolver/issues/build.ts';
import { isCompiled, isInstallRecord, readInstalled } from '../../resolver/vendored/installed.ts';
import { PROJECT } from '../../runtime/site.ts';
import { unanswered } from '../common/failure.ts';
import type { BuildClosure, ProjectFile } from '../worker/inputs.ts';

const VENDORED = `${PROJECT}/python_modules/`;

/**
 * All files but vendored copies of packages that the build provides: Python would import the copies first, and a
 * Worker cannot load their compiled modules. Rejects any other compiled module.
 */
export async function projectFiles(
  files: readonly ProjectFile[],
  { packages }: BuildClosure,
): Promise<ProjectFile[]> {
  const vendored = new Map(
    files.flatMap(({ path, file }) =>
      path.startsWith(VENDORED) ? [[path.slice(VENDORED.length), file]] : [],
    ),
  );
  const paths = [...vendored.keys()];
  const texts = await Promise.all(
    paths
      .filter(isInstallRecord)
      .map(async (path) => [path, await readFile(vendored.get(path)!, 'utf8')] as const),
  );
  const provided = new Set(packages.map(({ name }) => name));
  const copies = new Set(
    readInstalled({ paths, texts: new Map(texts) })
      .packages.filter(({ name }) => provided.has(name))
      .flatMap((one) => one.files.map((path) => VENDORED + path)),
  );
  const own = files.filter(({ path }) => !copies.has(path));
  const compiled = own.filter(({ path }) => isCompiled(path));
  if (compiled.length === 0) return own;
  throw unanswered(compiled.map(({ path }) => compiledModule({ file: path.slice(PROJECT.length + 1) })));
}
