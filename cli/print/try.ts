/** What was tried of a project, on one screen; and as a file for services that show tests. */
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import { bytes, count, cut, grouped, visible } from '../common/text.ts';
import { casesOf, differenceText, type Side, type TryReport } from '../project/try/try.ts';
import { findingsLines } from './check.ts';
import { hanging, joinSections, type Screen, table } from './table.ts';

/** Of each kind, so that all is on one screen. */
const MOST_LINES = 4;

export function tryLines(report: TryReport, screen: Screen): string[] {
  const { workerd, sides, comparison } = report;
  const { bold, red, yellow, dim } = screen.colors;
  const failed = casesOf(report).filter(({ problem, step }) => problem !== null && step !== 'compare');
  const failures = failed.map(({ side, step, name, problem }) => {
    return `${sides.length > 1 ? `${side}, ` : ''}${step} ${name}: ${problem!.split('\n').at(-1)}`;
  });
  const answers = comparison?.answers ?? [];
  const changes = answers.flatMap(({ request, differences }) =>
    differences.map((difference) => `${request}: ${differenceText(difference)}`),
  );
  const varying = answers.flatMap(({ request, left_out }) => left_out.map((place) => `${request}: ${place}`));
  const without = ['network', ...sides[0]!.bindings].join(', ');
  const ground = `This is Pinwheel's own start of Pyodide on workerd ${workerd}, not Cloudflare's platform, without ${without}. Start is the CPU time of workerd until its first answer; memory is what is resident in it after ${sides[0]!.memory?.after ?? 0} requests.`;
  return joinSections([
    findingsLines(sides.flatMap(({ findings }) => findings).slice(0, MOST_LINES), screen),
    table([{ title: '', text: ({ label }) => label }, ...sides.map(columnOf)], FACTS, screen),
    sides.length === 1 ? requestLines(sides[0]!, screen) : [],
    someLines('failed: ', red, failures, screen),
    someLines('changed: ', yellow, changes, screen),
    someLines('varies from run to run, left out: ', dim, varying, screen),
    hanging('', 0, ground, screen.columns),
    hanging('', 0, verdictOf(report, failed.length), screen.columns).map(bold),
  ]);
}

function someLines(
  label: string,
  paint: (text: string) => string,
  texts: readonly string[],
  { columns }: Screen,
): string[] {
  const room = columns === null ? Number.POSITIVE_INFINITY : columns - label.length;
  // Two lines of each.
  const short = (text: string) =>
    cut(
      text.replace(/\S+/g, (word) => cut(word, room)),
      2 * room,
    );
  const shown = texts
    .slice(0, MOST_LINES)
    .flatMap((text) => hanging(paint(label), label.length, short(text), columns));
  return [...shown, ...moreLines(texts.length)];
}

function moreLines(all: number): string[] {
  return all > MOST_LINES ? [`and ${grouped(all - MOST_LINES)} more, which --json lists`] : [];
}

interface Fact {
  label: string;
  value(side: Side): string | false | null;
}

const FACTS: readonly Fact[] = [
  {
    label: 'Python',
    value: ({ python, pyodide }) => `${python}, Pyodide ${pyodide}`,
  },
  { label: 'Package set', value: ({ package_set }) => package_set },
  {
    label: 'Modules',
    value: ({ modules }) =>
      `${modules.filter(({ error }) => error === null).length} of ${modules.length} imported`,
  },
  {
    label: 'Size',
    value: ({ size }) => size !== null && `${bytes(size)} of ${bytes(LARGEST_WORKER)} at most`,
  },
  { label: 'Start', value: ({ cpu_ms }) => cpu_ms !== null && `${grouped(cpu_ms)} ms of CPU` },
  { label: 'Memory', value: ({ memory }) => memory && bytes(memory.bytes) },
];

const columnOf = (side: Side) => ({
  title: side.label,
  text: ({ value }: Fact) => value(side) || 'not measured',
});

function requestLines({ requests, runs }: Side, screen: Screen): string[] {
  const asked = runs[0]?.asked ?? [];
  const rows = asked.map(({ answer }, at) => ({ name: requests[at]!.name, answer }));
  if (rows.length === 0) return [];
  type Row = (typeof rows)[number];
  const columns = [
    { title: 'Request', text: ({ name }: Row) => cut(name, (screen.columns ?? 999) - 20) },
    { title: 'Status', text: ({ answer }: Row) => `${answer?.status ?? 'none'}` },
    { title: 'Body', text: ({ answer }: Row) => (answer ? bytes(answer.body.length) : '') },
  ];
  return [...table(columns, rows.slice(0, MOST_LINES), screen), ...moreLines(rows.length)];
}

function verdictOf({ sides, comparison }: TryReport, failed: number): string {
  const [from, to] = sides.map(({ label }) => label);
  const moved = to === undefined ? '' : `Moved from ${from} to ${to}: `;
  if (comparison === null) {
    return failed === 0
      ? 'All modules are imported, and all requests answered.'
      : `${moved}${count(failed, 'failure')}.`;
  }
  const { same, answers, more_cpu, more_memory } = comparison;
  const also = [
    ...(more_cpu === null ? [] : [`start takes ${changeText(more_cpu, 'longer', 'less')}`]),
    ...(more_memory === null ? [] : [`memory is ${changeText(more_memory, 'larger', 'smaller')}`]),
    ...(failed === 0 ? [] : [count(failed, 'failure')]),
  ];
  const answered = `${same} of ${count(answers.length, 'answer')} ${same === 1 ? 'is' : 'are'} the same`;
  return `${moved}${[answered, ...also].join('; ')}.`;
}

function changeText(more: number, up: string, down: string): string {
  return more === 0 ? 'as before' : `${Math.abs(more)} % ${more > 0 ? up : down}`;
}

/** In the format of JUnit. A class is a side and a step. */
export function junitXml(report: TryReport): string {
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
