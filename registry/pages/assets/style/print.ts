/**
 * On paper: what was asked and answered, without what only a screen can do. Everything is measured in rem, so that a
 * smaller one gives tables the columns that A4 has no room for otherwise; colours are those of the light scheme on
 * white.
 */
export const print = `
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --raised: #ffffff; --text: #000000; --muted: #3c444c; --line: #9aa3ab; --field: #7d8893; --link: #000000;
    --accent: #c2410c; --even: #2f6db3; --odd: #8a4fb0; --good: #1a6b3c; --warning: #7a4f00; --error: #a01f17;
    --good-soft: #ffffff; --warning-soft: #ffffff; --error-soft: #ffffff; --target: #ffffff;
    font-size: 9.5pt;
  }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; }
  .unseen, .site nav, .site-footer, .skip, .question, .asked, .ask .field, .filter, .copy, .no-print, .tabs > input, .tabs > label { display: none; }
  .site { border: 0; padding: 0; }
  .ask { margin-top: 1.5rem; }
  .card { min-height: 0; }
  tr, figure, .notice, .facts > div, .pairs > dd, .picture, .card { break-inside: avoid; }
  h2, h3, caption, summary { break-after: avoid; }
  thead { display: table-header-group; }
  thead th { position: static; white-space: normal; }
  .file, .codes code { white-space: normal; }
  /* Columns are as wide as their longest word, but for addresses and file names. */
  td, th { font-size: 0.9375rem; }
  :is(td, th):not(.long, .digest) { overflow-wrap: break-word; }
  pre { border: 1px solid var(--line); }
  pre.scrolls { max-height: none; }
  .group::details-content { content-visibility: visible; display: block; }
  .picture { overflow: visible; }
  .picture svg { min-width: 0; }
  .matrix tbody td:nth-child(n) { border: 1px solid var(--line); }
  /* What is but a link. */
  .packages :is(th, td):nth-child(7), .matrix-head a { display: none; }
  .packages thead th:nth-child(1) { width: 21%; }
  .packages thead th:nth-child(2) { width: 14%; }
  .packages thead th:nth-child(6) { width: 13%; }
  .matrix .today .tag { background: none; color: inherit; border: 1px solid; }
  a { text-decoration: none; }
}
`;
