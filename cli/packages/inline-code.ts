/** The JavaScript of `EM_ASM`, which a library has as text: Emscripten evaluates it, which Workers may not. */

const START = '__start_em_asm';
const STOP = '__stop_em_asm';

/** Entries of the table and pages of the memory: more than these libraries have. What is not used costs nothing. */
const TABLE = 1 << 20;
const PAGES = 2048;

/** Returns the functions as Emscripten writes them before it evaluates them. */
export function inlineCode(library: Buffer): string[] {
  if (!library.includes(START)) return [];
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const module = new WebAssembly.Module(library as BufferSource);
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = standIn(kind, from.startsWith('GOT.') || name === '__stack_pointer', memory);
  }
  // Nothing of the library runs: its data is put into the memory, from its beginning on.
  const { exports } = new WebAssembly.Instance(module, imports);
  const [start, stop] = [START, STOP].map((name) => (exports[name] as WebAssembly.Global).value);
  const texts = Buffer.from(memory.buffer, start, stop - start).toString();
  return texts.split('\0').slice(0, -1).map(functionOf);
}

function standIn(kind: string, isMutable: boolean, memory: WebAssembly.Memory): WebAssembly.ImportValue {
  if (kind === 'function') return () => 0;
  if (kind === 'memory') return memory;
  if (kind === 'table') return new WebAssembly.Table({ element: 'anyfunc', initial: TABLE });
  // Exceptions of C++ and `longjmp`, which have an address.
  if (kind === 'tag') return new Tag({ parameters: ['i32'] });
  return new WebAssembly.Global({ value: 'i32', mutable: isMutable }, 0);
}

/** TypeScript does not know it. */
const { Tag } = WebAssembly as unknown as {
  Tag: new (type: { parameters: string[] }) => WebAssembly.ImportValue;
};

function functionOf(body: string): string {
  let arity = 0;
  while (arity < 16 && body.includes(`$${arity}`)) arity++;
  return `(${Array.from({ length: arity }, (_, at) => `$${at}`)}) => { ${body} };`;
}
