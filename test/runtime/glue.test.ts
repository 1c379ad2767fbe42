/** Emscripten's glue without the variables that it does not use. */
import { expect, test } from 'vitest';
import { withoutUnusedVariables } from '../../cli/worker/glue.ts';

const NAMES = ['a', '_b', 'c', '_c'];

/** The names that the module then has, and what the glue itself answers. */
function evaluated(glue: string) {
  const exported = Object.fromEntries(NAMES.map((name) => [name, () => name]));
  const Module: Record<string, () => string> = {};
  const answer = new Function('Module', 'wasmExports', glue)(Module, exported);
  const names = Object.entries(Module).map(([name, call]) => [name, call()]);
  return { answer, names: Object.fromEntries(names) };
}

const statement = (name: string) => `_${name}=Module["_${name}"]=wasmExports["${name}"];`;
const USES = 'return _a() + __c();';

test.each([
  ['up to 0.29', `${NAMES.map((name) => `var ${statement(name)}`).join('')}${USES}`],
  ['from 314 on', `var ${NAMES.map((name) => `_${name}`)},wasmTable;${NAMES.map(statement).join('')}${USES}`],
])('exports whose variables the glue does not use have one statement: %s', (_when, glue) => {
  const smaller = withoutUnusedVariables(glue);
  expect(smaller).not.toMatch(/\b__b\b/);
  expect(evaluated(smaller)).toEqual(evaluated(glue));
});

test('an export with another name than its variable keeps its statement', () => {
  const glue = `var _main=Module["_main"]=wasmExports["c"];var ${statement('a')}return 0;`;
  expect(evaluated(withoutUnusedVariables(glue)).names._main).toBe('c');
});

test('a glue without such statements stays as it is', () => {
  const glue = 'var _a=Module["_a"]=a0=>(_a=Module["_a"]=wasmExports["a"])(a0);';
  expect(withoutUnusedVariables(glue)).toBe(glue);
});
