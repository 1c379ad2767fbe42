import { describe, expect, test } from 'vitest';
import { absoluteName, ModuleTree, moduleOf } from '../../../resolver/python/modules.ts';

test.each([
  ['a.py', 'a'],
  ['a/b/c.py', 'a.b.c'],
  ['a/__init__.py', 'a'],
  ['a/_b.cpython-313-wasm32-emscripten.so', 'a._b'],
  ['a.so', 'a'],
  ['é.py', 'é'],
  ['__main__.py', '__main__'],
  ['a-b.py', null],
  ['a b/c.py', null],
  ['1.py', null],
  ['a.b/c.py', null],
  ['a.txt', null],
])('%s is the module %s', (path, module) => expect(moduleOf(path)).toBe(module));

describe('a tree', () => {
  const tree = new ModuleTree(['a/__init__.py', 'a/b.py', 'c/d/e.py', 'f.py', 'f/__init__.py', 'g.so']);

  test('has modules, packages and folders', () => {
    for (const module of ['a', 'a.b', 'c', 'c.d', 'c.d.e', 'f', 'g']) expect(tree.has(module)).toBe(true);
    for (const module of ['b', 'a.c', 'c.e', 'a.__init__', '']) expect(tree.has(module)).toBe(false);
    expect(tree.top().sort()).toEqual(['a', 'c', 'f', 'g']);
  });

  test('knows the files', () => {
    expect(['a', 'a.b', 'c', 'f', 'z'].map((module) => tree.fileOf(module))).toEqual([
      'a/__init__.py',
      'a/b.py',
      null,
      'f/__init__.py',
      null,
    ]);
  });
});

test.each([
  ['a/b/c.py', 'd', 1, 'a.b.d'],
  ['a/b/c.py', '', 1, 'a.b'],
  ['a/b/c.py', 'd.e', 2, 'a.d.e'],
  ['a/b/__init__.py', 'c', 1, 'a.b.c'],
  ['a/b/c.py', 'd', 3, null],
  ['a.py', 'b', 1, null],
])('in %s, `from %s` at level %i means %s', (path, module, level, name) => {
  expect(absoluteName(path, module, level)).toBe(name);
});
