/** Findings for services that show them next to the code: GitHub Actions, and readers of SARIF 2.1.0. */

import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompareAnswer } from '../../resolver/index.ts';
import { fixed, run } from '../../resolver/issues/fixes.ts';
import type { Finding } from '../../resolver/python/index.ts';
import type { FileRequirement } from '../ask/requirement.ts';
import { readPackageJson } from '../common/package-root.ts';
import { count, visible } from '../common/text.ts';
import type { ProjectRequirement } from '../project/check/requirements.ts';
import type { ProjectChanges } from '../project/check/stage.ts';
import type { WorkerOutcome } from '../project/workers.ts';
import { verdictText } from './diff.ts';
import { fixOf } from './remarks.ts';
import { type Column, type Screen, table } from './table.ts';

/** Empty if the finding is not about a file. */
export type Annotation = Finding;

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' };
const LEVELS = { error: 'error', warning: 'warning', info: 'note' };

/** Workflow commands of GitHub Actions, one on a line. */
export function githubLines(annotations: readonly Annotation[]): string[] {
  return annotations.map((annotation) => {
    const { severity, path, line, column, code } = annotation;
    const place = path === '' ? {} : { file: path, line, col: column };
    const properties = Object.entries({ ...place, title: code })
      .map(([name, value]) => `${name}=${escapeProperty(visible(String(value)))}`)
      .join(',');
    return `::${COMMANDS[severity]} ${properties}::${escapeData(textOf(annotation))}`;
  });
}

/** A whole SARIF log of one run. Paths are relative to the current folder, which is the root of the checkout. */
export function sarifLog(annotations: readonly Annotation[]): object {
  const { version } = readPackageJson('package.json') as { version: string };
  const rules = [...new Set(annotations.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'pinwheel', version, rules: rules.map(ruleOf) } },
        columnKind: 'unicodeCodePoints',
        results: annotations.map((annotation) => ({
          ruleId: annotation.code,
          ruleIndex: rules.indexOf(annotation.code),
          level: LEVELS[annotation.severity],
          message: { text: textOf(annotation) },
          locations: annotation.path === '' ? [] : [locationOf(annotation)],
        })),
      },
    ],
  };
}

function ruleOf(id: string) {
  return { id, shortDescription: { text: id.replaceAll('_', ' ') } };
}

function locationOf({ path, line: startLine, column: startColumn }: Annotation) {
  const uri = isAbsolute(path)
    ? pathToFileURL(path).href
    : encodeURI(path.replaceAll('\\', '/')).replaceAll('#', '%23').replaceAll('?', '%3F');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine, startColumn } } };
}

function textOf(annotation: Annotation): string {
  const { message } = annotation;
  const fix = fixOf(annotation);
  const lines = [message, ...(fix === null ? [] : [fix])].flatMap((part) => part.split('\n'));
  return lines.map(visible).join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export interface SummaryColumn<Result> {
  title: string;
  text: (result: Result) => string;
}

/** A row for each Worker. The last column has its result; `isFine` says whether that is a success. */
export function summaryLines<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  columns: readonly SummaryColumn<Result>[],
  isFine: (result: Result) => boolean,
  screen: Screen,
): string[] {
  const { colors } = screen;
  const last = columns.length - 1;
  const shown = columns.map(({ title, text }, at): Column<WorkerOutcome<Result>> => {
    const failure = (outcome: WorkerOutcome<Result> & { ok: false }) =>
      at === last ? `error: ${outcome.issues[0]?.message.split('\n')[0] ?? 'no answer'}` : '';
    return {
      title,
      text: (outcome) => (outcome.ok ? text(outcome.result) : failure(outcome)),
      paint: (text, outcome) =>
        at < last ? text : outcome.ok && isFine(outcome.result) ? colors.green(text) : colors.red(text),
    };
  });
  const first: Column<WorkerOutcome<Result>> = {
    title: 'Worker',
    text: ({ config }) => config,
    paint: (text) => colors.bold(text),
  };
  const fine = outcomes.filter((one) => one.ok && isFine(one.result)).length;
  const sum = `${count(outcomes.length, 'Worker')}, ${fine} without findings`;
  return [...table([first, ...shown], outcomes, screen), '', colors.bold(sum)];
}

/** `{"workers": [{"config", "exit_code", …}]}`, in the order of the table; without an answer, `errors`. */
export function summaryJson<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  documentOf: (result: Result) => object,
  hasFindings: (result: Result) => boolean,
): string {
  const workers = outcomes.map((one) =>
    one.ok
      ? { config: one.config, exit_code: hasFindings(one.result) ? 1 : 0, ...documentOf(one.result) }
      : { config: one.config, exit_code: one.exitCode, errors: one.issues },
  );
  return JSON.stringify({ workers });
}

/** The errors of a Worker, at its wrangler file. */
export function summaryAnnotations<Result>(
  outcomes: readonly WorkerOutcome<Result>[],
  annotationsOf: (result: Result) => readonly Annotation[],
): Annotation[] {
  return outcomes.flatMap((one) =>
    one.ok
      ? annotationsOf(one.result)
      : one.issues.map(({ code = 'no_answer', message, fix, fixes }) => {
          return {
            severity: 'error' as const,
            code,
            message,
            fix,
            fixes,
            path: one.config,
            line: 1,
            column: 1,
          };
        }),
  );
}

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
  const all = commandOf(config, sides);
  const verdict: Annotation[] = isAffected
    ? [
        {
          severity: 'warning',
          code: 'worker_affected',
          message: `This Worker is ${verdictText(answer, project)}.`,
          ...fixed([run(all, `See all changes: ${all}`)]),
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

function datePlace(config: string | null): FoundPlace {
  if (config === null) return NOWHERE;
  const lines = readFileSync(config, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('compatibility_date'));
  return { path: config, line: Math.max(at, 0) + 1, column: 1 };
}
