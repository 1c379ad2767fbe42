/**
 * The script of the matrix, which answers while you type. It moves rows of the page and fills the answer above them
 * from their attributes. It finds the same as the server does for `?q=`.
 */
import { didYouMean, editDistance } from '../../../resolver/text/nearest.ts';
import { FROM_INDEX, TO_VENDOR, testsText } from './captions.ts';
import { BEST_OF_ABSENT, MOST_FOUND, MOST_LISTED, WORST_OF_LISTED, WORST_OF_OTHERS } from './rows.ts';
import { isTestsOf, rankOf, wantedName } from './search.ts';

export const matrixScript = `
const wantedName = ${wantedName};
const rankOf = ${rankOf};
const isTestsOf = ${isTestsOf};
const testsText = ${testsText};
const editDistance = ${editDistance};
const didYouMean = ${didYouMean};
const byId = (id) => document.getElementById(id);
const search = byId('_search');
const card = byId('_card');
const count = byId('_count');
const showAll = byId('_all');
const table = byId('_matrix');
const body = table.tBodies[0];
const columns = Array.from(table.tHead.rows[0].cells).slice(1);
const total = Number(count.dataset.all);
let rows = [];
let listed = [];
/** Whether all rows are loaded: the page has only the visible ones. */
let whole = false;

function take(elements) {
  const known = new Map(rows.map(({ row, names }) => [names, row]));
  rows = Array.from(elements, (row) => ({
    row: known.get(row.dataset.q) ?? row,
    names: row.dataset.q,
    best: row.dataset.more === 'module' && row.dataset.is === 'no' ? ${BEST_OF_ABSENT} : 0,
    worst: row.dataset.more === undefined ? ${WORST_OF_LISTED} : ${WORST_OF_OTHERS},
    rank: 0,
  }));
  listed = rows.filter(({ row }) => row.dataset.more === undefined).map(({ row }) => row);
}

/** Replaces the visible rows, and does not touch those that remain. */
function put(shown) {
  const kept = new Set(shown);
  for (const row of Array.from(body.rows)) if (!kept.has(row)) row.remove();
  let at = body.firstElementChild;
  for (const row of shown) {
    if (row === at) at = at.nextElementSibling;
    else body.insertBefore(row, at);
  }
}

const link = byId('_link');
const verdict = byId('_verdict');
const places = Object.fromEntries(['toml', 'jsonc', 'more'].map((name) => {
  const figure = byId('_' + name).parentElement;
  return [name, { figure, pre: figure.querySelector('pre'), caption: byId('_' + name) }];
}));
let all = new URL(location.href).searchParams.get('show') === 'all';

/** Avoids the layout of unchanged text. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Dates are not broken at their hyphens. */
function writeSentence(element, text) {
  if (element.textContent === text) return;
  const parts = text.split(/([0-9]{4}-[0-9]{2}-[0-9]{2})/).map((part, at) => {
    if (at % 2 === 0) return part;
    const date = document.createElement('span');
    date.className = 'whole';
    date.textContent = part;
    return date;
  });
  element.replaceChildren(...parts);
}

function say({ is, title, href, text, lines, caption = '${TO_VENDOR}' }) {
  card.dataset.is = is;
  writeSentence(link, title);
  if (href) link.setAttribute('href', href); else link.removeAttribute('href');
  writeSentence(verdict, text);
  write(places.more.caption, caption);
  byId('_wrangler').hidden = lines.toml === undefined;
  for (const [name, { figure, pre }] of Object.entries(places)) {
    figure.hidden = lines[name] === undefined;
    write(pre, lines[name] ?? '');
  }
}

function answerOf(row) {
  const { is, v, at, flag, pure, more } = row.dataset;
  const name = row.querySelector('a');
  const column = at === undefined ? undefined : columns[at].dataset;
  const lines = column ? { toml: column.toml, jsonc: column.jsonc } : {};
  let caption = '${TO_VENDOR}';
  if (more !== 'module' && is === 'no' && pure !== undefined) {
    lines.more = card.dataset.pip + name.textContent;
    caption = '${FROM_INDEX}';
  } else if (more !== 'module' && column) {
    lines.more = 'pinwheel vendor ' + name.textContent + ' --date ' + column.date + ' --flag ' + (flag || column.set);
  }
  return { is, title: name.textContent, href: name.getAttribute('href'), text: v, lines, caption };
}

function testsOf(row) {
  const link = row.querySelector('a');
  const name = link.textContent;
  const known = row.dataset.tests !== undefined;
  const href = link.getAttribute('href') + (known ? '-tests' : '');
  return { is: 'tests', title: name + '-tests', href, text: testsText(name, known), lines: {} };
}

function nothingOf(query, wanted) {
  const bound = Math.min(4, Math.floor(wanted.length / 3));
  const near = rows
    .map(({ names }) => names.split(' ')[0])
    .map((name) => ({ name, edits: editDistance(wanted, name, bound) }))
    .filter(({ edits }) => edits <= bound)
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
  const meant = didYouMean(near);
  const isName = /^[A-Z0-9]([A-Z0-9._-]*[A-Z0-9])?$/i.test(query);
  return {
    is: 'no',
    title: 'No package set has ' + query,
    href: null,
    text: (meant ? meant + ' ' : '') + 'If it is pure Python, an index such as PyPI may have it.',
    lines: isName ? { more: card.dataset.pip + query } : {},
    caption: '${FROM_INDEX}',
  };
}

/** Whether the answer is an exact match, which rows that are not loaded yet cannot change. */
let isExact = false;

function show() {
  isExact = false;
  const query = search.value.trim();
  const wanted = wantedName(query);
  let shown;
  if (query === '') {
    shown = all ? listed : listed.slice(0, ${MOST_LISTED});
    const { title, verdict: text } = card.dataset;
    const { toml, jsonc } = columns.find((one) => one.className === 'today').dataset;
    say({ is: 'today', title, href: null, text, lines: { toml, jsonc } });
    count.textContent = shown.length < total
      ? shown.length + ' of ' + total + ' packages: those that most others need'
      : total + ' packages';
  } else {
    const tested = rows.find(({ row, names }) => isTestsOf(names, wanted) && row.dataset.more === undefined);
    const found = tested ? [tested] : [];
    if (wanted !== '' && !tested) {
      for (const one of rows) {
        one.rank = Math.max(rankOf(one.names, wanted), one.best);
        if (one.rank <= one.worst) found.push(one);
      }
    }
    found.sort((a, b) => a.rank - b.rank);
    isExact = tested !== undefined || (found.length > 0 && found[0].rank === 0);
    shown = found.slice(0, ${MOST_FOUND}).map(({ row }) => row);
    if (tested) say(testsOf(shown[0]));
    else if (found.length > 0) say(answerOf(shown[0]));
    else if (whole) say(nothingOf(query, wanted));
    const of = shown.length < found.length ? shown.length + ' of ' : '';
    if (whole || found.length > 0) count.textContent = found.length === 0 ? 'Nothing found' : of + found.length + ' found';
  }
  showAll.hidden = query === '' && shown.length >= total;
  put(shown);
}

let later;
search.addEventListener('input', () => {
  show();
  clearTimeout(later);
  later = setTimeout(remember, 400);
});

/** Keeps the address in step with the page, so that it can be shared. */
function remember() {
  const query = search.value.trim();
  const address = new URL(location.href);
  if (query === '') address.searchParams.delete('q'); else address.searchParams.set('q', query);
  if (all) address.searchParams.set('show', 'all'); else address.searchParams.delete('show');
  if (address.href !== location.href) history.replaceState(null, '', address);
}

byId('_ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (!isExact && !(await ready)) return event.target.submit();
  remember();
  Array.from(card.querySelectorAll('.copy')).find((one) => one.checkVisibility())?.focus();
});
search.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && search.value !== '') {
    search.value = '';
    search.dispatchEvent(new Event('input'));
  }
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
take(body.rows);
// Something was typed before the script was loaded.
if (search.value !== search.defaultValue) show();
// The page is painted first.
const painted = new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
const ready = painted.then(() => fetch(table.dataset.rows)).then(
  async (response) => {
    if (!response.ok) return false;
    const template = document.createElement('template');
    template.innerHTML = '<table><tbody>' + (await response.text()) + '</tbody></table>';
    take(template.content.querySelectorAll('tr'));
    whole = true;
    if (search.value !== '' || body.rows.length < Math.min(total, ${MOST_LISTED})) show();
    table.dataset.whole = '';
    return true;
  },
  () => false,
);
`;
