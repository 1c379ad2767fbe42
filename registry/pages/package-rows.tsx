import type { Member, MemberKind } from '../../resolver/catalog.ts';
import type { PreparedSet } from '../../resolver/closure/prepare.ts';
import { wheelPath } from '../../resolver/closure/prepare.ts';
import { printable } from '../../resolver/text/printable.ts';

/** A row of the table: what filters look at, and its cells as HTML. */
export interface PackageRow {
  name: string;
  /** The id of the row. */
  anchor: string;
  kind: MemberKind;
  /** In lower case, as the cell shows them. */
  imports: string;
  cells: string;
}

/** A set's rows never change, and go when the isolate lets go of the set. */
const rendered = new WeakMap<PreparedSet, PackageRow[]>();

/** The rows of a set, by name. */
export function rowsOf(set: PreparedSet): PackageRow[] {
  let rows = rendered.get(set);
  if (!rows) {
    const byName = set.members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    rows = byName.map((member) => ({
      name: member.name,
      anchor: anchorOf(member.name),
      kind: member.kind,
      imports: importsOf(member).toLowerCase(),
      cells: String(<Cells member={member} set={set} />),
    }));
    rendered.set(set, rows);
  }
  return rows;
}

const KINDS: Record<MemberKind, string> = {
  package: 'package',
  shared_library: 'shared library',
  standard_library: 'standard-library module',
};

const PATCHERS = { pinwheel: 'Pinwheel', pyodide: 'Pyodide', cloudflare: 'Cloudflare' };

/** Cells that have nothing to say are empty: the stylesheet leaves them out where rows are cards. */
function Cells({ member, set }: { member: Member; set: PreparedSet }) {
  const { name, version, kind, depends, patched } = member;
  const tested = testedBy(name, set);
  return (
    <>
      <th scope="row">{printable(name)}</th>
      <td>{printable(version)}</td>
      <td>{tested ? <>tests of {<RowLink name={tested} />}</> : KINDS[kind]}</td>
      <td>{printable(importsOf(member))}</td>
      <td>
        {depends.map((dependency, at) => (
          <>
            {at > 0 && ', '}
            <Dependency name={dependency} set={set} />
          </>
        ))}
      </td>
      <td>{patched && PATCHERS[patched.by]}</td>
      <td>
        <a href={wheelPath(member)} title={printable(member.filename)}>
          {fileKind(member.filename)}
          <span class="unseen"> of {printable(name)}</span>
        </a>
      </td>
    </>
  );
}

function Dependency({ name, set }: { name: string; set: PreparedSet }) {
  if (!set.index.has(name)) return <>{printable(name)} (not in this set)</>;
  return <RowLink name={name} />;
}

export function RowLink({ name }: { name: string }) {
  return <a href={`#${encodeURIComponent(anchorOf(name))}`}>{printable(name)}</a>;
}

/** The id of a row. The ids of the page's other parts begin with `_`, which canonical names do not have. */
function anchorOf(name: string): string {
  return printable(name);
}

/** The package whose tests a member holds: Pyodide takes large test suites out into members of their own. */
function testedBy(name: string, set: PreparedSet): string | undefined {
  const tested = name.endsWith('-tests') ? name.slice(0, -'-tests'.length) : '';
  const at = set.index.get(tested);
  return at !== undefined && set.members[at]!.unvendored_tests ? tested : undefined;
}

function importsOf({ imports }: Member): string {
  return imports.join(', ');
}

function fileKind(filename: string): string {
  if (filename.endsWith('.whl')) return 'wheel';
  return /\.(tar\.gz|tar|zip)$/.exec(filename)?.[1] ?? 'file';
}
