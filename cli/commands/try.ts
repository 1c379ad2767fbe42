/** `pinwheel try`: whether a project runs, and with `--to` whether it answers as before on another runtime. */
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import { listed } from '../../resolver/text/printable.ts';
import { CommandError } from '../common/failure.ts';
import { writeWhole } from '../common/folders.ts';
import { bytes, count, cut, distinct, grouped, visible } from '../common/text.ts';
import { printAnswer, printIssues } from '../print/print.ts';
import { findingsLines } from '../print/remarks.ts';
import { hanging, joinSections, type Screen, table } from '../print/table.ts';
import type { TriedProject, TriedSide } from '../project/try/report.ts';
import { casesOf, differenceText, type TryOptions, tryProject } from '../project/try/try.ts';
import { MOST_MEMORY } from '../worker/files.ts';
import { exceptionLine } from '../worker/said.ts';

export async function tryCommand(
  folder: string,
  { junit, ...options }: TryOptions & { junit?: string },
): Promise<void> {
  const report = await tryProject(folder, options);
  if (options.format !== 'json') for (const { issues } of report.sides) printIssues(issues);
  printAnswer(options.format, report, (screen) => tryLines(report, screen));
  // The answer took a minute: it is told even if this file cannot be written.
  if (junit !== undefined) await writeWhole(junit, junitXml(report));
  if (!report.ok) throw new CommandError(1, []);
}

/** Lines shown of each kind, so that the verdict fits on one screen. */
const MOST_LINES = 4;
const SPACE = 20;

/** On one screen. */
export function tryLines(report: TriedProject, screen: Screen): string[] {
  const { ground, sides, comparison } = report;
  const failed = casesOf(report).filter(({ problem, step }) => problem !== null && step !== 'compare');
  // Findings have lines of their own.
  const others = failed.filter(({ step }) => step !== 'check');
  const failures = others.map(({ side, step, name, problem }) => {
    return `${sides.length > 1 ? `${side}, ` : ''}${step} ${name}: ${exceptionLine(problem!)}`;
  });
  const answers = comparison?.answers ?? [];
  const changes = answers.flatMap(({ request, differences }) =>
    differences.map((difference) => `${request}: ${differenceText(difference)}`),
  );
  const varying = answers
    .filter(({ left_out }) => left_out.length > 0)
    .map(({ request, left_out }) => `${request}: ${listed(left_out, MOST_LINES)} (varies from run to run)`);
  // The parts that both sides have are shown once.
  const findings = distinct(sides.flatMap((side) => side.findings)).slice(0, MOST_LINES);
  const isAudited = sides.some(({ vulnerabilities }) => vulnerabilities !== null);
  const facts = Object.keys(FACTS).filter((label) => isAudited || label !== 'Vulnerable');
  const columns = sides.map((side) => {
    return { title: side.label, text: (label: string) => FACTS[label]!(side) || 'not measured' };
  });
  const without = ['network', ...distinct(sides.flatMap(({ bindings }) => bindings))].join(', ');
  const place = `This is ${ground}, without ${without}.`;
  const memory = sides.find((side) => side.memory !== null)?.memory;
  const measured = `Start is the CPU time of workerd until its first answer; memory is the Worker's heap, buffers and WebAssembly, after ${count(memory?.after ?? 0, 'request')}.`;
  return joinSections([
    findingsLines(findings, screen),
    table([{ title: '', text: (label: string) => label }, ...columns], facts, screen),
    requestLines(sides, screen),
    someLines('failed: ', screen.colors.red, failures, screen),
    someLines('changed: ', screen.colors.yellow, changes, screen),
    someLines('left out: ', screen.colors.dim, varying, screen),
    hanging('', 0, memory ? `${place} ${measured}` : place, screen.columns),
    hanging('', 0, verdictOf(report, failed.length), screen.columns).map(screen.colors.bold),
  ]);
}

function someLines(
  label: string,
  paint: (text: string) => string,
  texts: readonly string[],
  { columns }: Screen,
): string[] {
  const room = (columns ?? Number.POSITIVE_INFINITY) - label.length;
  // Two lines of each, as words do not fill the first.
  const words = (text: string) => text.replace(/\S+/g, (word) => cut(word, room));
  const short = (text: string) => cut(words(text), 2 * room - SPACE);
  const more = texts.length - MOST_LINES;
  return [
    ...texts
      .slice(0, MOST_LINES)
      .flatMap((text) => hanging(paint(label), label.length, short(text), columns)),
    ...(more > 0 ? [`and ${grouped(more)} more, which --json lists`] : []),
  ];
}

/** Facts about a side, by labels. */
const FACTS: Record<string, (side: TriedSide) => string | false | null> = {
  Python: ({ python, pyodide }) => `${python}, Pyodide ${pyodide}`,
  'Package set': ({ package_set }) => package_set,
  Modules: ({ modules, size }) =>
    size !== null && `${modules.filter(({ error }) => error === null).length} of ${modules.length} imported`,
  Size: ({ size }) => size !== null && `${bytes(size)} of ${bytes(LARGEST_WORKER)} at most`,
  Start: ({ cpu_ms }) => cpu_ms !== null && `${grouped(cpu_ms)} ms of CPU`,
  Memory: ({ memory }) => memory && `${bytes(memory.bytes)} of ${bytes(MOST_MEMORY)} at most`,
  Vulnerable: ({ vulnerabilities }) => vulnerabilities ?? 'none known',
};

function requestLines(sides: readonly TriedSide[], screen: Screen): string[] {
  if (sides.every(({ size }) => size === null)) return [];
  const rows = sides[0]!.requests.map((_, at) => sides.map(({ requests }) => requests[at]!));
  type Row = (typeof rows)[number];
  const titles = sides.length === 1 ? ['Status'] : ['Before', 'After'];
  const shown = titles.map((title, at) => ({ title, text: (row: Row) => `${row[at]!.status ?? 'none'}` }));
  const columns = [
    { title: 'Request', text: ([first]: Row) => cut(first!.name, (screen.columns ?? 999) - 28) },
    ...shown,
    { title: 'Body', text: (row: Row) => bytes(row.at(-1)!.size ?? 0) },
  ];
  const more = rows.slice(MOST_LINES).map((row) => shown.map(({ text }) => text(row)).join(' → '));
  const rest = `and ${count(more.length, 'more request')}: ${listed([...new Set(more)], MOST_LINES)}`;
  return [...table(columns, rows.slice(0, MOST_LINES), screen), ...(more.length > 0 ? [rest] : [])];
}

function verdictOf({ sides, comparison }: TriedProject, failed: number): string {
  const [from, to] = sides.map(({ label }) => label);
  const moved = to === undefined ? '' : `Moved from ${from} to ${to}: `;
  if (comparison === null) {
    return failed === 0
      ? 'All modules are imported, and all requests answered.'
      : `${moved}${count(failed, 'failure')}.`;
  }
  const { same, answers, more_cpu, more_memory } = comparison;
  const said = [
    answers.length > 0 &&
      `${same} of ${count(answers.length, 'answer')} ${same === 1 ? 'is' : 'are'} the same`,
    more_cpu !== null && `start takes ${changeText(more_cpu, 'longer', 'less', 'as long as before')}`,
    more_memory !== null && `memory is ${changeText(more_memory, 'larger', 'smaller', 'as before')}`,
    failed > 0 && count(failed, 'failure'),
  ].filter((text) => text !== false);
  return `${moved}${said.join('; ')}.`;
}

function changeText(more: number, up: string, down: string, same: string): string {
  return more === 0 ? same : `${Math.abs(more)} % ${more > 0 ? up : down}`;
}

/** In the format of JUnit. A class is a side and a step. */
export function junitXml(report: TriedProject): string {
  const cases = casesOf(report);
  const lines = cases.map(({ side, step, name, problem }) => {
    const start = `    <testcase classname="${xml(`${side}.${step}`)}" name="${xml(name)}"`;
    return problem === null ? `${start}/>` : `${start}><failure message="${xml(problem)}"/></testcase>`;
  });
  const failures = cases.filter(({ problem }) => problem !== null).length;
  const suite = `  <testsuite name="pinwheel try" tests="${cases.length}" failures="${failures}">`;
  return ['<testsuites>', suite, ...lines, '  </testsuite>', '</testsuites>', ''].join('\n');
}

function xml(text: string): string {
  const shown = text.split('\n').map(visible).join('\n');
  return shown.replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
