/**
 * What pages do where scripts run: rows are filtered as one types, and lines can be copied.
 * Everything it adds is an addition; the rule of the filter is that of `matches` in packages/package-table.tsx.
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
    const all = rows.length;
    const filter = () => {
      const part = query.value.trim().toLowerCase();
      const canonical = part.replace(/[-_.]+/g, '-');
      let shown = 0;
      for (const { row, name, imports } of rows) {
        const kept =
          row.dataset.same === undefined &&
          (!kind.value || row.dataset.is.split(' ').includes(kind.value)) &&
          (name.includes(canonical) || imports.includes(part));
        row.hidden = !kept;
        if (kept) shown++;
      }
      count.textContent =
        (shown < all ? shown + ' of ' : '') + all + (all === 1 ? ' package' : ' packages');
      byId('_none').hidden = shown > 0;
      byId('_near')?.remove();
    };
    query.addEventListener('input', filter);
    kind.addEventListener('input', filter);
  }
  if (navigator.clipboard) {
    for (const lines of document.querySelectorAll('pre')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      button.setAttribute('aria-describedby', lines.previousElementSibling.id);
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(lines.textContent);
        button.textContent = 'Copied';
        setTimeout(() => { button.textContent = 'Copy'; }, 2000);
      });
      lines.before(button);
    }
  }
})();
`;
