/** JavaScript that a library has as text, for `EM_ASM`. Emscripten evaluates it as it loads the library, which a Worker must not. */

const START = '__start_em_asm';

/** More entries and bytes than such a library has. They are not used, and cost nothing. */
const TABLE = 1 << 20;
const PAGES = 2048;

/** Returns the functions as Emscripten writes them before it evaluates them. */
export function inlineCode(library: Buffer): string[] {
  if (!library.includes(START)) return [];
  const module = new WebAssembly.Module(library as BufferSource);
  const memory = new WebAssembly.Memory({ initial: PAGES });
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const isMutable = from.startsWith('GOT.') || name === '__stack_pointer';
    imports[from] ??= {};
    imports[from][name] =
      kind === 'function'
        ? () => 0
        : kind === 'memory'
          ? memory
          : kind === 'table'
            ? new WebAssembly.Table({ element: 'anyfunc', initial: TABLE })
            : new WebAssembly.Global({ value: 'i32', mutable: isMutable }, 0);
  }
  // Nothing of the library runs: its data is put into the memory, from its beginning on.
  const { exports } = new WebAssembly.Instance(module, imports);
  const [start, stop] = [START, '__stop_em_asm'].map((name) => (exports[name] as WebAssembly.Global).value);
  const texts = Buffer.from(memory.buffer, start, stop - start).toString();
  return texts.split('\0').slice(0, -1).map(functionOf);
}

function functionOf(body: string): string {
  let arity = 0;
  while (arity < 16 && body.includes(`$${arity}`)) arity++;
  return `(${Array.from({ length: arity }, (_, at) => `$${at}`)}) => { ${body} };`;
}
