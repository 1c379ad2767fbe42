/** NOTICE: whose work a built Worker redistributes, and under which licences. */
import type { RuntimeInfo } from '../../runtime/create.ts';
import type { PackagesLayer } from '../packages/layer.ts';

/** @param own the licence of Pinwheel itself, whose start and bridge a Worker has */
export function noticeOf({ pyodide, python }: RuntimeInfo, { licenses }: PackagesLayer, own: string): string {
  const rule = '-'.repeat(80);
  const parts = [
    'This Worker redistributes the work of others, each under its own licence.',
    `Pinwheel\n\n${own.trim()}`,
    `Pyodide ${pyodide}\n\nMozilla Public License 2.0: https://www.mozilla.org/MPL/2.0/\nIts source: https://github.com/pyodide/pyodide/tree/${pyodide}`,
    `CPython ${python}, with its standard library\n\nPython Software Foundation License Version 2: https://docs.python.org/3/license.html`,
    ...licenses.map(({ name, version, license, texts }) =>
      [
        `${name} ${version}`,
        license ?? 'Its wheel does not state a licence.',
        ...texts.map((text) => text.trim()),
      ].join('\n\n'),
    ),
  ];
  return `${parts.join(`\n\n${rule}\n\n`)}\n`;
}
