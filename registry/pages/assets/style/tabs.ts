/** Tabs made of radio buttons: only the figure of the checked one is shown. */
const MOST_TABS = 4;
const numbers = Array.from({ length: MOST_TABS }, (_, at) => at + 1);
const shown = numbers.map((n) => `.tabs > input:nth-of-type(${n}):checked ~ figure:nth-of-type(${n})`);

export const tabs = `
.tabs { display: flex; flex-wrap: wrap; gap: 0 0.25rem; margin: 0; padding: 0; border: 0; min-width: 0; }
.tabs > legend { padding: 0.25rem 0; color: var(--muted); font-size: 0.875rem; }
.tabs > input { position: absolute; width: 1px; height: 1px; margin: 0; opacity: 0; }
.tabs > label {
  padding: 0.25rem 0.75rem; border-bottom: 2px solid var(--line); color: var(--muted);
  font-size: 0.875rem; cursor: pointer;
}
.tabs > label:hover { color: var(--text); }
.tabs > input:checked + label { border-color: var(--accent); color: var(--text); font-weight: 600; }
.tabs > input:focus-visible + label { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.tabs > figure { width: 100%; margin-top: 0.25rem; }
.tabs > figure:not(${shown.join(', ')}) { display: none; }
@media print {
  .tabs > figure:not(#_) { display: flex; }
}
`;
