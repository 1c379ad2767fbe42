/**
 * The script of the matrix, which answers while you type: it loads all rows, of which the page has only some, and fills
 * the answer above them.
 */
import { isPackageFlag } from '../../../../resolver/compatibility/package-set.ts';
import { type Answer, answerOf, type MatrixData, noAnswer, notYetSent } from '../answer.ts';
import {
  asksForMore,
  countText,
  findRows,
  isNamed,
  MOST_FOUND,
  MOST_LISTED,
  similarNames,
} from '../search.ts';

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

/** Null until it is loaded. */
let data: MatrixData | null = null;
/** Whether all packages are shown without a search. */
let all = new URL(location.href).searchParams.get('show') === 'all';
/** Avoids the layout of unchanged text. */
function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Dates are not broken at their hyphens. */
function writeSentence(element: Element, text: string): void {
  if (element.textContent === text) return;
  element.textContent = text;
  element.innerHTML = element.innerHTML.replace(/\d{4}-\d\d-\d\d/g, '<span class="whole">$&</span>');
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

function show({ today, python, columns, rows }: MatrixData): void {
  const query = search.value.trim();
  showAll.hidden = false;
  if (query === '') {
    const listed = rows.filter((row) => row.listed);
    const shown = all ? listed : listed.slice(0, MOST_LISTED);
    put(today, shown, countText(query, shown.length, listed.length));
    showAll.hidden = shown.length === listed.length;
  } else if (asksForMore(query)) {
    // The server compares versions.
    put(notYetSent(query), [], '');
  } else {
    const matching = findRows(rows, query);
    const [best] = matching;
    const names = best ? [] : rows.map(({ name }) => name);
    const answer = best ? answerOf(best, columns, python) : noAnswer(query, similarNames(query, names));
    const shown = matching.slice(0, MOST_FOUND);
    put(answer, shown, countText(query, shown.length, matching.length));
  }
}

let shownRows: string | undefined;
function put(answer: Answer, rows: MatrixData['rows'], said: string): void {
  say(answer);
  write(count, said);
  const html = rows.map((row) => row.html).join('');
  if (html !== shownRows) table.tBodies[0]!.innerHTML = html;
  shownRows = html;
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
  if (data) show(data);
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
  const query = search.value.trim();
  const isName = !isPackageFlag(query) && !asksForMore(query);
  // The registry knows flags, and asks the index for names that no set has, also if others begin like them.
  const [best] = isName && (await ready) ? findRows(data!.rows, query) : [];
  if (!best || !isNamed(best, query)) return (event.target as HTMLFormElement).submit();
  remember();
  const buttons = [...card.querySelectorAll<HTMLElement>('.copy')];
  buttons.find((button) => button.checkVisibility())?.focus();
});
showAll.addEventListener('click', (event) => {
  if (!data || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  all = true;
  search.value = '';
  show(data);
  remember();
  search.focus();
});

async function load(): Promise<boolean> {
  // The page is painted first.
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const response = await fetch(table.dataset.rows!);
  if (!response.ok) return false;
  data = (await response.json()) as MatrixData;
  // The page has the answer to its own search, perhaps from an index.
  if (search.value !== search.defaultValue) show(data);
  table.dataset.whole = '';
  return true;
}

const ready = load().catch(() => false);
