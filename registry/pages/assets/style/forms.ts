/** Forms, their fields and buttons. */
const calendar = `url("data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M4 0h2v2h4V0h2v2h4v14H0V2h4zM2 7v7h12V7z"/></svg>',
)}")`;

export const forms = `
.question, .fields { display: grid; gap: 1rem 1.5rem; grid-template-columns: minmax(0, 1fr); }
.question { margin-top: 1.25rem; }
.question > details, .question > .wide { grid-column: 1 / -1; }
summary { width: fit-content; color: var(--link); font-size: 0.875rem; cursor: pointer; }
.fields, .question details > .field { margin-top: 0.75rem; }
label { display: block; font-weight: 600; font-size: 0.875rem; margin-bottom: 0.25rem; }
.check { display: flex; align-items: baseline; gap: 0.5rem; font-weight: 400; margin: 0; }
.check input { flex: none; }
input:not([type='checkbox']), select, button, textarea {
  height: 2.5rem; width: 100%; padding: 0 0.625rem;
  border: 1px solid var(--field); border-radius: 4px;
  background: var(--page); color: var(--text); font: inherit;
}
select { text-overflow: ellipsis; }
textarea { height: auto; padding: 0.5rem 0.625rem; line-height: 1.5; resize: vertical; display: block; }
textarea { font-family: var(--mono); font-size: 0.875rem; }
/* At 14 pixels some fonts lose their underscores in a field of one line. */
input[name='flags'] { font-family: var(--mono); font-size: 0.9375rem; }
button { width: auto; padding: 0 1.125rem; font-weight: 600; cursor: pointer; }
.action button { background: var(--button); border-color: var(--button); color: #ffffff; }
.action button:hover { filter: brightness(1.12); }
button:hover { border-color: var(--text); }
.hint { margin-top: 0.25rem; }
::placeholder { color: var(--muted); opacity: 1; }

/* A text field for a day, with the button of its picker. */
.day { position: relative; display: block; }
.day > input[data-day] { padding-right: 2.5rem; font-variant-numeric: tabular-nums; }
.day > .picker { position: absolute; right: 0; bottom: 0; width: 1px; height: 1px; padding: 0; border: 0; opacity: 0; pointer-events: none; }
.pick-day { position: absolute; top: 0; right: 0; width: 2.5rem; padding: 0; border: 0; background: none; color: var(--muted); }
.pick-day:hover { color: var(--text); }
.pick-day::before {
  content: ''; display: block; width: 1rem; height: 1rem; margin: auto; background: currentcolor;
  mask: ${calendar} center / contain no-repeat;
}

/* The form of the upgrade view: two files side by side, then the two dates. */
.row { display: grid; gap: 1rem 1.5rem; }
.folder { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; color: var(--muted); font-size: 0.9375rem; }
.project.over { outline: 3px dashed var(--link); outline-offset: 0.5rem; }
.slide input[type='range'] { display: block; height: 2rem; padding: 0; border: 0; background: none; accent-color: var(--button); }

/* Controls of the script take their space before it has loaded. */
.scripted { visibility: hidden; }
@media (scripting: none) { .scripted { display: none; } }

@media (min-width: 40rem) {
  .question.pick { grid-template-columns: minmax(0, 1fr) auto; align-items: end; max-width: 46rem; }
  .question.pick > .field, .question.pick > .action { grid-column: auto; padding: 0; }
  .question:not(.pick, .project) { grid-template-columns: 15rem minmax(0, 1fr); }
  .question.project { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .row { grid-template-columns: 13rem minmax(0, 1fr) 13rem; }
  .fields { grid-template-columns: 15rem 15rem; }
  .check { grid-column: 1 / -1; }
  .question > .set, .question > .action { grid-column: 1 / -1; }
}
@media (min-width: 75rem) {
  .question:not(.pick, .project) { grid-template-columns: 15rem minmax(0, 1fr) minmax(0, 1fr) auto; }
  .question > .set, .question > .action { grid-column: auto; }
  .question > .action { padding-top: 1.5625rem; }
  .question.long-form:not(.pick) { grid-template-columns: 15rem minmax(0, 1fr) minmax(0, 1fr); }
  .question.long-form > .action { padding-top: 0; }
}
`;
