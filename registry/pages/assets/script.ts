/**
 * The script of all pages: filters rows while you type, copies lines, picks days, completes flags, and keeps empty
 * fields out of addresses. Pages work without it. Its filter has the rule of `matches` in packages/package-table.tsx.
 */
export const script = `'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const query = byId('_query');
  const kind = byId('_kind');
  const count = byId('_count');
  if (query && kind && count) {
    const rows = Array.from(byId('_table').tBodies[0].rows, (row) => ({
      row,
      name: row.cells[0].textContent,
      imports: row.cells[3].textContent.toLowerCase(),
    }));
    const isOf = ({ dataset }) => dataset.is.split(' ');
    const all = rows.filter(({ row }) => !isOf(row).includes('tests')).length;
    const section = query.closest('section');
    const filter = () => {
      // Otherwise a short page would scroll, and move the field.
      section.style.minHeight = scrollY > 0 ? '100vh' : '';
      const part = query.value.trim().toLowerCase();
      const canonical = part.replace(/[-_.]+/g, '-');
      let shown = 0;
      for (const { row, name, imports } of rows) {
        const kept =
          row.dataset.same === undefined &&
          (kind.value ? isOf(row).includes(kind.value) : !isOf(row).includes('tests')) &&
          (name.includes(canonical) || imports.includes(part));
        row.hidden = !kept;
        if (kept) shown++;
      }
      count.textContent = shown < all ? shown + ' found' : count.dataset.all;
      byId('_none').hidden = shown > 0;
      byId('_near')?.remove();
    };
    query.addEventListener('input', filter);
    kind.addEventListener('input', filter);
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
  // As on many sites, a slash leads to the search, or to that of the front page.
  document.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (key !== '/' || ctrlKey || metaKey || altKey || target.closest('input, textarea, select')) return;
    event.preventDefault();
    const search = byId('_search');
    if (search) search.focus();
    else location.href = '/';
  });
  const module = byId('_module');
  if (module) {
    const all = Array.from(document.querySelectorAll('[data-module]'));
    module.addEventListener('input', () => {
      const part = module.value.trim();
      let shown = 0;
      for (const one of all) {
        one.hidden = !one.dataset.module.includes(part);
        if (!one.hidden) shown++;
      }
      for (const group of document.querySelectorAll('details:has([data-module])')) {
        group.open = part !== '' && group.querySelector('[data-module]:not([hidden])') !== null;
      }
      byId('_found').textContent =
        part === '' ? '' :
        shown === 0 ? 'Python has no module of that name.' : shown + (shown === 1 ? ' module' : ' modules');
    });
    module.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') event.preventDefault();
    });
  }

  const offerCopies = () => {
    for (const lines of document.querySelectorAll('figcaption + pre')) {
      const caption = lines.previousElementSibling;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      button.setAttribute('aria-describedby', caption.id);
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(lines.textContent);
        button.textContent = 'Copied';
        byId('_said').textContent = 'Copied: ' + caption.textContent;
        setTimeout(() => {
          button.textContent = 'Copy';
          byId('_said').textContent = '';
        }, 2000);
      });
      lines.before(button);
    }
  };
  if (navigator.clipboard) {
    offerCopies();
    document.addEventListener('rendered', offerCopies);
  }

  for (const input of document.querySelectorAll('input[data-day]')) {
    const picker = document.createElement('input');
    if (!picker.showPicker) break;
    const button = document.createElement('button');
    picker.type = 'date';
    picker.className = 'picker';
    picker.tabIndex = -1;
    picker.setAttribute('aria-hidden', 'true');
    button.type = 'button';
    button.className = 'pick-day';
    button.setAttribute('aria-label', 'Calendar');
    button.addEventListener('click', () => {
      picker.value = input.value;
      picker.showPicker();
    });
    picker.addEventListener('change', () => {
      input.value = picker.value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    const place = document.createElement('span');
    place.className = 'day';
    input.replaceWith(place);
    place.append(input, button, picker);
  }

  for (const input of document.querySelectorAll('input[name=flags][list]')) {
    const { list } = input;
    const names = Array.from(list.options, ({ value }) => value);
    input.addEventListener('input', () => {
      // A datalist completes the whole field, but only its last flag is being typed.
      const before = input.value.replace(/[^\\s,]*$/, '');
      const others = before.split(/[\\s,]+/);
      const open = names.filter((name) => !others.includes(name));
      list.replaceChildren(...open.map((name) => new Option('', before + name)));
    });
  }

  document.addEventListener('submit', ({ target: form }) => {
    if (form.method !== 'get') return;
    const empty = Array.from(form.elements).filter(({ name, value }) => name && value === '');
    for (const field of empty) field.disabled = true;
    // In case somebody returns to the page.
    setTimeout(() => {
      for (const field of empty) field.disabled = false;
    });
  });
})();
`;
