/**
 * Makes Workers and Node look like the web worker that Pyodide expects. Both use this, so that a build runs the program
 * that is served.
 */

/** The URL at which Pyodide expects its files. Nothing is there. */
export const INDEX_URL = 'https://pyodide.invalid/';

export interface HostFiles {
  stdlib(): ArrayBuffer | Uint8Array;
  /** Pyodide's lock file: releases before 0.28 ask for it. */
  lock: unknown;
}

/** Compiles the small WebAssembly modules that Pyodide makes as it runs. */
export type Compile = (bytes: BufferSource) => WebAssembly.Module;

/** To be called before Pyodide's module is evaluated, which inspects its host at once. */
export function standInForBrowser(compile: Compile): void {
  const host = globalThis as unknown as Record<string, unknown>;
  host.self ??= globalThis;
  host.location ??= { href: INDEX_URL, toString: () => INDEX_URL };
  host.addEventListener = () => {};
  host.WorkerGlobalScope = Object.defineProperty(() => {}, Symbol.hasInstance, {
    value: (value: unknown) => value === globalThis,
  });
  // Pyodide recognizes a module worker by this TypeError.
  host.importScripts = () => {
    throw new TypeError('This worker has modules.');
  };
  const { process } = host as { process?: Record<string, unknown> };
  if (typeof process === 'object') Object.assign(process, { browser: true, type: 'renderer' });
  const Module = WebAssembly.Module;
  WebAssembly.Module = new Proxy(Module, {
    construct: (_target, [bytes]: [BufferSource]) => compile(bytes),
  });
  WebAssembly.compile = async (bytes) => compile(bytes as BufferSource);
}

/** Answers Pyodide's requests, without a `Response`: a Worker cannot create one in its global scope. */
export function serveFiles({ stdlib, lock }: HostFiles): void {
  const onwards = globalThis.fetch;
  globalThis.fetch = (async (input: RequestInfo | URL, options?: RequestInit) => {
    // Not `instanceof Request`, for which Node loads all that its fetch needs.
    const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
    if (!url.startsWith(INDEX_URL)) return onwards(input, options);
    return { ok: true, arrayBuffer: async () => stdlib(), json: async () => lock };
  }) as typeof fetch;
}

/** Gives Pyodide its binary, which it would fetch. */
export function serveBinary(wasm: WebAssembly.Module): void {
  WebAssembly.instantiateStreaming = (async (_source: unknown, imports: WebAssembly.Imports) => ({
    instance: await WebAssembly.instantiate(wasm, imports),
    module: wasm,
  })) as typeof WebAssembly.instantiateStreaming;
}

/** The key of a WebAssembly module: its bytes in Base64. */
export function keyOf(bytes: BufferSource): string {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  let text = '';
  for (const byte of view) text += String.fromCharCode(byte);
  return btoa(text);
}
