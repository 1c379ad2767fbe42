/** On paper: what was asked and answered, without what only a screen can do. A4 is 49rem wide within its margins. */
export const print = `
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --raised: #ffffff; --text: #000000; --muted: #3c444c; --line: #9aa3ab; --link: #000000;
    --good: #1a6b3c; --warning: #7a4f00; --error: #a01f17;
    --good-soft: #ffffff; --warning-soft: #ffffff; --error-soft: #ffffff;
  }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .site nav, .site-footer, .skip, form:not(:has(h1)), form:has(h1) > :not(h1), .action, .copy, .filter, noscript, .no-print { display: none; }
  .site { border: 0; padding: 0; }
  section, .notice, tr, figure, .facts > div { break-inside: avoid; }
  section:has(table) { break-inside: auto; }
  thead { display: table-header-group; }
  thead th { position: static; }
  h2, h3 { break-after: avoid; }
  pre { border: 1px solid var(--line); }
  .picture { overflow: visible; }
  .picture svg { min-width: 0; }
  a { text-decoration: none; }
}
`;
