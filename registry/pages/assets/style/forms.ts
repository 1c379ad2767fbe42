/** Forms, their fields and buttons. */
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
textarea { height: auto; padding: 0.5rem 0.625rem; line-height: 1.5; resize: vertical; display: block; }
input[name='flags'], textarea { font-family: var(--mono); font-size: 0.875rem; }
button { width: auto; padding: 0 1.125rem; font-weight: 600; cursor: pointer; }
.action button { background: var(--button); border-color: var(--button); color: #ffffff; }
.action button:hover { filter: brightness(1.12); }
button:hover { border-color: var(--text); }
.hint { margin-top: 0.25rem; }

@media (min-width: 40rem) {
  .question.pick { grid-template-columns: minmax(0, 1fr) auto; align-items: end; max-width: 46rem; }
  .question.pick > .field, .question.pick > .action { grid-column: auto; padding: 0; }
  .question:not(.pick) { grid-template-columns: 15rem minmax(0, 1fr); }
  .fields { grid-template-columns: 15rem 15rem; }
  .check { grid-column: 1 / -1; }
  .question > .set, .question > .action { grid-column: 1 / -1; }
}
@media (min-width: 75rem) {
  .question:not(.pick) { grid-template-columns: 15rem minmax(0, 1fr) minmax(0, 1fr) auto; }
  .question > .set, .question > .action { grid-column: auto; }
  .question > .action { padding-top: 1.5625rem; }
    .question.long-form:not(.pick) { grid-template-columns: 15rem minmax(0, 1fr) minmax(0, 1fr); }
  .question.long-form > .action { padding-top: 0; }
}
`;
