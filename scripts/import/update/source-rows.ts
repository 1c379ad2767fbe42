/** Adds rows to the lists of `data/sources.json`, and keeps the format of the rest. */
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { CloudflareSource, PyodideRelease, Sources } from '../sources.ts';

export interface NewRows {
  pyodide_releases: PyodideRelease[];
  cloudflare_sets: CloudflareSource[];
  workerd: Sources['workerd'];
}

export function withRows(text: string, rows: NewRows): string {
  let changed = text;
  for (const [list, added] of Object.entries(rows) as [string, object[]][]) {
    if (added.length === 0) continue;
    const last = findNodeAtLocation(parseTree(changed)!, [list])?.children?.at(-1);
    if (!last) throw new Error(`data/sources.json has no ${list} to add to`);
    const end = last.offset + last.length;
    const lines = added.map((row) => `,\n    ${written(row)}`).join('');
    changed = changed.slice(0, end) + lines + changed.slice(end);
  }
  return changed;
}

function written(row: object): string {
  const members = Object.entries(row).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${members.join(', ')} }`;
}
