/** The script of a move: runs the registry's resolver and renders its pages in the browser while you type. */
import { createClient, RegistryError } from '../../../../resolver/client.ts';
import { addDays, dayNumber, isCalendarDay } from '../../../../resolver/compatibility/date.ts';
import { type Issue, moduleReader, type Outcome, ResolveError } from '../../../../resolver/index.ts';
import { NOTHING } from '../../../../resolver/python/project.ts';
import type { UpgradeAnswer, UpgradeQuestion } from '../../../../resolver/time/upgrade.ts';
import { boxOf, isCode, readBoxForm } from '../../../http/box.ts';
import type { FormQuestion } from '../../../http/form.ts';
import { questionPath } from '../../components/addresses.ts';
import { answerUpgrade, boundsOf, moveOf, readSides, type Sides, type Upgrade } from '../move.ts';
import { MoveAnswer, RefusedMove } from '../move-answer.tsx';
import { headlineOf } from '../move-words.ts';
import { namesText, type UnknownPackage } from '../words.ts';
import { entriesOf, type Items } from './entries.ts';
import { type Project, readProject } from './project.ts';

/** The wait after the last key, in milliseconds. */
const PAUSE = 150;

/** The longest query of the registry’s search. */
const LONGEST_QUERY = 100;
/** More words than this are looked up without a search for each: that would be too many requests. */
const MOST_SEARCHED = 20;

const byId = <Element extends HTMLElement>(id: string) => document.getElementById(id) as Element;
const form = byId<HTMLFormElement>('_question');
const result = byId('_result');
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;

/** The names of flags, as the form offers them. */
const flags = new Set(Array.from(field('flags').list!.options, ({ value }) => value));
const pinwheel = createClient({
  registry: location.origin,
  async fetch(url, init) {
    const [, name] = /\/v1\/packages\/([^/?]+)$/.exec(url) ?? [];
    if (name === undefined) return fetch(url, init);
    const versions = versionsAt.get(url) ?? askForVersions(decodeURIComponent(name), url, init);
    versionsAt.set(url, versions);
    const reply = await versions.catch(() => null);
    // The registry may be reachable again later.
    if (!reply?.ok && reply?.status !== 404) versionsAt.delete(url);
    return (reply ?? (await versions)).clone();
  },
});
/** The versions of names, each asked for once. */
const versionsAt = new Map<string, Promise<Response>>();
const source = {
  ...pinwheel.source,
  readModules: async (pyodide: string) => {
    const library = await pinwheel.source.standardLibrary();
    return library && moduleReader(library.measured)(pyodide);
  },
};

/** The newest revision when the page was opened; it stays the same while you type. */
let newest: number | undefined;
let project: Project | null = null;
/** The last answer over all dates, with its question: moving the slider needs no other. */
let known: { key: string; answer: UpgradeAnswer } | null = null;
let asked = 0;

/** Answers the form. Drops the answer if there is a newer question by then. */
async function answer(): Promise<void> {
  const mine = ++asked;
  const today = new Date().toISOString().slice(0, 10);
  const text = field('q').value;
  const read = readBoxForm(new FormData(form), { flags, scan: () => NOTHING }, today);
  const { outcome } = read;
  const { sides, issues } = readSides(read.form, read, today);
  if (!outcome.ok || issues.length > 0) return refuse([...(outcome.ok ? [] : outcome.issues), ...issues]);
  // Until then, the page shows the answer to another question.
  result.ariaBusy = 'true';
  if (sides.from !== field('date').value) field('date').value = sides.from;
  if (sides.to !== field('to').value) field('to').value = sides.to;
  const was = document.querySelector<HTMLInputElement>('#_requirements [name=was]');
  if (was?.value === text) was.value = field('q').value = boxOf(outcome.value.requirements);
  field('flags').value = outcome.value.question.compatibility_flags.join(' ');
  try {
    const upgrade = await upgradeOf(outcome.value, sides);
    if (mine !== asked) return;
    const others = upgrade.ok && !project ? otherNames(upgrade.value) : [];
    if (others.length > 0) sayNotAsked(others);
    else if (upgrade.ok) {
      const unmet = upgrade.value.unmet.map((issue) => withTold(issue, sides.to));
      show({ ...upgrade.value, unmet }, /^\s*[{/]/.test(text) ? 'json' : 'toml');
    } else refuse(upgrade.issues);
  } catch (error) {
    if (mine !== asked) return;
    if (!(error instanceof RegistryError)) throw error;
    result.ariaBusy = 'false';
    result.textContent = `${error.message} ${error.fix}`;
  }
}

/** The registry's answers about names that no set has: only the registry asks an index, for the day of this page. */
const told = new Map(JSON.parse(result.dataset.unmet ?? '[]') as [string, UnknownPackage['beyond']][]);
const toldOf = field('to').value;

function withTold({ package: name, ...issue }: UnknownPackage, to: string): UnknownPackage {
  const said = told.get(name);
  const text = 'Press Answer: the registry asks its index what it has for this date.';
  const beyond = said && to !== toldOf ? ({ is: 'not_known', text } as const) : said;
  return { ...issue, package: name, ...(beyond && { beyond }) };
}

/** Names that no set has, and that may be those of modules or flags: only the registry knows these. */
function otherNames({ unmet, at: { issues } }: Upgrade): string[] {
  const unknown = [...unmet, ...issues].flatMap((issue) => {
    if (issue.code !== 'unknown_package' || issue.available !== null) return [];
    const [name = ''] = issue.requirement.split(/[^\w.-]/, 1);
    return name === '' || name.includes('-') || told.has(issue.package) ? [] : name;
  });
  return [...new Set(unknown)];
}

function sayNotAsked(names: readonly string[]): void {
  render(
    <p class="notice" role="status">
      No package set has {namesText(names)}. Press Answer: the registry also knows the names of modules and
      flags.
    </p>,
  );
}

async function upgradeOf(asking: FormQuestion, sides: Sides): Promise<Outcome<Upgrade>> {
  const view = await pinwheel.source.view(asking.revision ?? newest);
  if (!view.ok) return view;
  if (asking.revision === undefined) newest = view.value.stamp.revision;
  const { question, requirements, revision } = asking;
  const key = JSON.stringify([question, requirements, revision, sides.from]);
  const judge = project ? judgeOf(project, asking) : undefined;
  const outcome = await answerUpgrade(view.value, asking, sides, source, {
    ...(judge && { judge }),
    known: known?.key === key ? known.answer : null,
  });
  if (outcome.ok) known = { key, answer: outcome.value.answer };
  return outcome;
}

/** Loads the check: browsers load a module once. */
function loadCheck(): Promise<typeof import('../../../../resolver/pinwheel/check.ts')> {
  return import(result.dataset.check!);
}

/** The findings of the library's check in the files, without those about requirements, which the closure has. */
function judgeOf(
  { files, main }: Project,
  { question, requirements }: FormQuestion,
): UpgradeQuestion['judge'] {
  return async (compatibility_date) => {
    const [{ check }, view] = await Promise.all([loadCheck(), pinwheel.source.view(newest)]);
    if (!view.ok) throw new ResolveError(view.issues);
    const asked = { ...question, compatibility_date, requirements, files, main };
    const checked = await check(view.value, asked, source);
    if (!checked.ok) throw new ResolveError(checked.issues);
    return checked.value.findings.filter(({ path }) => path !== 'requirements');
  };
}

function show(upgrade: Upgrade, kind: 'toml' | 'json'): void {
  render(<MoveAnswer upgrade={upgrade} origin={result.dataset.origin!} kind={kind} />);
  // Screen readers announce what changes in an element, not an element that is new.
  byId('_said').textContent = headlineOf(upgrade.answer, upgrade.sides, upgrade.unmet).text;
  history.replaceState(null, '', questionPath(moveOf(upgrade)));
  Object.assign(result.dataset, boundsOf(upgrade));
  slide();
}

function refuse(issues: readonly Issue[]): void {
  render(<RefusedMove issues={issues} />);
}

/** The components escape all text, as they do in the registry. */
function render(content: unknown): void {
  const opened = [...result.querySelectorAll('details[open]')].filter((panel) => !openByItself.has(panel));
  const summaries = new Set(opened.map(summaryOf));
  result.ariaBusy = 'false';
  result.innerHTML = String(content);
  rememberOpen();
  for (const details of result.querySelectorAll('details')) {
    if (summaries.has(summaryOf(details))) details.open = true;
  }
  document.dispatchEvent(new Event('rendered'));
}

/** Details that the page opens. Only those that the user opens stay open. */
const openByItself = new WeakSet<Element>();

function rememberOpen(): void {
  for (const details of result.querySelectorAll('details[open]')) openByItself.add(details);
}

function summaryOf(details: Element): string | null {
  return details.querySelector('summary')!.textContent;
}

/** Moves the slider to the form’s date. */
function slide(): void {
  const { first, last } = result.dataset;
  const slider = byId<HTMLInputElement>('_slider');
  const to = field('to').value;
  if (!first || !last || !isCalendarDay(to)) return;
  slider.min = String(dayNumber(first));
  slider.max = String(dayNumber(last));
  slider.value = String(dayNumber(to));
  slider.setAttribute('aria-valuetext', to);
}

/** Checks a project, which the script of all pages was given. */
export async function take(_: HTMLFormElement, given: FileList | Items): Promise<void> {
  if (!isSecureContext) return;
  const said = byId('_folder').querySelector('span')!;
  const read = await readProject(await entriesOf(given));
  if (typeof read === 'string') {
    said.textContent = read;
    return;
  }
  project = read;
  known = null;
  document.getElementById('_requirements')?.remove();
  const lines = [...read.pinned.map(({ flag }) => flag), ...read.listed.flatMap((file) => file.lines)];
  field('q').value = [read.wrangler, ...lines].join('\n').trim();
  const left =
    read.elsewhere.length > 0
      ? ` Only pinwheel check reads where ${read.elsewhere.join(', ')} comes from.`
      : '';
  said.textContent = `Checked ${read.count} Python ${read.count === 1 ? 'file' : 'files'} in this browser; nothing was uploaded.${left}`;
  await answer();
}

function start(): void {
  const slider = byId<HTMLInputElement>('_slider');
  slider.addEventListener('input', () => {
    field('to').value = addDays('1970-01-01', Number(slider.value) - dayNumber('1970-01-01'));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  form.addEventListener('input', ({ target }) => {
    clearTimeout(timer);
    if (isCode(field('q').value)) return;
    // The text in the box replaces them.
    if ((target as HTMLElement).id === '_search') document.getElementById('_requirements')?.remove();
    timer = setTimeout(answer, (target as HTMLElement).id === '_slider' ? 0 : PAUSE);
  });
  form.addEventListener('submit', (event) => {
    // Only the registry reads code, and knows which packages have the modules that were typed.
    const typed = form.querySelectorAll<HTMLInputElement>('#_requirements input, #_search');
    const isTyped = [...typed].some(({ value, defaultValue }) => value !== defaultValue);
    const isAsked = [...told.values()].some((beyond) => beyond) && field('to').value !== toldOf;
    if (isCode(field('q').value) || ((isTyped || isAsked) && project === null)) return;
    event.preventDefault();
    clearTimeout(timer);
    const { submitter } = event;
    if (submitter?.getAttribute('name') === 'without') submitter.parentElement!.remove();
    void answer();
  });
  // Links to other dates do not load a page; other links do.
  result.addEventListener('click', (event) => {
    const to = (event.target as HTMLElement).closest<HTMLElement>('[data-to]')?.dataset.to;
    if (to === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    field('to').value = to;
    void answer().then(() => result.querySelector<HTMLElement>(`[data-to="${to}"]`)?.focus());
  });
  // The registry has rendered the first answer.
  rememberOpen();
  slide();
}

/**
 * Asks only if the registry has a package with this canonical name, which the search would return first: for others it
 * answers 404, which browsers would report as an error while you type.
 */
async function askForVersions(name: string, url: string, init: RequestInit): Promise<Response> {
  if (field('q').value.trim().split(/\s+/).length > MOST_SEARCHED) return fetch(url, init);
  const query = new URLSearchParams({ query: name.slice(0, LONGEST_QUERY), limit: '1' });
  const found = await fetch(`/v1/packages?${query}`);
  // The request for the versions reports the error.
  if (!found.ok) return fetch(url, init);
  const { packages } = (await found.json()) as { packages: { name: string }[] };
  return packages[0]?.name === name ? fetch(url, init) : new Response(null, { status: 404 });
}

const scripted = document.querySelectorAll('.scripted');
if (isSecureContext) {
  start();
  for (const element of scripted) element.classList.remove('scripted');
} else {
  // Browsers have no SHA-256 here, so documents cannot be verified: the registry answers the form.
  for (const element of scripted) element.remove();
}
