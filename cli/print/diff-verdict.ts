/** Whether the changes affect a Worker, in one line. */

import type { CompareAnswer } from '../../resolver/index.ts';
import type { ClosureChanges } from '../../resolver/time/answers.ts';
import { count, wrap } from '../common/text.ts';
import type { ProjectChanges } from '../project/check/project-changes.ts';
import type { Screen } from './table.ts';

/** Empty if neither requirements nor a project were compared. */
export function verdictLines(
  answer: CompareAnswer,
  project: ProjectChanges | null,
  { colors, columns }: Screen,
): string[] {
  if (!answer.closure && !project) return [];
  const paint = isAffected(answer, project) ? colors.red : colors.green;
  const text = `This Worker is ${verdictText(answer, project)}.`;
  return wrap(text, columns ?? Number.POSITIVE_INFINITY).map((line) => colors.bold(paint(line)));
}

/** The end of a sentence about the Worker: `affected: …` or `not affected: …`. */
export function verdictText(
  { closure }: Pick<CompareAnswer, 'closure'>,
  project: ProjectChanges | null,
): string {
  if (isAffected({ closure }, project)) {
    const counts = [
      ...(closure ? closureCounts(closure) : []),
      ...(project ? projectCounts(project, closure) : []),
    ];
    return `affected: ${counts.join(', ')}`;
  }
  const stays = [
    ...(closure ? ['its packages keep their versions'] : []),
    ...(project ? ['its imports resolve as before'] : []),
  ];
  return stays.length > 0 ? `not affected: ${stays.join(', and ')}` : 'not checked';
}

function isAffected({ closure }: Pick<CompareAnswer, 'closure'>, project: ProjectChanges | null): boolean {
  return project ? project.affected : closure?.affected === true;
}

function closureCounts({ failing, removed, changed }: ClosureChanges): string[] {
  const gone = removed.filter(({ kind }) => kind === 'package').length;
  const other = changed.filter(({ kind, direction }) => kind === 'package' && direction !== 'rebuilt').length;
  return [
    ...(failing.length > 0 ? [`${count(failing.length, 'requirement')} cannot be satisfied`] : []),
    ...(gone > 0 ? [`${count(gone, 'package')} of its closure ${gone === 1 ? 'is' : 'are'} removed`] : []),
    ...(other > 0 ? [`${count(other, 'package')} ${other === 1 ? 'has' : 'have'} another version`] : []),
  ];
}

function projectCounts(
  { imports, requires_python }: ProjectChanges,
  closure: ClosureChanges | null,
): string[] {
  const harmful = imports.broken.filter(({ severity }) => severity !== 'info');
  const uses = harmful.filter(({ code }) => code === 'limited_module').length;
  const failing = harmful.length - uses;
  // The closure's count includes these.
  const counted = new Set([...(closure?.removed ?? []), ...(closure?.changed ?? [])].map(({ name }) => name));
  const changed = imports.changed.filter(({ direction }) => direction !== 'rebuilt');
  const others = [...imports.removed, ...changed].filter(({ name }) => !counted.has(name)).length;
  const isLost = requires_python.some(({ from, to }) => from && !to);
  return [
    ...(failing > 0 ? [`${count(failing, 'import')} ${failing === 1 ? 'fails' : 'fail'}`] : []),
    ...(uses > 0 ? [`${count(uses, 'use')} of a module no longer ${uses === 1 ? 'works' : 'work'}`] : []),
    ...(others > 0
      ? [
          `${count(others, 'package')} that it imports without requiring them ${others === 1 ? 'changes' : 'change'}`,
        ]
      : []),
    ...(isLost ? ['its Python is not the one that it requires'] : []),
  ];
}
