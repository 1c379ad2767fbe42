/** The playground's script: the resolver on a fetched catalog and fetched sets, asked again as one types. */

import type { ResolveAnswer } from '../../../../resolver/answer.ts';
import { resolve } from '../../../../resolver/closure/resolve.ts';
import type { Outcome } from '../../../../resolver/issue.ts';
import type { FormQuestion } from '../../../http/form.ts';
import { readQuestion, writeAddress } from './form.ts';
import { openRegistry, Unreachable } from './registry.ts';
import { answerTree, refusalTree } from './trees.ts';

/** After the last key, in milliseconds. */
const PAUSE = 200;

const byId = <Element extends HTMLElement>(id: string) => document.getElementById(id) as Element;
const form = byId<HTMLFormElement>('_question');
const headline = byId('_headline');
const work = byId('_work');
const tree = byId('_tree');

const registry = openRegistry();
let asked = 0;

/** Answers the form as it stands; an answer that comes after the next question was asked is dropped. */
async function answer(): Promise<void> {
  const mine = ++asked;
  const asking = readQuestion(form);
  if (asking.ok) writeAddress(asking.value);
  try {
    const outcome = asking.ok ? await answerTo(asking.value) : asking;
    if (mine !== asked) return;
    const shown = outcome.ok
      ? answerTree(outcome.value)
      : refusalTree(outcome.issues, asking.ok ? asking.value.requirements : []);
    headline.textContent = shown.headline;
    headline.classList.toggle('bad', !outcome.ok);
    work.textContent = `Answered in this browser, from ${registry.fetched()}.`;
    tree.replaceChildren(...shown.branches);
  } catch (error) {
    if (mine !== asked) return;
    if (!(error instanceof Unreachable)) throw error;
    headline.textContent = 'The registry could not be reached';
    headline.classList.add('bad');
    work.textContent = error.message;
    tree.replaceChildren();
  }
}

/** The answer, with what is to be said of the pasted requirements. */
async function answerTo({
  question,
  requirements,
  revision,
  remarks,
}: FormQuestion): Promise<Outcome<ResolveAnswer>> {
  const view = await registry.view(revision);
  if (!view.ok) return view;
  const outcome = await resolve(view.value, { ...question, requirements }, registry.source(view.value));
  if (!outcome.ok) return outcome;
  return { ok: true, value: { ...outcome.value, diagnostics: [...remarks, ...outcome.value.diagnostics] } };
}

let timer: ReturnType<typeof setTimeout> | undefined;
form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(answer, PAUSE);
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(timer);
  void answer();
});
byId('_result').hidden = false;
void answer();
