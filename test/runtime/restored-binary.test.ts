/** Binaries for memory that is restored. */
import { expect, test } from 'vitest';
import { restoredLibrary, restoredPyodide } from '../../cli/worker/restored-binary.ts';

const text = (value: string) => [value.length, ...Buffer.from(value)];
const length = (value: number) => (value < 0x80 ? [value] : [(value % 0x80) | 0x80, value >> 7]);
const section = (id: number, ...content: number[]) => [id, ...length(content.length), ...content];

/** A function under these names, a segment that is copied to address 8, and one that code may copy. */
function moduleWith(...exported: string[]): Buffer<ArrayBuffer> {
  return Buffer.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, ...text('env'), ...text('memory'), 0x02, 0x00, 1),
    ...section(3, 1, 0),
    ...section(7, exported.length, ...exported.flatMap((name) => [...text(name), 0x00, 0])),
    ...section(10, 1, 2, 0, 0x0b),
    ...section(11, 2, 0x00, 0x41, 8, 0x0b, ...text('active'), 0x01, ...text('passive')),
  ]);
}

/** What it writes into memory when it is made, and what it exports. */
async function made(binary: Buffer<ArrayBuffer>) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  const written = Buffer.from(memory.buffer).toString('latin1').replaceAll('\0', '');
  return { written, exported: Object.keys(instance.exports) };
}

const NAMES = ['__wasm_call_ctors', 'PyInit_example', '__wasm_apply_data_relocs'];

test('a library writes nothing into memory, and exports nothing that prepares it', async () => {
  const binary = moduleWith(...NAMES);
  expect(await made(binary)).toEqual({ written: 'active', exported: NAMES });
  const restored = restoredLibrary(binary);
  expect(await made(restored)).toEqual({ written: '', exported: ['PyInit_example'] });
  expect(restored.includes('passive')).toBe(true);
});

test.each(['__start_em_asm', '__em_js__example'])(
  'a library with code in JavaScript is as it was: %s',
  (name) => {
    const binary = moduleWith('__wasm_call_ctors', name);
    expect(restoredLibrary(binary)).toBe(binary);
  },
);

test('Pyodide writes nothing into memory, and exports what it did', async () => {
  expect(await made(restoredPyodide(moduleWith(...NAMES)))).toEqual({ written: '', exported: NAMES });
});

test('lengths of several bytes are read and written', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `function_with_a_long_name_${at}`);
  expect(await made(restoredLibrary(moduleWith(...NAMES, ...names)))).toEqual({
    written: '',
    exported: ['PyInit_example', ...names],
  });
});
