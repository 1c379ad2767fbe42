import { html, raw } from 'hono/html';
import { type CatalogView, canonicalName, type PreparedSet } from '../../../resolver/index.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { isOfTests } from '../../facts/tests.ts';
import { packagePath } from '../components/addresses.ts';
import { SetLink, YANKED_MARK } from '../components/links.tsx';
import { FORM } from '../components/question-form.tsx';
import type { Answer } from '../components/target-answer.tsx';
import { breakable, Delivered } from '../components/text.tsx';
import { contentsOf, packages } from '../components/words.ts';
import { changesSince, type Since } from './changes.ts';
import type { Filter } from './filter.ts';
import { FilterFields } from './filter-fields.tsx';
import { type PackageRow, rowLink, rowsOf } from './package-rows.tsx';
import { inOrder, SortableHead } from './sorting.tsx';

interface PackageTableProps {
  answer: Answer;
  set: PreparedSet;
  since: PreparedSet | null;
  filter: Filter;
  view: CatalogView;
}

/**
 * Every member of a set. Those that the filter excludes are hidden, so that the script can filter without another
 * request, and a link to one of them shows it.
 */
export function PackageTable({ answer, set, view, since, filter }: PackageTableProps) {
  const changes = since && changesSince(since, set);
  const rows = inOrder(rowsOf(set), filter.sort);
  const listed = changes ? rows.filter(({ member }) => changes.before.has(member.name)) : rows;
  const all = rows.filter(({ is }) => !is.includes('tests')).length;
  const contents = contentsOf(set.members);
  const matching = new Set(listed.filter((row) => matches(row, filter)));
  return (
    <section class="packages" aria-labelledby="_packages">
      <h2 id="_packages" class="unseen">
        Packages
      </h2>
      <div class="filter">
        <FilterFields filter={filter} view={view} own={set.flag} />
        <button type="submit" form={FORM} formaction="/packages#_packages">
          Filter
        </button>
        <output id="_count" for="_query _kind" data-all={contents}>
          {matching.size < all ? `${matching.size} found` : contents}
        </output>
      </div>
      <p class="hint">
        Delivery: <Delivered delivery={answer.target.package_set.delivery} />. Modules of the standard library
        come with the runtime.
      </p>
      {changes && <Removed since={changes} />}
      <NoMatch set={set} query={filter.query} hidden={matching.size > 0} />
      <table id="_table" class="sortable">
        <caption>
          {changes ? (
            <>
              What is new in {set.flag} since {changes.flag}, or has another version
            </>
          ) : (
            <>The packages of {set.flag}, each pinned to one file</>
          )}
        </caption>
        <SortableHead answer={answer} filter={filter} />
        <tbody>{rows.map((row) => tableRow(row, changes, view.yankedWheels, matching.has(row)))}</tbody>
      </table>
    </section>
  );
}

function tableRow(
  { member, anchor, is, first, rest }: PackageRow,
  changes: Since | null,
  yanked: ReadonlyMap<string, unknown>,
  isShown: boolean,
) {
  const before = changes?.before.get(member.name);
  const isSame = changes !== null && before === undefined;
  const was = before === null ? 'new' : `was ${printable(before ?? '')}`;
  const traits = [isSame && raw(' data-same=""'), !isShown && raw(' hidden=""')];
  const change = before !== undefined && html`<span class="muted"> ${was}</span>`;
  const mark = yanked.has(member.sha256) && YANKED_MARK;
  const version = html`<td>${breakable(member.version)}${change}${mark}</td>`;
  return html`<tr id="${anchor}" data-is="${is.join(' ')}"${traits}>${[raw(first), version, raw(rest)]}</tr>`;
}

/** By a part of the canonical name or of an import name. The page's script has the same rule. */
function matches({ member, is, imports }: PackageRow, { query, kind }: Filter): boolean {
  if (kind === undefined ? is.includes('tests') : !is.includes(kind)) return false;
  const part = query.toLowerCase();
  return member.name.includes(canonicalName(part)) || imports.includes(part);
}

/** The packages that the other set has and this one does not. */
function Removed({ since: { flag, removed } }: { since: Since }) {
  if (removed.length === 0) return null;
  return (
    <details class="notice">
      <summary>
        {packages(removed.length)} of {flag} {removed.length === 1 ? 'was' : 'were'} removed
      </summary>
      <ul class="names">
        {removed.map(({ name, version }) => (
          <li>
            <a href={packagePath(name, flag)}>{printable(name)}</a> {printable(version)}
          </li>
        ))}
      </ul>
      <p class="hint">
        They are in <SetLink flag={flag} />.
      </p>
    </details>
  );
}

/** Help if the filter matches nothing; hidden otherwise. */
function NoMatch({ set, query, hidden }: { set: PreparedSet; query: string; hidden: boolean }) {
  const names = set.members.filter((member) => !isOfTests(member)).map(({ name }) => name);
  const near = hidden ? [] : nearest(canonicalName(query), names);
  return (
    <div id="_none" class="notice" hidden={hidden}>
      <p>
        <strong>Nothing in this set matches the filter.</strong> Shorten the name, choose all kinds, or choose
        another package set above.
      </p>
      {near.length > 0 && (
        <p id="_near">
          Similar names:{' '}
          {near.map((name, at) => (
            <>
              {at > 0 && ', '}
              {rowLink(name)}
            </>
          ))}
        </p>
      )}
    </div>
  );
}
