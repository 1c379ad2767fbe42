/** The standard library of a built Worker has no comments: all else of it is what Python reads in the original. */
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { loadPyodide } from 'pyodide';
import { expect, test } from 'vitest';
import { readFromTarball } from '../../cli/packages/npm.ts';
import { fetchRelease } from '../../cli/packages/pyodide-files.ts';
import { withoutComments } from '../../cli/packages/python-comments.ts';
import { RELEASES } from '../../cli/worker/releases.ts';
import { NEWEST, pyodideFolder } from '../patches/pyodide-releases.ts';
import { CACHE } from './project.ts';

const stripped = (source: string) => Buffer.from(withoutComments(Buffer.from(source))).toString();

test.each([
  ['x = 1  # one\n', 'x = 1\n'],
  ['# whole line\nx = "#"\n', '\nx = "#"\n'],
  [`x = '\\'#' # why\n`, `x = '\\'#'\n`],
  ['"""\n# text "#" \\""" # too\n"""# not\n', '"""\n# text "#" \\""" # too\n"""\n'],
  [`x = f"{y:#x}" # hex\n`, `x = f"{y:#x}"\n`],
  ['x = "" # é\n', 'x = ""\n'],
  ['# -*- coding: latin-1 -*-\nx = "é"\n', '# -*- coding: latin-1 -*-\nx = "é"\n'],
])('%j', (source, expected) => {
  expect(stripped(source)).toBe(expected);
});

/** The sources whose code is another without comments, its lines and columns included. */
const DIFFERING = `
import json

def code(source):
    return compile(bytes(source, "latin-1"), "", "exec", dont_inherit=True)

json.dumps([name for name, source, kept in json.loads(sources) if code(source) != code(kept)])
`;

const all = Object.keys(RELEASES);

test.each(process.env.TEST_ALL ? all : ['0.27.3', '314.0.7'])(
  'all sources of Pyodide %s',
  async (release) => {
    const tarball = await fetchRelease(release, join(CACHE, 'npm'), () => {});
    const archive = unzipSync(await readFromTarball(tarball, 'package/python_stdlib.zip'));
    const sources = Object.entries(archive).flatMap(([path, bytes]) => {
      const text = (source: Uint8Array) => Buffer.from(source).toString('latin1');
      return path.endsWith('.py') ? [[path, text(bytes), text(withoutComments(bytes))] as const] : [];
    });
    const { globals, runPython } = release.startsWith('314.') ? await newest() : await loadPyodide();
    globals.set('sources', JSON.stringify(sources));
    expect(JSON.parse(runPython(DIFFERING))).toEqual([]);
    const size = (at: 1 | 2) => sources.reduce((sum, source) => sum + source[at].length, 0);
    expect(size(2)).toBeLessThan(0.8 * size(1));
  },
);

/** With Python 3.14; the installed one has 3.13, which reads the sources of 3.12, too. */
async function newest() {
  const folder = await pyodideFolder(NEWEST);
  const module = (await import(join(folder, 'pyodide.mjs'))) as { loadPyodide: typeof loadPyodide };
  return module.loadPyodide({ indexURL: folder });
}
