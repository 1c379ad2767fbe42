/** The playground's script: the client of this registry, asked again as one types. */
import type { ResolveAnswer } from '../../../../resolver/answer.ts';
import { createClient, RegistryError } from '../../../../resolver/client.ts';
import type { Outcome } from '../../../../resolver/issue.ts';
import type { FormQuestion } from '../../../http/form.ts';
import { readQuestion, writeAddress } from './form.ts';
import { answerTree, refusalTree, remarkBranches } from './trees.ts';

/** After the last key, in milliseconds. */
const PAUSE = 200;

const byId = <Element extends HTMLElement>(id: string) => document.getElementById(id) as Element;
const form = byId<HTMLFormElement>('_question');
const headline = byId('_headline');
const work = byId('_work');
const tree = byId('_tree');

/** What was fetched so far. */
const fetched = { sets: new Set<string>(), packages: new Set<string>() };
const pinwheel = createClient({
  registry: location.origin,
  fetch(url, init) {
    const [, kind, name] = /\/v1\/(sets|packages)\/([^/?]+)/.exec(url) ?? [];
    if (kind) fetched[kind as keyof typeof fetched].add(name!);
    return fetch(url, init);
  },
});
/** The newest revision when the page was opened: typing asks for no other. */
let newest: number | undefined;
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
    work.textContent = `Answered in this browser, from ${fetchedWords()}.`;
    tree.replaceChildren(...remarkBranches(asking.ok ? asking.value.remarks : []), ...shown.branches);
  } catch (error) {
    if (mine !== asked) return;
    if (!(error instanceof RegistryError)) throw error;
    headline.textContent = 'The registry could not be reached';
    headline.classList.add('bad');
    work.textContent = `${error.message} ${error.fix}`;
    tree.replaceChildren();
  }
}

/** The answer of the newest revision when the page was opened, or of the one that is asked for. */
async function answerTo({ question, requirements, revision }: FormQuestion): Promise<Outcome<ResolveAnswer>> {
  const outcome = await pinwheel.safeResolve({ ...question, requirements, revision: revision ?? newest });
  if (outcome.ok && revision === undefined) newest = outcome.value.registry.revision;
  return outcome;
}

function fetchedWords(): string {
  const count = ({ size }: Set<string>, one: string) => `${size} ${one}${size === 1 ? '' : 's'}`;
  const parts = ['the catalog', count(fetched.sets, 'package set')];
  if (fetched.packages.size > 0) parts.push(`the versions of ${count(fetched.packages, 'package')}`);
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** Asks again as one types. */
function start(): void {
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
}

// Elsewhere browsers have no SHA-256, by which documents are verified: the registry answers the form there.
if (isSecureContext) start();
