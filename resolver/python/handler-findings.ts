/** What is wrong with the handlers of a main module, besides what flags give. */
import { handlerParameters, noHandler } from '../issues/build.ts';
import { remark } from '../issues/fixes.ts';
import type { Finding } from './finding.ts';
import { callsFunctions } from './flag-signs.ts';
import { type EntryClass, entriesOf, handlerLines, methodName } from './handlers.ts';
import type { CheckContext } from './locate.ts';
import type { Host } from './project.ts';

/** The finding that nothing in the main module is called. */
export function handlerFindings(project: CheckContext, { facts }: Host): Finding[] {
  const entries = entriesOf(project, facts.applications);
  if (!entries || entries.isOpen) return [];
  const { application, classes, functions } = entries;
  const isCalled = classes.some(
    ({ definition, methods }) => definition.name !== 'Default' || methods.length > 0,
  );
  if (isCalled || functions.length > 0) return [];
  const file = project.main!;
  const lines = handlerLines(application, callsFunctions(project.flags));
  const { code, message, fixes } = noHandler({ file, application: application?.variable ?? null, lines });
  return [{ ...remark('error', code, message, fixes), path: file, line: 1, column: 1 }];
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

/** Methods that cannot be called with what workerd passes, or whose `env` is not there. Those of built Workers can. */
export function parameterFindings(project: CheckContext, { facts, target }: Host): Finding[] {
  if (target.runtime.workerd_bundle === null) return [];
  const classes = entriesOf(project, facts.applications)?.classes ?? [];
  return classes.flatMap((entry) => (entry.base === 'WorkerEntrypoint' ? parametersOf(entry) : []));
}

function parametersOf({ methods }: EntryClass): Finding[] {
  return methods.flatMap((method): Finding[] => {
    const { file, definition } = method;
    const name = methodName(method);
    const parameters = PARAMETERS.get(name);
    const { of: taken, line, column } = definition;
    if (parameters === undefined || taken.includes('*')) return [];
    const isShort = name !== 'fetch' && taken.length <= parameters.length;
    if (!isShort && !(name === 'fetch' && taken[2] === 'env')) return [];
    const problem = isShort ? 'too_few' : 'no_env';
    const { code, message, fixes } = handlerParameters({
      problem,
      method: definition.name,
      call: `${name}(self, ${parameters.join(', ')})`,
    });
    const severity = isShort ? 'error' : 'warning';
    return [{ ...remark(severity, code, message, fixes), path: file.path, line, column }];
  });
}
