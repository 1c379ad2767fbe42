import { defaultSet } from '../../../resolver/compatibility/package-set.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { CatalogView, PreparedSet } from '../../../resolver/index.ts';
import type { CatalogRelease, CatalogSet } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath } from '../components/addresses.ts';
import { type Dated, FactPage } from '../components/document.tsx';
import { Commas, markOf, Section, Table } from '../components/text.tsx';
import { type Library, libraryOf, type ModuleState } from './library.ts';

/** A runtime of workerd and its standard library. */
interface Column {
  /** The newest of the equal Pyodides. */
  pyodide: string;
  library: Library;
  /** The package that provides each module in the default set, by module. */
  packages: ReadonlyMap<string, string>;
  flag: string | null;
}

/** workerd's runtimes, the newest first; of those with the same Python and ABI, only the newest. */
export async function columnsOf(
  view: CatalogView,
  asOf: string,
  openSet: (set: CatalogSet) => Promise<PreparedSet>,
): Promise<Column[]> {
  const byAbi = new Map<string, CatalogRelease>();
  for (const { field } of view.runtimeFlags) {
    const release = view.releases.get(field);
    if (release && release.id !== 'dev') byAbi.set(release.abi, release);
  }
  const columns: Column[] = [];
  for (const release of byAbi.values()) {
    const { pyodide } = release;
    const library = libraryOf(pyodide);
    if (!library) continue;
    const chosen = defaultSet(view, release, asOf);
    const set = chosen && (await openSet(chosen.set));
    const packages = new Map(
      set?.members.flatMap(({ name, imports }) => imports.map((module) => [module, name])),
    );
    columns.push({ pyodide, library, packages, flag: chosen?.set.flag ?? null });
  }
  return columns.reverse();
}

interface StdlibPageProps extends Dated {
  columns: readonly Column[];
}

/** The modules of the standard library that each runtime can import, with what they cannot do, and those that it lacks. */
export function StdlibPage({ columns, view, asOf }: StdlibPageProps) {
  const modules = [...new Set(columns.flatMap(({ library }) => library.modules))].sort();
  const rows = modules.map((module) => ({
    module,
    states: columns.map((column) => stateOf(module, column)),
  }));
  const limited = rows.filter(({ states }) => states.some(({ is }) => is !== 'works' && is !== 'absent'));
  const windows = limited.filter(({ module }) => WINDOWS.test(module));
  const whole = rows.filter((row) => !limited.includes(row) && !row.module.includes('.'));
  return (
    <FactPage
      title="Standard library"
      description="Which modules of Python’s standard library Python Workers can import, and what these cannot do there."
      place="/stdlib"
      {...{ view, asOf }}
    >
      <p class="prose">
        Measured in the Pyodide of each runtime, by importing every module and by trying what a Worker may not
        be able to do. <span class="yes">✓</span> imported, no limit known; <span class="part">◐</span>{' '}
        limited, or a package; <span class="no">✕</span> missing. The <a href="/">search</a> finds modules,
        too.
      </p>
      <Section id="_limited" title="Missing or limited modules">
        <StateTable rows={limited.filter((row) => !windows.includes(row))} columns={columns} />
        {windows.length > 0 && (
          <details class="group">
            <summary>Modules that only Windows has: {windows.length}</summary>
            <StateTable rows={windows} columns={columns} />
          </details>
        )}
      </Section>
      <Section id="_whole" title="Modules without a known limit">
        <ul class="names">
          {whole.map(({ module }) => (
            <li id={module}>
              <code>{printable(module)}</code>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="_limits" title="What cannot be done">
        <LimitTable columns={columns} />
      </Section>
    </FactPage>
  );
}

/** Modules that Python’s documentation declares available only on Windows, and those that import them. */
const WINDOWS = /^(?:msilib|msvcrt|nt|winreg|winsound)$|(?:^|\.)(?:windows_\w+|\w+_win32)$/;

function StateTable({ rows, columns }: { rows: readonly Row[]; columns: readonly Column[] }) {
  const heads = columns.map(({ pyodide, library }) => ({
    name: [
      `Python ${printable(minorOf(library.python))}`,
      <span class="detail"> Pyodide {printable(pyodide)}</span>,
    ],
    style: 'state',
    label: `${minorOf(library.python)}:`,
  }));
  return (
    <Table
      class="codes"
      columns={['Module', ...heads]}
      rows={rows.map(({ module, states }) => ({
        id: module,
        cells: [
          <code>{printable(module)}</code>,
          ...states.map((state, at) => <StateCell state={state} flag={columns[at]!.flag} />),
        ],
      }))}
    />
  );
}

interface Row {
  module: string;
  states: readonly State[];
}

interface State extends Pick<ModuleState, 'limits'> {
  is: ModuleState['is'] | 'package';
  /** The package that has the module, if the library lacks it. */
  name?: string;
}

function stateOf(module: string, { library, packages }: Column): State {
  const state = library.stateOf(module);
  const name = packages.get(module);
  const isHere = state.is === 'works' || state.is === 'part';
  return isHere || name === undefined ? state : { is: 'package', limits: [], name };
}

const YES = markOf('✓', 'yes');
const PART = markOf('◐', 'part');
const NO = markOf('✕', 'no');

function StateCell({ state: { is, limits, name = '' }, flag }: { state: State; flag: string | null }) {
  switch (is) {
    case 'works':
      return [YES, 'imported'];
    case 'absent':
      return <span class="muted">not in this Python</span>;
    case 'missing':
      return [NO, 'missing'];
    case 'package':
      return [PART, 'package ', <a href={packagePath(name, flag ?? undefined)}>{printable(name)}</a>];
    case 'part':
      return [PART, `cannot ${printable(limits.join('; cannot '))}`];
  }
}

function LimitTable({ columns }: { columns: readonly Column[] }) {
  const limits = new Map(columns.flatMap(({ library }) => library.limits.map((limit) => [limit.id, limit])));
  return (
    <Table
      columns={['A Worker cannot', 'With', 'Names that need it', 'Instead']}
      rows={[...limits.values()].map(({ id, does, names, about, instead }) => {
        const where = columns.filter(({ library }) => library.limits.some((limit) => limit.id === id));
        return [
          printable(does),
          <td class="quiet">
            {where.length === columns.length
              ? 'any Python'
              : printable(`Python ${where.map(({ library }) => library.python).join(', ')}`)}
          </td>,
          <Commas items={[...names, ...about].map((name) => <code>{printable(name)}</code>)} />,
          instead && printable(instead),
        ];
      })}
    />
  );
}
