/** The stylesheet of every page. Below 60rem there is no room for seven columns: rows are cards. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #ffffff;
  --raised: #f4f6f8;
  --text: #191d22;
  --muted: #56606b;
  --line: #d6dce2;
  --field: #7d8893;
  --link: #0b559f;
  --accent: #c2410c;
  --button: #16406f;
  --warning: #8a5a00;
  --error: #b3261e;
  --target: #fff4d6;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b;
    --raised: #1d2228;
    --text: #e7eaed;
    --muted: #a2acb6;
    --line: #343b43;
    --field: #76818c;
    --link: #84bcff;
    --accent: #ff8a4c;
    --button: #2c6cb0;
    --warning: #e9b44c;
    --error: #ff8f85;
    --target: #3a3216;
  }
}

*, *::before, *::after { box-sizing: border-box; }
html { text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto;
  max-width: 86rem;
  padding: 0 clamp(1rem, 3vw, 2.5rem) 3rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 var(--sans);
  overflow-wrap: break-word;
}
h1 {
  margin: 1.75rem 0 1rem; font-size: clamp(1.5rem, 1.25rem + 1.2vw, 1.75rem); line-height: 1.2;
  letter-spacing: -0.01em;
}
h2 { margin: 0 0 0.75rem; font-size: 1.25rem; line-height: 1.3; text-wrap: balance; }
p, ul, dl, dd, figure { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
code, pre { font-family: var(--mono); font-size: 0.8125rem; }
code { font-size: 0.9em; }
[hidden] { display: none; }
.long, code { overflow-wrap: anywhere; }
.whole { white-space: nowrap; }
.hint, .detail, footer { color: var(--muted); font-size: 0.875rem; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}

:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
.skip {
  position: absolute; left: 1rem; top: -4rem; z-index: 2; padding: 0.5rem 0.75rem;
  background: var(--page);
}
.skip:focus { top: 0.5rem; }

.site {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.25rem;
  padding: 1rem 0; border-bottom: 1px solid var(--line);
}
.site p { color: var(--muted); }
.brand {
  display: inline-flex; align-items: center; gap: 0.5rem;
  color: inherit; font-size: 1.25rem; font-weight: 700; text-decoration: none;
}
.brand:hover { text-decoration: underline; }
.mark { width: 1.75rem; height: 1.75rem; fill: var(--accent); }

form, .fields { display: grid; gap: 1rem 1.5rem; grid-template-columns: minmax(0, 1fr); }
details { grid-column: 1 / -1; }
summary { width: fit-content; color: var(--link); font-size: 0.875rem; cursor: pointer; }
.fields { margin-top: 0.75rem; }
label { display: block; font-weight: 600; font-size: 0.875rem; margin-bottom: 0.25rem; }
.check { display: flex; align-items: baseline; gap: 0.5rem; font-weight: 400; margin: 0; }
.check input { flex: none; }
input:not([type='checkbox']), select, button {
  height: 2.5rem; width: 100%; padding: 0 0.625rem;
  border: 1px solid var(--field); border-radius: 4px;
  background: var(--page); color: var(--text); font: inherit;
}
input[name='flags'] { font-family: var(--mono); font-size: 0.875rem; }
button { width: auto; padding: 0 1.125rem; font-weight: 600; cursor: pointer; }
.action button { background: var(--button); border-color: var(--button); color: #ffffff; }
.action button:hover { filter: brightness(1.12); }
button:hover { border-color: var(--text); }
.hint { margin-top: 0.25rem; }

section { margin-top: 2.25rem; }
.facts { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
.facts div { border-top: 2px solid var(--text); padding-top: 0.625rem; }
dt { color: var(--muted); font-size: 0.875rem; }
dd strong { font-size: 1.0625rem; }
dd { font-variant-numeric: tabular-nums; }
.notices ul, ul.notices { display: grid; gap: 0.75rem; }
ul.notices { margin-top: 1.5rem; }
.notice {
  padding: 0.625rem 0.875rem; background: var(--raised); border-left: 4px solid var(--field);
  overflow-wrap: anywhere;
}
.notice.warning { border-color: var(--warning); }
.notice.warning strong { color: var(--warning); }
.notice.error { border-color: var(--error); }
.lead { color: var(--muted); }
#_faults { color: var(--error); }

.lines { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); margin-top: 1.5rem; }
figure { position: relative; display: flex; flex-direction: column; }
figcaption { padding-right: 5rem; color: var(--muted); font-size: 0.875rem; padding-block: 0.25rem; }
pre {
  flex: 1; margin: 0; padding: 0.75rem 0.875rem; background: var(--raised); border-radius: 4px;
  line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
}
.copy {
  position: absolute; top: 0; right: 0; height: 1.75rem; padding: 0 0.625rem; font-size: 0.8125rem;
  font-weight: 400;
}

.filter { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.75rem 1rem; align-items: end; }
.filter .field { grid-column: 1 / -1; }
output { color: var(--muted); font-variant-numeric: tabular-nums; line-height: 2.5rem; }
#_none { margin-top: 1rem; }

table {
  width: 100%; margin-top: 1rem; border-collapse: separate; border-spacing: 0;
  font-variant-numeric: tabular-nums;
}
caption {
  text-align: left; color: var(--muted); font-size: 0.875rem; padding-bottom: 0.5rem;
  overflow-wrap: anywhere;
}
th, td { text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td a, code, output { unicode-bidi: isolate; }
tr:target > * { background: var(--target); }
tr { scroll-margin-top: 3rem; }
footer { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }

@media (max-width: 59.99rem) {
  .filter button { grid-column: 1; justify-self: start; }
  .filter output { grid-column: 2; grid-row: 3; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody { display: block; }
  tbody { border-top: 1px solid var(--line); }
  tbody tr {
    display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.125rem 1rem;
    padding: 0.75rem 0; border-bottom: 1px solid var(--line);
  }
  tbody tr[hidden]:not(:target) { display: none; }
  td { grid-column: 1 / -1; font-size: 0.9375rem; }
  td:empty { display: none; }
  tbody th { grid-column: 1; }
  th, td { padding: 0; }
  td:nth-child(2) { grid-column: 2; max-width: 10rem; text-align: right; }
  td:nth-child(3) { color: var(--muted); }
  td:nth-child(n + 4)::before { color: var(--muted); }
  td:nth-child(4)::before { content: 'Imports '; }
  td:nth-child(5)::before { content: 'Depends on '; }
  td:nth-child(6)::before { content: 'Patched by '; }
  td:nth-child(7)::before { content: 'File '; }
}

@media (min-width: 40rem) {
  form { grid-template-columns: 15rem minmax(0, 1fr); }
  .fields { grid-template-columns: 15rem 15rem; }
  .check { grid-column: 1 / -1; }
  form > .field:nth-child(3), form > .action { grid-column: 1 / -1; }
}

@media (min-width: 75rem) {
  form { grid-template-columns: 15rem minmax(0, 1fr) minmax(0, 1fr) auto; }
  form > .field:nth-child(3), form > .action { grid-column: auto; }
  .action { padding-top: 1.5625rem; }
}

@media (min-width: 60rem) {
  .facts, .lines { grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); }
  .filter { grid-template-columns: 22rem 16rem auto 1fr; }
  .filter .field { grid-column: auto; }
  output { text-align: right; }
  th, td { padding: 0.4375rem 1rem 0.4375rem 0; border-bottom: 1px solid var(--line); }
  th:last-child, td:last-child { padding-right: 0; }
  thead th {
    position: sticky; top: 0; z-index: 1; background: var(--page);
    border-bottom: 2px solid var(--text); font-size: 0.875rem; white-space: nowrap;
  }
  tbody tr:hover > * { background: var(--raised); }
  tbody tr:target > * { background: var(--target); }
  tr[hidden]:target { display: table-row; }
  td:nth-child(3) { color: var(--muted); min-width: 8rem; }
  th:first-child { min-width: 11rem; }
  td:nth-child(2) { min-width: 5rem; }
  td:last-child { white-space: nowrap; }
}
`;
