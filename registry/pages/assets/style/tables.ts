/**
 * Tables. On a screen below 60rem there is no room for their columns: rows are cards, on which cells say what they are
 * by their \`data-label\`, the first two cells share a line, and empty cells are left out.
 */
export const tables = `
table {
  width: 100%; margin-top: 1rem; border-collapse: separate; border-spacing: 0;
  font-variant-numeric: tabular-nums;
}
caption {
  text-align: left; color: var(--muted); font-size: 0.875rem; padding-bottom: 0.5rem;
  overflow-wrap: anywhere;
}
th, td { text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td a, th a, code, output { unicode-bidi: isolate; }
tr:target > * { background: var(--target); }
tr { scroll-margin-top: 3rem; }
.digest { color: var(--muted); font-family: var(--mono); font-size: 0.8125rem; }
.up { color: var(--good); }
.down { color: var(--error); }

.packages { margin-top: 1.25rem; }
.filter { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.75rem 1rem; align-items: end; }
.filter .field:first-child { grid-column: 1 / -1; }
.filter + .hint { margin-top: 0.625rem; }
output { color: var(--muted); font-variant-numeric: tabular-nums; }
.filter output { display: grid; align-content: center; min-height: 2.5rem; line-height: 1.25; }
#_none { margin-top: 1rem; }

@media screen and (max-width: 59.99rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .sortable thead { position: static; width: auto; height: auto; clip-path: none; display: block; }
  .sortable thead tr { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding-bottom: 0.5rem; }
  .sortable thead tr::before { content: 'Sort by'; color: var(--muted); font-size: 0.875rem; }
  .sortable thead th { font-size: 0.875rem; font-weight: 400; }
  .sortable thead th:not(:has(a)) { display: none; }
  table, caption, tbody { display: block; }
  tbody { border-top: 1px solid var(--line); }
  tbody tr {
    display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.125rem 1rem;
    padding: 0.75rem 0; border-bottom: 1px solid var(--line);
  }
  tbody tr[hidden]:not(:target) { display: none; }
  th, td { padding: 0; }
  tbody th { grid-column: 1; }
  td { grid-column: 1 / -1; font-size: 0.9375rem; }
  td:empty { display: none; }
  td:nth-child(2) { grid-column: 2; max-width: 11rem; text-align: right; }
  td.state { grid-column: 1 / -1; max-width: none; text-align: left; }
  td[data-label]::before { content: attr(data-label) ' '; color: var(--muted); }
  .filter button { grid-column: 1; justify-self: start; }
  .filter output { grid-column: 2; text-align: right; }
}

@media print, (min-width: 60rem) {
  .filter { grid-template-columns: minmax(0, 5fr) minmax(0, 4fr) minmax(0, 5fr) auto auto; }
  .filter .field:first-child { grid-column: auto; }
  /* Columns keep their widths while rows are filtered. */
  .packages table { table-layout: fixed; }
  .packages th, .packages td { overflow-wrap: break-word; }
  .packages thead th:nth-child(1) { width: 18%; }
  .packages thead th:nth-child(2) { width: 10.5%; }
  .packages thead th:nth-child(3) { width: 13%; }
  .packages thead th:nth-child(4) { width: 17%; }
  .packages thead th:nth-child(6) { width: 9%; }
  .packages thead th:nth-child(7) { width: 5.5%; }
  .packages td.quiet { font-size: 0.875rem; }
  .packages td.file { white-space: normal; }
  /* A fixed width, so that the fields do not move. */
  .filter output { text-align: right; width: 11rem; }
  th, td { padding: 0.4375rem 1rem 0.4375rem 0; border-bottom: 1px solid var(--line); }
  th:last-child, td:last-child { padding-right: 0; }
  thead th {
    position: sticky; top: 0; z-index: 1; background: var(--page);
    border-bottom: 2px solid var(--text); font-size: 0.875rem; white-space: nowrap;
  }
  tbody tr:hover > * { background: var(--raised); }
  tbody tr:target > * { background: var(--target); }
  tr[hidden]:target { display: table-row; }
  th:first-child { min-width: 11rem; }
  td:nth-child(2) { min-width: 5rem; }
  .quiet { color: var(--muted); }
  .file, td.digest, .codes code { white-space: nowrap; }
}
.steps thead .detail, tbody th .detail { display: block; font-weight: 400; }
.steps .chosen { background: var(--raised); }
@media print, (min-width: 60rem) {
  .steps th, .steps td { padding-left: 0.5rem; }
  .steps tr > :first-child { padding-left: 0; }
  .steps thead th { white-space: normal; }
}
@media screen and (max-width: 59.99rem) {
  /* The dates remain visible, because they are links. */
  .steps thead { position: static; width: auto; height: auto; clip-path: none; display: block; margin-bottom: 0.75rem; }
  .steps thead tr { display: grid; gap: 0.25rem; }
  .steps thead th:first-child { display: none; }
  .steps thead th { display: flex; flex-wrap: wrap; gap: 0 0.75rem; justify-content: space-between; padding: 0.375rem 0.5rem; }
  .steps tbody tr { grid-template-columns: minmax(0, 1fr); }
}
thead a { color: inherit; text-decoration-color: var(--field); }
thead a:hover { text-decoration-color: currentcolor; }
th[aria-sort] a { font-weight: 700; }
`;
