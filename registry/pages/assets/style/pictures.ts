/** Pictures, which scroll if they are wider than the screen. */
export const pictures = `
.picture { overflow-x: auto; margin-top: 0.5rem; }
.picture svg { display: block; min-width: 56rem; width: 100%; height: auto; font-family: var(--sans); }
.picture.fits { overflow: visible; max-width: 46rem; }
.picture.fits svg { min-width: 0; }
.picture.fits text { font-size: 11px; }
.picture text { fill: var(--text); font-size: 12px; }
.picture .axis { stroke: var(--field); stroke-width: 1; }
.picture .tick { fill: var(--muted); }
.picture .strong { font-weight: 600; }
.picture .halo { stroke: var(--page); stroke-width: 6; }
.picture .now { stroke: var(--accent); stroke-width: 2; }
.picture .now-label { fill: var(--accent); font-weight: 600; }
.picture .run { stroke-width: 8; stroke-linecap: round; stroke: var(--even); }
.picture .run.odd { stroke: var(--odd); }
.picture .dot { fill: var(--page); stroke: var(--even); stroke-width: 2; }
.picture .dot.odd { stroke: var(--odd); }
.picture .dot.chosen { fill: var(--accent); stroke: var(--accent); }
.picture .absent { fill: var(--field); }
.picture .window { fill: var(--even); }
.picture .window.past { fill: var(--muted); }
.picture .inside { fill: #ffffff; font-weight: 600; }
@media (prefers-color-scheme: dark) { .picture .inside { fill: #14171b; } }
`;
