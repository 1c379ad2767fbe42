import { raw } from 'hono/html';
import type { MemberKind } from '../../resolver/catalog.ts';
import type { PreparedSet } from '../../resolver/closure/prepare.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { packages } from './count.ts';
import { type PackageRow, RowLink, rowsOf } from './package-rows.tsx';
import type { PackagesQuestion } from './question.ts';
import { FORM } from './question-form.tsx';

type Filter = PackagesQuestion['filter'];

const KINDS: [MemberKind, string][] = [
  ['package', 'Packages'],
  ['shared_library', 'Shared libraries'],
  ['standard_library', 'Standard-library modules'],
];

interface PackageTableProps {
  set: PreparedSet;
  flag: string;
  filter: Filter;
}

/**
 * Every member of a set. Those that the filter leaves out are in the page, hidden, so that the script can
 * filter on without asking again, and a link to one of them still shows it.
 */
export function PackageTable({ set, flag, filter }: PackageTableProps) {
  const rows = rowsOf(set);
  const matching = new Set(rows.filter((row) => matches(row, filter)));
  return (
    <section class="packages" aria-labelledby="_packages">
      <h2 id="_packages">Packages</h2>
      <div class="filter">
        <div class="field">
          <label for="_query">Package or import name</label>
          <input
            id="_query"
            name="query"
            type="search"
            form={FORM}
            value={filter.query}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
          />
        </div>
        <div class="field">
          <label for="_kind">Kind</label>
          <select id="_kind" name="kind" form={FORM}>
            <option value="">All kinds</option>
            {KINDS.map(([kind, plural]) => (
              <option value={kind} selected={kind === filter.kind}>
                {plural}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" form={FORM} formaction="/packages#_packages">
          Filter
        </button>
        <output id="_count" for="_query _kind">
          {matching.size < rows.length && `${matching.size} of `}
          {packages(rows.length)}
        </output>
      </div>
      <NoMatch set={set} query={filter.query} hidden={matching.size > 0} />
      <table id="_table">
        <caption>The packages of {flag}, each pinned to one file</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Version</th>
            <th scope="col">Kind</th>
            <th scope="col">Imports</th>
            <th scope="col">Depends on</th>
            <th scope="col">Patched by</th>
            <th scope="col">File</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr id={row.anchor} data-kind={row.kind} hidden={!matching.has(row)}>
              {raw(row.cells)}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** By a part of the canonical name or of an import name. The script in assets/script.ts has the same rule. */
function matches({ name, kind, imports }: PackageRow, filter: Filter): boolean {
  if (filter.kind !== undefined && kind !== filter.kind) return false;
  const part = filter.query.toLowerCase();
  return name.includes(canonicalName(part)) || imports.includes(part);
}

/** What to do where the filter leaves nothing; hidden while it leaves something. */
function NoMatch({ set, query, hidden }: { set: PreparedSet; query: string; hidden: boolean }) {
  const near = hidden ? [] : nearest(canonicalName(query), set.index.keys());
  return (
    <div id="_none" class="notice" hidden={hidden}>
      <p>
        <strong>Nothing in this set matches the filter.</strong> Shorten the name, choose all kinds, or choose
        another package set above.
      </p>
      {near.length > 0 && (
        <p id="_near">
          Nearly the same:{' '}
          {near.map((name, at) => (
            <>
              {at > 0 && ', '}
              <RowLink name={name} />
            </>
          ))}
        </p>
      )}
    </div>
  );
}
