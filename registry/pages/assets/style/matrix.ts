/**
 * The matrix: rows are grids. On a narrow screen, a package's name is above its cells.
 */
export const matrix = `
.ask { margin-top: clamp(1.5rem, 5vw, 3.5rem); }
.ask h1 { margin: 0 0 0.875rem; font-size: clamp(1.625rem, 1.1rem + 2.4vw, 2.5rem); letter-spacing: -0.02em; }
.ask .lead { margin: -0.375rem 0 1rem; }
.ask h1 label { font: inherit; margin: 0; }
.ask .field { display: flex; gap: 0.625rem; }
.ask input[type='search'] {
  flex: 1; min-width: 0; height: 3.25rem; padding: 0 1rem; border-width: 2px; border-radius: 8px; font-size: 1.125rem;
}
.ask input[type='search']:focus-visible { outline: 2px solid var(--link); outline-offset: 0; border-color: var(--link); border-radius: 8px; }
.ask button { height: 3.25rem; border-radius: 8px; background: var(--button); border-color: var(--button); color: #fff; }

.card {
  display: grid; gap: 1rem 2rem; margin-top: 1rem; padding: 1.125rem 1.25rem 1.25rem;
  border: 1px solid var(--line); border-left: 5px solid var(--field); border-radius: 8px; align-content: start;
}
.card[data-is='yes'] { border-left-color: var(--good); }
.card[data-is='flag'] { border-left-color: var(--warning); }
.card[data-is='no'] { border-left-color: var(--error); }
.card h2 { margin: 0 0 0.25rem; font-size: 1.5rem; }
.card h2 a:not([href]) { color: inherit; }
.card .lines { margin: 0; gap: 0.75rem 1.25rem; }
.card [hidden] { display: none; }
.card .tabs figcaption { position: absolute; clip-path: inset(50%); }
.card .tabs .copy { top: -3.9rem; }
.card pre { padding: 0.5rem 0.75rem; }

.matrix-head {
  display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: baseline; justify-content: space-between; margin-top: 2rem;
}

.matrix { display: block; margin-top: 0.5rem; font-size: 0.9375rem; }
.matrix thead, .matrix tbody { display: block; border: 0; }
.matrix tr { display: grid; gap: 3px; padding: 0; border: 0; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); }
.matrix.of-1 { --columns: 1; } .matrix.of-2 { --columns: 2; } .matrix.of-3 { --columns: 3; } .matrix.of-4 { --columns: 4; }
.matrix.of-5 { --columns: 5; } .matrix.of-6 { --columns: 6; } .matrix.of-7 { --columns: 7; } .matrix.of-8 { --columns: 8; }
.matrix th, .matrix td, .matrix tbody td:nth-child(2) {
  display: block; grid-column: auto; min-width: 0; max-width: none; padding: 0.3125rem 0.5rem; border: 0; text-align: left;
  font-size: inherit;
}
.matrix thead {
  position: sticky; top: 0; z-index: 1; width: auto; height: auto; overflow: visible; clip-path: none;
  background: var(--page); border-bottom: 2px solid var(--text); padding-bottom: 0.25rem;
}
.matrix thead th:first-child { padding-left: 0; }
.matrix thead th { position: static; border: 0; font-size: 0.875rem; font-weight: 400; white-space: normal; align-self: end; }
.matrix thead a { display: block; font-weight: 600; color: inherit; text-decoration: none; }
.matrix thead a:hover { text-decoration: underline; }
.matrix .dates { display: block; color: var(--muted); font-size: 0.8125rem; line-height: 1.3; }
.matrix .tag { display: block; width: fit-content; padding: 0 0.375rem; border-radius: 3px; font-size: 0.75rem; font-weight: 600; background: var(--raised); color: var(--muted); }
.matrix .today .tag { background: var(--text); color: var(--page); }
.matrix tbody tr { margin-top: 3px; }
.matrix tbody th { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0 0.625rem; align-items: baseline; padding: 0.625rem 0 0.125rem; }
.matrix tbody th a { font-weight: 600; }
.matrix small { font-size: 0.8125rem; color: var(--muted); font-weight: 400; }
.matrix td { border-radius: 4px; line-height: 1.35; }
.matrix td small { display: block; color: inherit; }
.matrix td b { font-weight: 600; overflow-wrap: anywhere; }
.matrix td i { font-style: normal; }
.matrix td a { color: inherit; }
.matrix td abbr { text-decoration: none; font-size: 0.75em; margin-left: 0.25em; cursor: help; }
.matrix td.yes { background: var(--good-soft); color: var(--good); }
.matrix td.part { background: var(--warning-soft); color: var(--warning); }
.matrix td.no { background: var(--raised); color: var(--muted); }

.legend + .hint { margin-top: 1rem; }
.legend { display: grid; gap: 0.375rem 2rem; margin-top: 1.5rem; font-size: 0.875rem; }
.legend > div { display: flex; gap: 0.625rem; }
.legend dt { flex: none; width: 4rem; font-weight: 600; }
.legend .no { color: var(--muted); }
.legend dd { color: var(--muted); overflow-wrap: break-word; }

h1 .version { color: var(--muted); font-weight: 400; }
.verdict { padding: 0.875rem 1.125rem; border-left: 5px solid; border-radius: 6px; font-size: 1.125rem; max-width: 60rem; }
.verdict.is-yes { background: var(--good-soft); border-color: var(--good); }
.verdict.is-part { background: var(--warning-soft); border-color: var(--warning); }
.verdict.is-no { background: var(--error-soft); border-color: var(--error); }

@media (min-width: 40rem) {
  .card { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); min-height: 13.5rem; }
  .card .lines { grid-template-columns: minmax(0, 1fr); }
  .legend { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media print, (min-width: 48rem) {
  .matrix tr { grid-template-columns: minmax(11rem, 1.5fr) repeat(var(--columns), minmax(0, 1fr)); }
  .matrix tbody th { grid-column: auto; display: block; padding: 0.3125rem 0.5rem 0.3125rem 0; }
  .matrix tbody th small { display: block; line-height: 1.35; }
}
@media screen and (max-width: 47.99rem) {
  .matrix thead tr th:first-child { display: none; }
  .matrix tr { gap: 2px; }
  .matrix thead th, .matrix td, .matrix tbody td:nth-child(2) { padding-inline: 0.25rem; }
  /* The words of a head are as small as its column needs, so that they stay whole. */
  .matrix thead th { container-type: inline-size; }
  .matrix thead a { font-size: min(0.875rem, 25cqi); }
  .matrix .tag { margin-inline: -0.1875rem -0.25rem; padding: 0 0.1875rem; font-size: clamp(0.5rem, 18cqi, 0.6875rem); font-weight: 500; }
  .matrix td b { font-size: 0.8125rem; }
  .matrix td, .matrix tbody td:nth-child(2) { font-size: 0.875rem; }
  .matrix td small, .matrix .dates { font-size: 0.75rem; }
  .matrix .whole { white-space: normal; }
  .card { padding-inline: 1rem; }
  .ask button:not(:focus-visible) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); padding: 0; }
}
`;
