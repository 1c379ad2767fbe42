/** Binaries without what a Worker does not use. */
import { expect, test } from 'vitest';
import {
  importsOfCxx,
  restoredLibrary,
  restoredPyodide,
  withoutUnusedExports,
} from '../../cli/worker/restored-binary.ts';

const text = (value: string) => [value.length, ...Buffer.from(value)];
const length = (value: number) => (value < 0x80 ? [value] : [(value % 0x80) | 0x80, value >> 7]);
const section = (id: number, ...content: number[]) => [id, ...length(content.length), ...content];
const imported = (name: string, ...what: number[]) => [...text('env'), ...text(name), ...what];
/** Its instructions store a character at an address. */
const storing = (character: string, address: number) => {
  const body = [0, 0x41, address, 0x41, character.charCodeAt(0), 0x3a, 0, 0, 0x0b];
  return [body.length, ...body];
};

const RELOCATES = '__wasm_apply_data_relocs';
const CONSTRUCTS = '__wasm_call_ctors';

/** Exports functions that store `1`, `2` and `3`. A segment is copied to address 8; code may copy another one. */
function moduleWith(exported: Record<string, '1' | '2' | '3'>): Buffer<ArrayBuffer> {
  const functions = Object.entries(exported).flatMap(([name, character]) => [
    ...text(name),
    0,
    1 + '123'.indexOf(character),
  ]);
  return Buffer.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, 1, 0x60, 0, 0),
    ...section(
      2,
      4,
      ...imported('table', 1, 0x70, 1, 0, 1),
      ...imported('memory', 2, 0, 1),
      ...imported('base', 3, 0x7f, 0),
      ...imported('_Z3logv', 0, 0),
    ),
    ...section(3, 3, 0, 0, 0),
    ...section(7, Object.keys(exported).length, ...functions),
    ...section(10, 3, ...storing('1', 0), ...storing('2', 1), ...storing('3', 2)),
    ...section(11, 2, 0, 0x23, 0, 0x0b, ...text('active'), 1, ...text('passive')),
  ]);
}

/** The memory that a binary writes as it is instantiated, and then by each of its functions. */
function written(binary: Buffer<ArrayBuffer>): string {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: 0, maximum: 1 });
  const base = new WebAssembly.Global({ value: 'i32' }, 8);
  const env = { memory, table, base, _Z3logv: () => {} };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env });
  for (const exported of Object.values(instance.exports)) (exported as () => void)();
  return Buffer.from(memory.buffer).toString('latin1').replaceAll('\0', '');
}

test('a library does not write into memory as it is loaded, and can do all else', () => {
  const binary = moduleWith({ [RELOCATES]: '1', [CONSTRUCTS]: '2', PyInit_example: '3' });
  expect(written(binary)).toBe('123active');
  const restored = restoredLibrary(binary);
  expect(written(restored)).toBe('3');
  expect(restored.includes('passive')).toBe(true);
});

test.each(['__start_em_asm', '__em_js__example'])(
  'one with code in JavaScript stays as it is: %s',
  (name) => {
    const binary = moduleWith({ [RELOCATES]: '1', [name]: '3' });
    expect(restoredLibrary(binary)).toBe(binary);
  },
);

test('Pyodide makes its objects, but has no data, and puts no addresses into it', () => {
  const binary = moduleWith({ [RELOCATES]: '1', [CONSTRUCTS]: '2' });
  expect(written(restoredPyodide(binary))).toBe('2');
});

test('functions of C++ are exported only if Pyodide or a library imports them', () => {
  const binary = moduleWith({ _Z3logv: '1', _Z4usedv: '2', _Z6unusedv: '3', PyInit_example: '3' });
  const exported = WebAssembly.Module.exports(
    new WebAssembly.Module(withoutUnusedExports(binary, ['_Z4usedv'])),
  );
  expect(exported.map(({ name }) => name)).toEqual(['_Z3logv', '_Z4usedv', 'PyInit_example']);
  expect(importsOfCxx(binary)).toEqual(['_Z3logv']);
});

test('sections of more than 127 bytes are read and written', () => {
  const others = Array.from({ length: 20 }, (_, at) => [`function_${at}`, '3'] as const);
  const binary = moduleWith({ [CONSTRUCTS]: '2', ...Object.fromEntries(others) });
  expect(written(restoredLibrary(binary))).toBe('3');
});
