/**
 * The script of the matrix, which answers while you type. It moves rows of the page, and fills the answer above them
 * from their attributes.
 */
import { isPackageFlag } from '../../../../resolver/compatibility/package-set.ts';
import { type Answer, answerOf, type ColumnFacts, noAnswer, notYetSent, type RowFacts } from '../answer.ts';
import {
  asksForMore,
  countText,
  findRows,
  isNamed,
  MOST_FOUND,
  MOST_LISTED,
  rankOf,
  type Searched,
  similarNames,
  wantedName,
} from '../search.ts';

interface Row extends Searched {
  element: HTMLTableRowElement;
}

const byId = <Element extends HTMLElement>(id: string) => document.getElementById(id) as Element;
const search = byId<HTMLTextAreaElement>('_search');
const card = byId('_card');
const link = byId('_link');
const verdict = byId('_verdict');
const how = byId('_how');
const findings = byId('_findings');
const count = byId('_count');
const showAll = byId('_all');
const table = byId<HTMLTableElement>('_matrix');
const body = table.tBodies[0]!;
const columns = [...table.tHead!.rows[0]!.cells].slice(1);
const python = card.dataset.python!;
const total = Number(count.dataset.all);

let rows: Row[] = [];
let listed: Row[] = [];
/** Whether all rows are loaded: the page has only the visible ones. */
let whole = false;
/** Whether all packages are shown without a search. */
let all = new URL(location.href).searchParams.get('show') === 'all';
/** Whether a text other than that of the page was typed: that of the page has its answer, perhaps from an index. */
let isTyped = search.value !== search.defaultValue;
/** Whether the best match is exact, which rows that are not loaded yet cannot change. */
let isExact = false;
/** Whether the best match is what was searched for, and does not only begin like it. */
let isFound = false;

function take(elements: Iterable<HTMLTableRowElement>): void {
  // A package and a module may have the same name, and not the same address.
  const shown = new Map(rows.map(({ element }) => [addressOf(element), element]));
  rows = Array.from(elements, (element) => {
    const { q = '', is, more } = element.dataset;
    return {
      element: shown.get(addressOf(element)) ?? element,
      names: q,
      listed: more === undefined,
      absent: (more === 'module' || more === 'dotted') && is === 'no',
      dotted: more === 'dotted',
      known: more === 'known',
    };
  });
  listed = rows.filter((row) => row.listed);
}

function addressOf(row: HTMLTableRowElement): string {
  return row.querySelector('a')!.getAttribute('href')!;
}

/** Replaces the visible rows, and does not touch those that remain. */
function put(shown: readonly Row[]): void {
  const kept = new Set(shown.map(({ element }) => element));
  for (const element of [...body.rows]) if (!kept.has(element)) element.remove();
  let at = body.firstElementChild;
  for (const { element } of shown) {
    if (element === at) at = at.nextElementSibling;
    else body.insertBefore(element, at);
  }
}

/** Avoids the layout of unchanged text. */
function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Dates are not broken at their hyphens. */
function writeSentence(element: Element, text: string): void {
  if (element.textContent === text) return;
  const parts = text.split(/(\d{4}-\d\d-\d\d)/).map((part, at) => {
    if (at % 2 === 0) return part;
    const date = document.createElement('span');
    date.className = 'whole';
    date.textContent = part;
    return date;
  });
  element.replaceChildren(...parts);
}

let asking: ReturnType<typeof setTimeout>;
/** The known vulnerabilities of a package, from the page of a search for it, once nothing is typed. */
function showFindings(name: string | null): void {
  clearTimeout(asking);
  findings.replaceChildren();
  if (name === null) return;
  asking = setTimeout(async () => {
    const address = new URL(location.href);
    address.searchParams.set('q', name);
    address.searchParams.delete('show');
    const text = await fetch(address).then(
      (response) => response.text(),
      () => '',
    );
    const page = new DOMParser().parseFromString(text, 'text/html');
    // Another name may have been typed since.
    if (link.textContent === name)
      findings.replaceChildren(...(page.getElementById('_findings')?.childNodes ?? []));
  }, 400);
}

function say({ is, title, href, verdict: text, lines, vendor }: Answer): void {
  card.dataset.is = is;
  if (link.textContent !== title) showFindings(vendor ? title : null);
  writeSentence(link, title);
  lead(link, href);
  writeSentence(verdict, text);
  lead(how, vendor);
  how.parentElement!.hidden = vendor === undefined;
  for (const [id, text] of [
    ['_wrangler', lines.toml],
    ['_wrangler_jsonc', lines.jsonc],
    ['_more', lines.more],
  ] as const) {
    const caption = byId(id);
    caption.closest('div')!.hidden = text === undefined;
    write(caption.parentElement!.querySelector('pre')!, text ?? '');
  }
}

function lead(to: HTMLElement, href: string | undefined): void {
  if (href) to.setAttribute('href', href);
  else to.removeAttribute('href');
}

function answerOfRow({ element }: Row): Answer {
  const { v = '', is, at, flag = null, pure, more } = element.dataset;
  const name = element.querySelector('a')!;
  const facts = {
    ...{ name: name.textContent!, href: addressOf(element), verdict: v, flag },
    ...{ is: is as RowFacts['is'], module: more !== undefined && more !== 'other', pure: pure !== undefined },
  };
  return answerOf(facts, at === undefined ? undefined : columnOf(columns[Number(at)]!), python);
}

function columnOf({ dataset }: HTMLElement): ColumnFacts {
  return dataset as unknown as ColumnFacts;
}

function todayAnswer(): Answer {
  const { toml, jsonc } = columnOf(columns.find(({ className }) => className === 'today')!);
  const { title = '', verdict: text = '' } = card.dataset;
  return { is: 'today', title, verdict: text, lines: { toml, jsonc } };
}

function show(): void {
  const query = search.value.trim();
  if (asksForMore(query)) {
    showVersions(query);
    return;
  }
  const matching = query === '' ? listed : findRows(rows, query);
  const shown = matching.slice(0, query !== '' ? MOST_FOUND : all ? total : MOST_LISTED);
  const [best] = matching;
  isExact = query !== '' && best !== undefined && isExactly(best, wantedName(query));
  isFound = query !== '' && best !== undefined && isNamed(best, query);
  if (query === '') say(todayAnswer());
  else if (best && (isTyped || isFound)) say(answerOfRow(best));
  else if (whole && isTyped) {
    const names = rows.map(({ element }) => element.querySelector('a')!.textContent!);
    say(noAnswer(query, similarNames(query, names)));
  }
  if (query === '' || best || whole) {
    write(count, countText(query, shown.length, query === '' ? total : matching.length));
  }
  showAll.hidden = query === '' && shown.length >= total;
  put(shown);
}

/** The server compares versions: its answer stays, and a question for another one is sent to it. */
function showVersions(query: string): void {
  isExact = false;
  if (search.value === search.defaultValue) return;
  say(notYetSent(query));
  write(count, '');
  put([]);
}

function isExactly({ names, absent }: Row, wanted: string): boolean {
  return !absent && rankOf(names, wanted) === 0;
}

/** Keeps the addresses in step with the page, so that they can be shared. */
function remember(): void {
  const query = search.value.trim();
  const address = new URL(location.href);
  const permanent = document.querySelector<HTMLAnchorElement>('.answer-footer a')!;
  const lasting = new URL(permanent.href);
  for (const { searchParams } of [address, lasting]) {
    if (query === '') searchParams.delete('q');
    else searchParams.set('q', query);
  }
  permanent.href = lasting.href;
  if (all) address.searchParams.set('show', 'all');
  else address.searchParams.delete('show');
  if (address.href !== location.href) history.replaceState(null, '', address);
}

let later: ReturnType<typeof setTimeout>;
search.addEventListener('input', () => {
  isTyped = true;
  show();
  clearTimeout(later);
  later = setTimeout(remember, 400);
});
search.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && search.value !== '') {
    search.value = '';
    search.dispatchEvent(new Event('input'));
  }
});
search.form!.addEventListener('submit', async (event) => {
  event.preventDefault();
  const isSet = isPackageFlag(search.value.trim());
  // The registry knows flags, and asks the index for names that no set has.
  const known = isExact || (!isSet && !asksForMore(search.value) && (await ready) && isFound);
  if (!known) return (event.target as HTMLFormElement).submit();
  remember();
  const buttons = [...card.querySelectorAll<HTMLElement>('.copy')];
  buttons.find((button) => button.checkVisibility())?.focus();
});
showAll.addEventListener('click', (event) => {
  if (!whole || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  all = true;
  search.value = '';
  show();
  remember();
  search.focus();
});

async function loadAll(): Promise<boolean> {
  // The page is painted first.
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const response = await fetch(table.dataset.rows!);
  if (!response.ok) return false;
  const template = document.createElement('template');
  template.innerHTML = `<table><tbody>${await response.text()}</tbody></table>`;
  take(template.content.querySelectorAll('tr'));
  whole = true;
  if (search.value !== '' || body.rows.length < Math.min(total, MOST_LISTED)) show();
  table.dataset.whole = '';
  return true;
}

take(body.rows);
// Something was typed before the script was loaded.
if (search.value !== search.defaultValue) show();
const ready = loadAll().catch(() => false);
