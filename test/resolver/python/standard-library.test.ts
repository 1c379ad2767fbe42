import { loadPyodide } from 'pyodide';
import { describe, expect, test } from 'vitest';
import { StandardLibraryView } from '../../../resolver/python/standard-library.ts';
import { StandardLibrary, StandardLibraryFacts } from '../../../resolver/python/standard-library-document.ts';
import { facts, measured } from './worker.ts';

const view = (pyodide: string, python: string) =>
  new StandardLibraryView(facts, measured, { pyodide, python });
const library = view('0.28.2', '3.13.2');

test('names that left are those that Python no longer has', async () => {
  const { runPython, globals } = await loadPyodide();
  const missing = (names: string[]): string[] => {
    globals.set('names', names.join(' '));
    return runPython(`
import importlib, warnings
warnings.simplefilter('ignore')
def is_missing(name):
    module, _, name = name.rpartition('.')
    return not hasattr(importlib.import_module(module), name)
' '.join(filter(is_missing, names.split()))
`).split(' ');
  };
  const [gone, kept] = [facts.left![0]!.names, facts.left![1]!.names];
  expect(missing([...gone, ...kept])).toEqual(gone);
  const statuses = gone.map((name) => {
    const dot = name.lastIndexOf('.');
    return library.statusOfMember(name.slice(0, dot), name.slice(dot + 1));
  });
  expect(statuses).toEqual(gone.map(() => ({ is: 'removed', python: '3.12' })));
  expect(library.statusOfMember('ast', 'Num')).toBeNull();
  expect(view('314.0.6', '3.14.2').statusOfMember('ast', 'Num')).toEqual({ is: 'removed', python: '3.13' });
});

test('the documents match their schemas', () => {
  expect(StandardLibraryFacts.parse(facts)).toEqual(facts);
  expect(StandardLibrary.parse(measured)).toEqual(measured);
  const ids = [...facts.attempts, ...facts.limits].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

/** As developers.cloudflare.com/workers/languages/python/stdlib lists them. */
describe('what Cloudflare documents', () => {
  const EXCLUDED = `curses dbm ensurepip fcntl grp idlelib lib2to3 msvcrt pwd resource syslog
    termios tkinter turtle turtledemo venv winreg winsound`.split(/\s+/);

  test('as excluded cannot be imported in any runtime', () => {
    for (const [pyodide, python] of [
      ['0.26.0a2', '3.12.1'],
      ['0.28.2', '3.13.2'],
    ] as const) {
      const statuses = EXCLUDED.map((module) => [module, view(pyodide, python).status(module)?.is]);
      for (const [, is] of statuses) expect(['failing', 'removed']).toContain(is);
      expect(view(pyodide, python).status('pty')).toEqual({
        is: 'failing',
        error: "ModuleNotFoundError: No module named 'termios'",
      });
      expect(view(pyodide, python).status('tty')?.is).toBe('failing');
    }
  });

  test('has changed with Pyodide 314', () => {
    const newest = view('314.0.6', '3.14.2');
    const here = EXCLUDED.filter((module) => newest.status(module)?.is === 'here');
    expect(here).toEqual(['fcntl', 'termios']);
    expect(newest.status('pty')).toEqual({ is: 'here' });
  });

  test('as not functional, or limited, is reported', () => {
    const about = new Set(library.limits.flatMap((limit) => limit.about));
    for (const module of ['multiprocessing', 'threading', 'socket', 'decimal', 'webbrowser', 'pydoc']) {
      expect(about).toContain(module);
      expect(library.status(module)).toEqual({ is: 'here' });
    }
    expect(library.limits.flatMap(({ names }) => names)).toContain('hashlib.scrypt');
  });
});

describe('the status of a name', () => {
  test.each([
    ['json', { is: 'here' }],
    ['json.decoder', { is: 'here' }],
    ['os.path', { is: 'here' }],
    ['encodings.utf_8', { is: 'here' }],
    ['json._private', { is: 'here' }],
    ['json.nothing', { is: 'absent', package: 'json' }],
    ['json.nothing.more', { is: 'absent', package: 'json' }],
    ['ssl', { is: 'failing', error: "ModuleNotFoundError: No module named 'ssl'" }],
    ['ssl.nothing', { is: 'failing', error: "ModuleNotFoundError: No module named 'ssl'" }],
    ['telnetlib', { is: 'removed', python: '3.12' }],
    ['asyncore', { is: 'removed', python: '3.11' }],
    ['binhex', { is: 'removed', python: '3.10' }],
    ['annotationlib', { is: 'newer', python: '3.14' }],
    ['string.templatelib', { is: 'newer', python: '3.14' }],
    ['cPickle', { is: 'renamed', to: 'pickle' }],
    ['numpy', null],
    ['__proto__', null],
    ['constructor', null],
  ])('%s', (name, status) => expect(library.status(name)).toEqual(status));

  test('and of an import from it', () => {
    expect(library.statusOfMember('json', 'loads')).toBeNull();
    expect(library.statusOfMember('xml', 'etree')).toEqual({ is: 'here' });
    expect(library.statusOfMember('multiprocessing', 'shared_memory')?.is).toBe('failing');
    expect(library.statusOfMember('string', 'templatelib')).toEqual({ is: 'newer', python: '3.14' });
  });
});

test('a Pyodide without a measurement uses the nearest of its Python', () => {
  expect(view('0.28.99', '3.13.9').modules).toEqual(view('0.29.5', '3.13.2').modules);
  expect(view('0.27.99', '3.12.9').modules).toEqual(view('0.27.8', '3.12.7').modules);
  expect(view('999.0.0', '3.99.0').python).toBe('3.14');
});

test('a name of any length is looked up by its first parts', () => {
  const long = (module: string) => `${module}${'.a'.repeat(50_000)}`;
  expect(library.status(long('json'))).toEqual({ is: 'absent', package: 'json' });
  expect(library.status(long('encodings'))).toEqual({ is: 'here' });
  expect(library.status(long('json._a'))).toEqual({ is: 'here' });
  expect(library.status(long('nothing'))).toBeNull();
  expect(library.status(long('tkinter'))).toMatchObject({ is: 'failing' });
});
