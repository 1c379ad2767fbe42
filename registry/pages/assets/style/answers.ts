/** The parts of answers: facts side by side, remarks, and lines to copy. */
export const answers = `
.facts { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
.facts > div { border-top: 2px solid var(--text); padding-top: 0.625rem; min-width: 0; }
dt { color: var(--muted); font-size: 0.875rem; }
dd strong { font-size: 1.0625rem; }
dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.pairs { display: grid; gap: 0.25rem 1.5rem; grid-template-columns: minmax(0, 1fr); }
.pairs dd + dt { margin-top: 0.5rem; }

/* Terms beside their meanings. */
.glossary { display: grid; gap: 1.25rem; max-width: 60rem; }
.glossary > div { display: grid; gap: 0.25rem 2rem; }
.glossary > div:target { background: var(--target); }
.glossary dt { color: var(--text); font-size: 1rem; font-weight: 600; }

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
.bad { color: var(--error); }

.lines { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); margin-top: 1.5rem; align-items: start; }
.lines figure { position: relative; display: flex; flex-direction: column; min-width: 0; }
figcaption { padding-right: 5rem; color: var(--muted); font-size: 0.875rem; padding-block: 0.25rem; }
pre {
  flex: 1; margin: 0; padding: 0.75rem 0.875rem; background: var(--raised); border-radius: 4px;
  line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
}
pre.scrolls { max-height: 20rem; overflow-y: auto; }
.copy {
  position: absolute; top: 0; right: 0; height: 1.75rem; padding: 0 0.625rem; font-size: 0.8125rem;
  font-weight: 400;
}


/* Requirements and what they need: each edge says what it is, each node is a link. */
.tree, .tree ul { list-style: none; }
.tree > li { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
.tree > li:first-child { border-top: 1px solid var(--line); }
.tree ul { margin-left: 0.375rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.tree ul li { margin-top: 0.25rem; }
.tree .edge { color: var(--muted); }
.tree > .unmet > code { font-weight: 600; }
.tree ul.fixes { border: 0; margin: 0.25rem 0 0; padding: 0 0 0 1.375rem; }
.fixes { display: grid; gap: 0.25rem; margin-top: 0.25rem; }

/* Most answers are there before. */
[aria-busy='true'] { opacity: 0.5; transition: opacity 0.1s 0.4s; }

.headline { display: flex; gap: 0.75rem; align-items: baseline; }
.badge {
  flex: none; display: inline-grid; place-items: center; width: 1.5em; height: 1.5em; border-radius: 50%;
  font-size: 0.8em; line-height: 1;
}
.badge.yes { background: var(--good-soft); }
.badge.part { background: var(--warning-soft); }
.badge.no { background: var(--error-soft); }
.asked { margin-top: 0.5rem; }
.asked > summary { font-size: 0.9375rem; }
.lines + p, .answer + p { margin-top: 1rem; }

.cards { display: grid; gap: 1.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
.cards a { font-weight: 600; }
.cards li { border-top: 1px solid var(--line); padding-top: 0.5rem; }
.cards p { color: var(--muted); font-size: 0.9375rem; }
dl.close { margin-top: 0.5rem; font-size: 0.9375rem; }
.group { margin-top: 1.25rem; }
.group > summary { font-size: 1rem; font-weight: 600; color: inherit; margin-bottom: 0.5rem; }
p.notice { margin-top: 1rem; }
.notice pre { padding: 0; }
.notice p + p { margin-top: 0; }
.operation { padding: 1rem 0; border-top: 1px solid var(--line); }
.try { margin-top: 0.5rem; overflow-wrap: anywhere; }
h3.flush { margin-top: 0; }
.lines.first { margin-top: 0; }
.notice + .lines.first { margin-top: 1.25rem; }
.pairs + .quiet { margin-top: 0.75rem; }
.names { display: flex; flex-wrap: wrap; gap: 0.125rem 1rem; }
.names li { overflow-wrap: anywhere; min-width: 0; }

@media (min-width: 40rem) {
  .glossary > div { grid-template-columns: 12rem minmax(0, 1fr); }
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
