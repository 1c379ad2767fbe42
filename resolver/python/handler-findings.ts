/** Handlers of a main module that nothing calls, or that cannot be called with what workerd passes. */
import { handlerParameters, noDefault, noHandler } from '../issues/build.ts';
import { remark } from '../issues/fixes.ts';
import type { Finding } from './finding.ts';
import { callsFunctions } from './flag-signs.ts';
import {
  type Entries,
  type EntryClass,
  entriesOf,
  handlerLines,
  methodName,
  type Placed,
} from './handlers.ts';
import type { CheckContext } from './locate.ts';

export function handlerFindings(project: CheckContext): Finding[] {
  const { facts, target } = project.host;
  const entries = entriesOf(project, facts.applications);
  if (!entries) return [];
  // A built Worker passes its env and ctx, and only as many arguments as a method takes.
  const isBuilt = target.runtime.workerd_bundle === null;
  const misfits = entries.classes.flatMap((entry) =>
    entry.methods.flatMap((method) => misfit(entry, method, isBuilt)),
  );
  return [...(entries.isOpen ? [] : uncalled(project, entries)), ...misfits];
}

/** A finding if no event reaches the main module, or no request from outside. */
function uncalled(project: CheckContext, { application, classes, functions }: Entries): Finding[] {
  if (functions.length > 0) return [];
  const byDefault = classes.find(({ definition }) => definition.name === 'Default');
  if (classes.some((entry) => entry !== byDefault || entry.methods.length > 0)) {
    const served = classes.find(handlesRequests);
    return byDefault || !served ? [] : [at(served, 'warning', noDefault({ name: served.definition.name }))];
  }
  const file = project.main!;
  const lines = handlerLines(application, callsFunctions(project.flags));
  const { code, message, fixes } = noHandler({ file, application: application?.variable ?? null, lines });
  return [{ ...remark('error', code, message, fixes), path: file, line: 1, column: 1 }];
}

function handlesRequests({ base, methods }: EntryClass): boolean {
  const names = methods.map(methodName);
  return base === 'WorkerEntrypoint' && (names.includes('fetch') || names.includes('on_fetch'));
}

/**
 * The parameters with which workerd calls methods of a class, after `self`: `env` and `ctx` are None. It passes all of them,
 * except to `fetch`, which gets as many as it takes. (workerd 6552d999: `makeEntrypointProxyHandler`, and `env` in
 * `tryGetEntrypoint`.)
 */
const PARAMETERS = new Map([
  ['fetch', ['request', 'env', 'ctx']],
  ['queue', ['batch', 'env', 'ctx']],
  ['scheduled', ['controller', 'env', 'ctx']],
]);

/** A method that cannot be called with what it gets, or whose `env` is not there. */
function misfit({ base }: EntryClass, method: Placed, isBuilt: boolean): Finding[] {
  const { name: full, of: taken } = method.definition;
  const name = methodName(method);
  if (taken.includes('*')) return [];
  if (name === '__init__') {
    if (taken.length > 2) return [];
    return [at(method, 'error', handlerParameters({ problem: 'of_instance', method: full }))];
  }
  const parameters = PARAMETERS.get(name);
  if (isBuilt || base !== 'WorkerEntrypoint' || parameters === undefined) return [];
  if (name === 'fetch') {
    if (taken[2] !== 'env') return [];
    return [at(method, 'warning', handlerParameters({ problem: 'no_env', method: full }))];
  }
  if (taken.length > parameters.length) return [];
  const call = `${name}(self, ${parameters.join(', ')})`;
  return [at(method, 'error', handlerParameters({ problem: 'of_event', method: full, call }))];
}

function at(
  { file: { path }, definition: { line, column } }: Placed,
  severity: Finding['severity'],
  { code, message, fixes }: ReturnType<typeof noDefault | typeof handlerParameters>,
): Finding {
  return { ...remark(severity, code, message, fixes), path, line, column };
}
