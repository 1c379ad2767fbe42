/**
 * The bar of a package's versions by compatibility date. Segments are as wide as their text, take what remains of a
 * line in proportion to their days, and go on in another line if they do not fit.
 */

/** The parts of a bar that segments are measured in. */
export const SHARES = 12;

const shares = Array.from({ length: SHARES }, (_, at) => `.share-${at + 1} { flex-grow: ${at + 1}; }`);

export const dateBar = `
.dates-bar {
  display: flex; flex-wrap: wrap; gap: 0.5rem 2px; align-items: end; margin-top: 1rem; list-style: none;
  font-size: 0.8125rem; font-variant-numeric: tabular-nums;
}
.dates-bar li { display: grid; min-width: 0; }
.dates-bar a {
  padding: 0.5rem; border: 1px solid; border-radius: 4px; font-weight: 600; text-decoration: none;
  overflow-wrap: anywhere;
}
.dates-bar .yes { background: var(--good-soft); }
.dates-bar .part { background: var(--warning-soft); }
.dates-bar .no { background: var(--raised); border-color: var(--field); color: var(--muted); font-weight: 400; }
.dates-bar a:hover { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.dates-bar .tick { min-height: 1.5em; padding-right: 0.5rem; color: var(--muted); }
.dates-bar .now { font-weight: 600; font-size: 0.75rem; justify-self: center; }
.dates-bar .now.ends { justify-self: end; padding-right: 0.25rem; border-right: 2px solid; }
${shares.join('\n')}
`;
