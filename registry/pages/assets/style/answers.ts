/** What answers are made of: facts side by side, remarks, and lines to copy. */
export const answers = `
.facts { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
.facts > div { border-top: 2px solid var(--text); padding-top: 0.625rem; min-width: 0; }
dt { color: var(--muted); font-size: 0.875rem; }
dd strong { font-size: 1.0625rem; }
dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.pairs { display: grid; gap: 0.25rem 1.5rem; grid-template-columns: minmax(0, 1fr); }
.pairs dd + dt { margin-top: 0.5rem; }

.notices ul, ul.notices { display: grid; gap: 0.75rem; }
ul.notices.first.first { margin-top: 0; }
ul.notices, details.notice { margin-top: 1.5rem; }
.notice {
  padding: 0.625rem 0.875rem; background: var(--raised); border-left: 4px solid var(--field);
  overflow-wrap: anywhere;
}
.notice.warning { border-color: var(--warning); }
.notice.warning strong { color: var(--warning); }
.notice.error { border-color: var(--error); }
.notice.good { border-color: var(--good); }
#_issues, .bad { color: var(--error); }

.lines { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); margin-top: 1.5rem; align-items: start; }
.lines figure { position: relative; display: flex; flex-direction: column; min-width: 0; }
figcaption { padding-right: 5rem; color: var(--muted); font-size: 0.875rem; padding-block: 0.25rem; }
pre {
  flex: 1; margin: 0; padding: 0.75rem 0.875rem; background: var(--raised); border-radius: 4px;
  line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
}
.copy {
  position: absolute; top: 0; right: 0; height: 1.75rem; padding: 0 0.625rem; font-size: 0.8125rem;
  font-weight: 400;
}


.tree, .tree ul { list-style: none; }
.tree ul { margin-left: 0.5rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.tree li { margin-top: 0.375rem; overflow-wrap: anywhere; }
.tree summary { color: inherit; font-size: 1rem; width: auto; }
.tree .leaf { padding-left: 1.0625rem; }
.tree .fix { color: var(--muted); }

.cards { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
.cards a { font-weight: 600; }
.cards li { border-top: 1px solid var(--line); padding-top: 0.5rem; }
.cards p { color: var(--muted); font-size: 0.9375rem; }
dl.close { margin-top: 0.5rem; font-size: 0.9375rem; }
.group { margin-top: 1.25rem; }
.group > summary { font-size: 1rem; font-weight: 600; color: inherit; margin-bottom: 0.5rem; }
p.notice { margin-top: 1rem; }
.notice p + p { margin-top: 0; }
.operation { padding: 1rem 0; border-top: 1px solid var(--line); }
.try { margin-top: 0.5rem; overflow-wrap: anywhere; }
h3.flush { margin-top: 0; }
.lines.first { margin-top: 0; }
.names { display: flex; flex-wrap: wrap; gap: 0.125rem 1rem; }
.names li { overflow-wrap: anywhere; min-width: 0; }

@media (min-width: 40rem) {
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .pairs { grid-template-columns: 11rem minmax(0, 1fr); }
  .pairs dd + dt { margin-top: 0; }
}
@media (min-width: 60rem) {
  .facts, .lines { grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); }
  .lines.single { grid-template-columns: minmax(0, 1fr); }
  .even { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .cards { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
`;
