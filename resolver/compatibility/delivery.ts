/** How the packages of a target reach the Worker. */
import type { Delivery, Runtime } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import type { CatalogView } from './view.ts';
import { runtimeOf, runtimeOfSet } from './workerd.ts';

/** The versions of workerd, as far as the view knows them, that embed a set's lock file, the oldest first. */
export function embeddedIn(view: CatalogView, { source }: CatalogSet): readonly string[] {
  return (source.sha256 !== null && view.embeddedLocks.get(source.sha256)?.workerds) || [];
}

/** The newest workerd of the view provides a set if it embeds the set and pairs it with the runtime. */
export function deliveryOf(view: CatalogView, set: CatalogSet, runtime: Runtime): Delivery {
  const { pyodide } = runtime;
  const last = embeddedIn(view, set).at(-1);
  const embeds = `workerd ${last} embeds ${set.flag}`;
  const modules = (code: string, message: string): Delivery => ({
    by: 'python_modules',
    reason: { code, message },
  });
  if (last === undefined) return modules('never_embedded', `No workerd embeds ${set.flag}.`);
  if (last !== view.workerd) {
    return modules('no_longer_embedded', `${embeds}; workerd ${view.workerd} does not.`);
  }
  const { tag } = view.embeddedLocks.get(set.source.sha256!)!;
  const release = [...view.releases.values()].find(({ id }) => id === runtime.id);
  if (runtime.workerd_bundle === null || release?.packages_tag !== tag) {
    return modules('paired_with_another', `${embeds}, but not for Pyodide ${pyodide}.`);
  }
  const message = `${embeds} and pairs it with Pyodide ${pyodide}.`;
  return { by: 'workerd', reason: { code: 'embedded', message } };
}

/** The same for a set alone: on the runtime that workerd pairs it with, or else the runtime of its Pyodide. */
export function deliveryOfSet(view: CatalogView, set: CatalogSet): Delivery {
  const lock = set.source.sha256 === null ? undefined : view.embeddedLocks.get(set.source.sha256);
  const paired = lock && [...view.releases.values()].find(({ packages_tag }) => packages_tag === lock.tag);
  return deliveryOf(view, set, paired ? runtimeOf(paired) : runtimeOfSet(set));
}

/** Where packages come from, after a label such as `Delivery`. */
export function deliveryText({ by }: Delivery): string {
  return by === 'workerd'
    ? 'with workerd'
    : "the Worker's own python_modules, where pinwheel vendor puts them";
}
