import { html } from 'hono/html';
import type { Member, PreparedSet } from '../../../resolver/index.ts';
import type { MemberKind } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { isOfTests, testedName } from '../../facts/tests.ts';
import { packagePath } from '../components/addresses.ts';
import { FileLink, Patcher } from '../components/links.tsx';
import { breakable } from '../components/text.tsx';
import { buildOf } from '../components/words.ts';

/** A row of the table: the data for filters, and its cells as HTML. */
export interface PackageRow {
  member: Member;
  /** The id of the row. */
  anchor: string;
  /** Its kind and its traits, for the filter of kinds. */
  is: readonly string[];
  /** In lower case, in the order of the cell. */
  imports: string;
  /** The cell before that of the version, and those after it. */
  first: string;
  rest: string;
}

/** A set's rows never change, and are freed with the set. */
const rendered = new WeakMap<PreparedSet, PackageRow[]>();

/** The rows of a set, by name. */
export function rowsOf(set: PreparedSet): PackageRow[] {
  let rows = rendered.get(set);
  if (!rows) {
    const byName = set.members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    rows = byName.map((member) => ({
      member,
      anchor: anchorOf(member.name),
      is: isOf(member, set),
      imports: importsOf(member).toLowerCase(),
      first: String(nameCell(member.name, set)),
      rest: String(otherCells(member, set)),
    }));
    rendered.set(set, rows);
  }
  return rows;
}

/** Tests are of no use to a Worker: they are listed only if the filter selects them. */
function isOf(member: Member, set: PreparedSet): string[] {
  if (testedBy(member.name, set) !== undefined) return ['tests'];
  return [member.kind, buildOf(member) ?? '', member.patched ? 'patched' : ''].filter(Boolean);
}

const KINDS: Record<MemberKind, string> = {
  package: 'package',
  shared_library: 'shared library',
  standard_library: 'standard-library module',
};

function nameCell(name: string, set: PreparedSet) {
  return html`<th scope="row"><a href="${packagePath(name, set.flag)}">${breakable(name)}</a></th>`;
}

/**
 * Cells without content are empty, because the stylesheet hides empty cells of cards. Templates render in a third of the
 * time of elements, and a set has some hundred rows.
 */
function otherCells(member: Member, set: PreparedSet) {
  const { name, depends, patched } = member;
  const needs = depends.map((dependency, at) => [at > 0 && ', ', dependencyIn(set, dependency)]);
  return html`${[
    html`<td class="quiet">${kindOf(member, set)}</td>`,
    html`<td data-label="Imports">${breakable(importsOf(member))}</td>`,
    html`<td data-label="Depends on">${needs}</td>`,
    html`<td data-label="Patched by">${patched && <Patcher patched={patched} />}</td>`,
    html`<td class="file" data-label="File">${FileLink({ wheel: member, of: name })}</td>`,
  ]}`;
}

/** Such as `compiled package`, `shared library`, or the package of a member with tests. */
export function kindOf(member: Member, set: PreparedSet) {
  const tested = testedBy(member.name, set);
  if (tested !== undefined) return html`tests of ${rowLink(tested)}`;
  const build = member.kind === 'shared_library' ? null : buildOf(member);
  return [build, KINDS[member.kind]].filter(Boolean).join(' ');
}

function dependencyIn(set: PreparedSet, name: string) {
  return set.index.has(name) ? rowLink(name) : `${printable(name)} (not in this set)`;
}

/** A link to a row of the same page. */
export function rowLink(name: string) {
  return html`<a href="#${encodeURIComponent(anchorOf(name))}">${printable(name)}</a>`;
}

/** The id of a row. Other ids of the page begin with `_`, which canonical names do not contain. */
function anchorOf(name: string): string {
  return printable(name);
}

/** The package of a member with tests: Pyodide splits large test suites off into other members. */
function testedBy(name: string, set: PreparedSet): string | undefined {
  const tested = isOfTests({ name }) ? testedName({ name }) : '';
  return set.index.has(tested) ? tested : undefined;
}

function importsOf({ imports }: Member): string {
  return imports.join(', ');
}
