/** Colours, type and the elements of every page. */
export const base = `
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
  --good: #1a6b3c;
  --warning: #8a5a00;
  --error: #b3261e;
  /* Backgrounds of text in the colour of the same name: yes, in part, no. */
  --good-soft: #e4f4ea;
  --warning-soft: #fdf1d8;
  --error-soft: #fdeae8;
  --target: #fff4d6;
  --even: #2f6db3;
  --odd: #8a4fb0;
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
    --good: #6fcf97;
    --warning: #e9b44c;
    --error: #ff8f85;
    --good-soft: #15301f;
    --warning-soft: #362a10;
    --error-soft: #3b1d1b;
    --target: #3a3216;
    --even: #6ea8e8;
    --odd: #c58be6;
  }
}

*, *::before, *::after { box-sizing: border-box; }
html { text-size-adjust: 100%; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto;
  max-width: 86rem;
  padding: 0 clamp(1rem, 3vw, 2.5rem) 2rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 var(--sans);
  overflow-wrap: break-word;
}
h1 {
  margin: 1.75rem 0 1rem; font-size: clamp(1.5rem, 1.25rem + 1.2vw, 1.75rem); line-height: 1.2;
  letter-spacing: -0.01em; overflow-wrap: anywhere; text-wrap: balance;
}
h2 { margin: 0 0 0.75rem; font-size: 1.25rem; line-height: 1.3; text-wrap: balance; overflow-wrap: anywhere; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1.0625rem; line-height: 1.3; overflow-wrap: anywhere; }
p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
code, pre { font-family: var(--mono); font-size: 0.8125rem; }
code { font-size: 0.9em; }
[hidden] { display: none; }
.long, code { overflow-wrap: anywhere; }
.whole { white-space: nowrap; }
.hint, .detail, .answer-footer { color: var(--muted); font-size: 0.875rem; }
.muted, .lead { color: var(--muted); }
.prose { max-width: 46rem; }
.prose + .prose, .prose p + p { margin-top: 0.75rem; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
.unseen:focus { position: static; width: auto; height: auto; clip-path: none; }

:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus, #_result:focus { outline: none; }
.skip {
  position: absolute; left: 1rem; top: -4rem; z-index: 2; padding: 0.5rem 0.75rem;
  background: var(--page);
}
.skip:focus { top: 0.5rem; }

.site {
  display: flex; align-items: center; gap: 0.5rem 2rem;
  padding: 0.75rem 0; border-bottom: 1px solid var(--line);
}
.site nav { flex: 1; min-width: 0; }
.site ul { display: flex; gap: 0.125rem 1.5rem; }
.site nav a, .site-footer a { display: block; padding: 0.375rem 0; color: inherit; text-decoration: none; white-space: nowrap; }
.site nav a:hover, .site-footer a:hover { text-decoration: underline; }
.site nav a[aria-current] { font-weight: 600; box-shadow: inset 0 -2px var(--accent); }
.brand {
  display: inline-flex; align-items: center; gap: 0.5rem;
  color: inherit; font-size: 1.1875rem; font-weight: 700; letter-spacing: -0.01em; text-decoration: none;
}
.brand:hover span { text-decoration: underline; }
.mark { width: 1.75rem; height: 1.75rem; fill: var(--accent); }
@media (max-width: 39.99rem) {
  .site { gap: 0.75rem; }
  .brand span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .site ul { flex-wrap: wrap; gap: 0 0.25rem; justify-content: space-between; }
  .site nav a { font-size: clamp(0.8125rem, 3.9vw, 0.9375rem); }
  /* Bold takes the room between them. */
  .site nav a[aria-current] { font-weight: 400; }
}

.site-footer {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem 2rem;
  margin-top: 4rem; padding-top: 0.75rem; border-top: 1px solid var(--line);
  color: var(--muted); font-size: 0.875rem;
}
.site-footer ul { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
.site-footer a[aria-current] { color: var(--text); font-weight: 600; }

section { margin-top: 2.25rem; }
.answer-footer { margin-top: 2.5rem; }
/* Yes, in part, no: the only use of these colours. */
.yes { color: var(--good); }
.part { color: var(--warning); }
.no { color: var(--error); }
`;
