/** What changes for a Worker, as findings: each with its position in a file, and the verdict at the wrangler file. */

import { readFileSync } from 'node:fs';
import type { CompareAnswer } from '../../resolver/index.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import type { FileRequirement } from '../ask/file-requirement.ts';
import type { ProjectChanges } from '../project/check/project-changes.ts';
import type { ProjectRequirement } from '../project/check/requirements.ts';
import type { Annotation } from './annotations.ts';
import { verdictText } from './diff-verdict.ts';

export interface AnnotatedDiff {
  answer: CompareAnswer;
  asked: readonly (FileRequirement | ProjectRequirement)[];
  project: ProjectChanges | null;
  config: string | null;
  /** What is compared: dates or package flags. */
  sides: { from: string; to: string };
  isAffected: boolean;
}

export function diffAnnotations({
  answer,
  asked,
  project,
  config,
  sides,
  isAffected,
}: AnnotatedDiff): Annotation[] {
  const { closure, python } = answer;
  const verdict: Annotation[] = isAffected
    ? [
        {
          severity: 'warning',
          code: 'worker_affected',
          message: `This Worker is ${verdictText(answer, project)}.`,
          ...fixed(`See all changes: ${commandOf(config, sides)}`),
          ...datePlace(config),
        },
      ]
    : [];
  const failing = (closure?.failing ?? []).map(({ index, held, code, message, fix, fixes }): Annotation => {
    const place = placeOf(asked[index]);
    return { severity: held ? 'error' : 'warning', code, message, fix, fixes, ...place };
  });
  const demands = (project?.requires_python ?? [])
    .filter(({ from, to }) => from && !to)
    .map(({ specifier, where }): Annotation => {
      const message = `This project requires Python ${specifier}, but would get Python ${python.to}.`;
      const place = { path: /^[^,]+/.exec(where)?.[0] ?? '', line: 1, column: 1 };
      return { severity: 'warning', code: 'other_python', message, ...fixed(null), ...place };
    });
  return [...verdict, ...failing, ...demands, ...(project?.imports.broken ?? [])];
}

/** The command that shows it, as a shell takes it. */
function commandOf(config: string | null, { from, to }: AnnotatedDiff['sides']): string {
  const named =
    config === null || /^[\w./-]+$/.test(config) ? config : `'${config.replaceAll("'", "'\\''")}'`;
  return `pinwheel diff${named === null ? '' : ` --config ${named}`} --from ${from} --to ${to}`;
}

type FoundPlace = Pick<Annotation, 'path' | 'line' | 'column'>;
const NOWHERE: FoundPlace = { path: '', line: 1, column: 1 };

function placeOf(requirement: FileRequirement | ProjectRequirement | undefined): FoundPlace {
  if (requirement === undefined) return NOWHERE;
  if ('file' in requirement && requirement.file !== '')
    return { path: requirement.file, line: requirement.line, column: requirement.column };
  const [, path, line] = /^(.*), line (\d+)$/s.exec(requirement.where) ?? [];
  return path === undefined ? NOWHERE : { path, line: Number(line), column: 1 };
}

/** The line of a wrangler file that has the date. */
function datePlace(config: string | null): FoundPlace {
  if (config === null) return NOWHERE;
  const lines = readFileSync(config, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('compatibility_date'));
  return { path: config, line: Math.max(at, 0) + 1, column: 1 };
}
