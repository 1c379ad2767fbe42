/** Compares the Python versions that a project supports (`project.requires-python`) with the one that it gets. */
import { satisfies, type Target } from '../../resolver/index.ts';
import { parseSpecifiers } from '../../resolver/requirements/specifier-parser.ts';
import type { FileRequirement } from '../ask/file-requirement.ts';
import type { Listener, Remark } from '../common/listener.ts';
import type { PythonDemand } from './check/project-changes.ts';

/** Warns if the target's Python is not supported. */
export function warnOfPython(
  demands: readonly FileRequirement[],
  { runtime: { python } }: Target,
  listener: Pick<Listener, 'remarks'>,
): void {
  const others = readable(demands, listener).filter(({ text }) => !admits(text, python));
  listener.remarks(others.map(({ text, where }) => otherPython(text, where, python)));
}

/** Whether the Pythons of two targets are supported. */
export function pythonDemands(
  demands: readonly FileRequirement[],
  { from, to }: { from: Target; to: Target },
  listener: Pick<Listener, 'remarks'>,
): PythonDemand[] {
  return readable(demands, listener).map(({ text, where }) => ({
    specifier: text,
    where,
    from: admits(text, from.runtime.python),
    to: admits(text, to.runtime.python),
  }));
}

/** The warnings about the second target. */
export function otherPythons(demands: readonly PythonDemand[], { runtime }: Target): Remark[] {
  const others = demands.filter(({ to }) => !to);
  return others.map(({ specifier, where }) => otherPython(specifier, where, runtime.python));
}

function otherPython(specifier: string, where: string, python: string): Remark {
  return {
    severity: 'warning',
    message: `${where} requires Python ${specifier}, but this target has Python ${python}.`,
    fix: 'See which dates and flags give which Python: pinwheel target.',
  };
}

/** Those that can be parsed; warns about the others. */
function readable(
  demands: readonly FileRequirement[],
  listener: Pick<Listener, 'remarks'>,
): FileRequirement[] {
  const known = demands.filter(({ text }) => parseSpecifiers(text).ok);
  const skipped = demands.filter((demand) => !known.includes(demand));
  listener.remarks(
    skipped.map(({ where }) => ({
      severity: 'warning',
      message: `${where} is skipped: it is not a version specifier.`,
      fix: null,
    })),
  );
  return known;
}

function admits(specifier: string, python: string): boolean {
  const specifiers = parseSpecifiers(specifier);
  return specifiers.ok && satisfies(python, specifiers.value);
}
