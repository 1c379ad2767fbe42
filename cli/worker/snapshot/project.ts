/** Imports a project, and saves what it changes of the memory that it starts from. */
import { readFile, writeFile } from 'node:fs/promises';
import type { PyObject, Pyodide } from '../../../runtime/pyodide.ts';
import { begin, classesOf, type Instance, type Instances, LiveReference, type Saved } from './instances.ts';
import type { ProjectClasses, ProjectJob, ProjectOutcome, SnapshotRemark } from './job.ts';

type Imported = Omit<ProjectOutcome, 'ok' | 'compiled'>;

export async function importProject(instances: Instances, { main, base }: ProjectJob): Promise<Imported> {
  if (base === null) return importPlain(instances, main);
  const { pages, changes } = base;
  const from = { ...base.snapshot, data: await readFile(pages) };
  const { saved, remarks, classes } = await saveProject(instances, main, from);
  if (saved === null) return { snapshot: null, remarks, classes };
  const { data, ...snapshot } = saved;
  await writeFile(changes, data);
  return { snapshot, remarks, classes };
}

async function importPlain(instances: Instances, main: string): Promise<Imported> {
  const pyodide = await instances.createPlain();
  begin(pyodide, 'import_bridge');
  begin(pyodide, 'import_all', JSON.stringify([main]));
  const classes = classesOf(pyodide, main);
  const remarks = remarksOf(pyodide, main, classes);
  const run = pyodide.pyimport('_pinwheel.exercise').exercise as PyObject;
  await run.callPromising();
  return { snapshot: null, remarks, classes };
}

/** Saves memory in which as much as possible has been imported; null if even packages alone cannot be saved. */
async function saveProject(instances: Instances, main: string, base: Saved) {
  const first = await instances.create(base);
  begin(first.pyodide, 'import_bridge');
  const [{ unsafe, imported, others, remarks }, classes] = instances.watch(first, () => {
    begin(first.pyodide, 'import_all', JSON.stringify([main]));
    return classesOf(first.pyodide, main);
  });
  remarks.push(...remarksOf(first.pyodide, main, classes));
  const ways: (() => Promise<Instance>)[] = [
    async () => (unsafe.includes(main) ? instances.createWith(base, imported) : first),
    () => instances.createWith(base, others),
  ];
  for (const way of ways) {
    try {
      return { saved: await instances.saveChanges(await way(), base), remarks, classes };
    } catch (error) {
      if (!(error instanceof LiveReference)) throw error;
      remember(remarks, { code: 'callbacks', module: main });
    }
  }
  return { saved: null, remarks, classes };
}

/** A Worker without a handler may have classes, of which workerd makes objects. */
function remarksOf(pyodide: Pyodide, main: string, classes: ProjectClasses): SnapshotRemark[] {
  const isReached = Object.keys(classes).length > 0 || begin(pyodide, 'handles_any', main) === true;
  return isReached ? [] : [{ code: 'no_handler', module: main }];
}

function remember(remarks: SnapshotRemark[], remark: SnapshotRemark): void {
  if (remarks.every(({ code }) => code !== remark.code)) remarks.push(remark);
}
