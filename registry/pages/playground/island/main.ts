/** The playground's script: the resolver on a fetched catalog and fetched sets, asked again as one types. */
import { resolve } from '../../../../resolver/closure/resolve.ts';
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
  const { question, revision } = readQuestion(form);
  writeAddress(question, revision);
  try {
    const view = await registry.view(revision);
    const outcome = view.ok ? await resolve(view.value, question, registry.source(view.value)) : view;
    if (mine !== asked) return;
    const shown = outcome.ok ? answerTree(outcome.value) : refusalTree(outcome.issues, question.requirements);
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
