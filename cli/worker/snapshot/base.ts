/** Saves memory that projects share: of Pyodide alone, or with the bridge and modules of packages. */
import { writeFile } from 'node:fs/promises';
import type { PyObject } from '../../../runtime/pyodide.ts';
import { begin, type Instances, LiveReference, type Saved } from './instances.ts';
import type { BaseJob, BaseOutcome } from './job.ts';

export async function saveBase(
  instances: Instances,
  { modules, pages }: BaseJob,
): Promise<Omit<BaseOutcome, 'ok' | 'compiled'>> {
  const { saved, remarks, names } =
    modules === null
      ? { saved: await instances.save(await instances.create(null)), remarks: [], names: [] }
      : await saveModules(instances, modules);
  await exercise(instances);
  if (saved === null) return { snapshot: null, remarks, names };
  const { data, ...snapshot } = saved;
  await writeFile(pages, data);
  return { snapshot, remarks, names };
}

/** Leaves out what no snapshot may have, and what cannot be imported: the project does, and says so. */
async function saveModules(instances: Instances, modules: readonly string[]) {
  const first = await instances.create(null);
  begin(first.pyodide, 'import_bridge');
  const [watched, complete] = instances.watch(first, () =>
    begin(first.pyodide, 'import_possible', JSON.stringify(modules)),
  );
  const { remarks, names, imported, unsafe } = watched;
  let saved: Saved | null = null;
  try {
    const isWhole = complete && unsafe.length === 0;
    saved = await instances.save(isWhole ? first : await instances.createWith(null, imported));
  } catch (error) {
    if (!(error instanceof LiveReference)) throw error;
  }
  return { saved, remarks, names };
}

/** Starts as without a snapshot, to find what is compiled. */
async function exercise(instances: Instances): Promise<void> {
  const pyodide = await instances.createPlain();
  begin(pyodide, 'import_bridge');
  const run = pyodide.pyimport('_pinwheel.exercise').exercise as PyObject;
  await run.callPromising();
}
