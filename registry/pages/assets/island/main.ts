/**
 * The script of all pages: filters rows while you type, copies lines, picks days, and completes flags. Pages work
 * without it.
 */

import { type Items, itemsOf } from '../../question/island/entries.ts';

const byId = (id: string) => document.getElementById(id)!;
const all = <Found extends HTMLElement>(selector: string) => document.querySelectorAll<Found>(selector);
const input = (id: string) => document.getElementById(id) as HTMLInputElement | null;

const query = input('_query');
if (query) filterPackages(query, input('_kind')!);
if (navigator.clipboard) {
  offerCopies();
  document.addEventListener('rendered', offerCopies);
}
try {
  rememberTabs();
} catch {
  // The browser stores nothing for this site.
}
if ('showPicker' in HTMLInputElement.prototype)
  for (const field of all<HTMLInputElement>('input[data-day]')) addPicker(field);
for (const field of all<HTMLInputElement>('input[name=flags][list]')) completeFlags(field);

const form = document.querySelector<HTMLFormElement>('form[data-files]');
if (form) acceptFiles(form, form.dataset.files!);

/** A script of its own reads them, which is loaded with the first. */
function acceptFiles(form: HTMLFormElement, reader: string): void {
  const take = async (files: FileList | Items) => (await import(reader)).take(form, files);
  const over = (isOver: boolean) => form.classList.toggle('over', isOver);
  const onFiles = (type: 'dragover' | 'drop', then: (files: DataTransfer) => void) =>
    document.addEventListener(type, (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      then(event.dataTransfer);
    });
  onFiles('dragover', () => over(true));
  onFiles('drop', (files) => {
    over(false);
    void take(itemsOf(files));
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => relatedTarget ?? over(false));
  form.addEventListener('paste', (event) => {
    const { files } = event.clipboardData!;
    if (files.length === 0 || event.clipboardData!.types.includes('text/plain')) return;
    event.preventDefault();
    void take(itemsOf(event.clipboardData!));
  });
  for (const button of form.querySelectorAll<HTMLElement>('[data-open]')) {
    button.addEventListener('click', () => {
      const chooser = document.createElement('input');
      chooser.type = 'file';
      chooser.multiple = true;
      chooser.webkitdirectory = button.dataset.open === 'folder';
      chooser.addEventListener('change', () => void take(chooser.files!));
      chooser.click();
    });
    button.closest('span')?.classList.remove('scripted');
  }
}

/** Has the rule of `isKept` in facts/package-table.tsx. */
function filterPackages(query: HTMLInputElement, kind: HTMLInputElement): void {
  const count = byId('_count');
  const table = byId('_table') as HTMLTableElement;
  const imported = [...table.tHead!.rows[0]!.cells].find((cell) => cell.textContent === 'Imports')!.cellIndex;
  const rows = Array.from(table.tBodies[0]!.rows, (row) => ({
    row,
    kinds: row.dataset.is!.split(' '),
    name: row.cells[0]!.textContent,
    imports: row.cells[imported]!.textContent.toLowerCase(),
  }));
  const total = rows.filter(({ kinds }) => !kinds.includes('tests')).length;
  const section = query.closest('section')!;
  const filter = () => {
    // Otherwise a short page would scroll, and move the field.
    section.style.minHeight = scrollY > 0 ? '100vh' : '';
    const part = query.value.trim().toLowerCase();
    const canonical = part.replace(/[-_.]+/g, '-');
    let shown = 0;
    for (const { row, kinds, name, imports } of rows) {
      const kept =
        (kind.value ? kinds.includes(kind.value) : !kinds.includes('tests')) &&
        (name.includes(canonical) || imports.includes(part));
      row.hidden = !kept;
      if (kept) shown++;
    }
    count.textContent = shown < total ? `${shown} found` : count.dataset.all!;
    byId('_none').hidden = shown > 0;
    document.getElementById('_near')?.remove();
  };
  query.addEventListener('input', filter);
  kind.addEventListener('input', filter);
  // An empty field in the address would cost a redirect.
  query.form!.addEventListener('formdata', ({ formData }) => {
    for (const { name, value } of [query, kind]) if (value === '') formData.delete(name);
  });
  // The rows are filtered already, so Enter only updates the address, and does not ask again.
  query.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const address = new URL(location.href);
    for (const { name, value } of [query, kind]) {
      if (value.trim()) address.searchParams.set(name, value.trim());
      else address.searchParams.delete(name);
    }
    history.replaceState(null, '', address);
  });
}

function offerCopies(): void {
  for (const lines of all('figcaption + pre')) {
    const caption = lines.previousElementSibling!;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-describedby', caption.id);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(lines.textContent);
      button.textContent = 'Copied';
      byId('_said').textContent = `Copied: ${caption.textContent}`;
      setTimeout(() => {
        button.textContent = 'Copy';
        byId('_said').textContent = '';
      }, 2000);
    });
    lines.before(button);
  }
}

/** The tabs that a reader chose, such as wrangler.toml, by the name of their group: chosen again on every page. */
function chooseTabs(): void {
  for (const tab of all<HTMLInputElement>('.tabs > input')) {
    if (localStorage.getItem(tab.name) === tab.labels![0]!.textContent) tab.checked = true;
  }
}

function rememberTabs(): void {
  chooseTabs();
  document.addEventListener('rendered', chooseTabs);
  document.addEventListener('change', ({ target }) => {
    const tab = target as HTMLInputElement;
    if (tab.matches('.tabs > input')) localStorage.setItem(tab.name, tab.labels![0]!.textContent);
  });
}

function addPicker(field: HTMLInputElement): void {
  const place = document.createElement('span');
  place.className = 'day';
  place.innerHTML =
    '<button type="button" class="pick-day" aria-label="Calendar"></button>' +
    '<input type="date" class="picker" tabindex="-1" aria-hidden="true">';
  field.replaceWith(place);
  const [button, picker] = place.children as unknown as [HTMLElement, HTMLInputElement];
  place.prepend(field);
  picker.addEventListener('change', () => {
    field.value = picker.value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  button.addEventListener('click', () => {
    picker.value = field.value;
    picker.showPicker();
  });
}

/** A datalist completes the whole field, but only its last flag is being typed. */
function completeFlags(field: HTMLInputElement): void {
  const list = field.list!;
  const names = Array.from(list.options, ({ value }) => value);
  field.addEventListener('input', () => {
    const before = field.value.replace(/[^\s,]*$/, '');
    const others = before.split(/[\s,]+/);
    const open = names.filter((name) => !others.includes(name));
    list.replaceChildren(...open.map((name) => new Option('', before + name)));
  });
}

// As on many sites, a slash leads to the search, or to that of the front page.
document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (key !== '/' || ctrlKey || metaKey || altKey) return;
  if ((target as Element).closest('input, textarea, select')) return;
  event.preventDefault();
  const search = input('_search');
  if (search) search.focus();
  else location.href = '/';
});

// In the box, Enter answers; with Shift, it begins a line.
document.addEventListener('keydown', (event) => {
  const { key, target, shiftKey, isComposing } = event;
  const box = target as HTMLTextAreaElement;
  if (key !== 'Enter' || shiftKey || isComposing || box.id !== '_search') return;
  event.preventDefault();
  box.form!.requestSubmit();
});
