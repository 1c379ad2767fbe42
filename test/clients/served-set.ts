/** A registry with a set that pins real wheels, which an upstream on this machine serves. */
import { createHash } from 'node:crypto';
import type { PackageSet } from '../../resolver/catalog.ts';
import { loadDocuments } from '../../scripts/import/data-files.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { ending } from '../common/own.ts';
import { type Pin, packageSetOf, TEST_FLAG } from '../test-set.ts';
import { metadataOf, utf8, wheelOf } from '../zip.ts';
import { type LoggingProxy, startLoggingProxy } from './logging-proxy.ts';
import { downloadWheel } from './pip-wheels.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export { TEST_FLAG };
/** A set as Cloudflare makes them: it pins the native package of the other set as a repacked archive. */
export const REPACKED_FLAG = 'python_3.13_packages_2026_11_02';
export const REPACKED = 'no wheel at all';

/** httpx and its dependencies, on any Python that runs these tests. */
const PURE = {
  httpx: ['anyio', 'certifi', 'httpcore', 'idna'],
  anyio: ['idna', 'typing-extensions'],
  certifi: [],
  h11: [],
  httpcore: ['certifi', 'h11'],
  idna: [],
  'typing-extensions': [],
};

/** Nominally a native package: its wheel is tagged for Pyodide, and contains Python. */
export const NATIVE = 'pinnate-1.0-cp313-cp313-pyodide_2025_0_wasm32.whl';
const NATIVE_SOURCE = 'import idna\n\ndef leaf(name):\n    return idna.encode(name).decode()\n';
/** With a local version, whose plus is escaped in URLs. */
export const LOCAL = 'petal-1.0+pinwheel.1-py3-none-any.whl';

export interface ServedSet {
  registry: LocalRegistry;
  upstream: Upstream;
  proxy: LoggingProxy;
  set: PackageSet;
  /** Every wheel's bytes, by file name. */
  wheels: ReadonlyMap<string, Uint8Array>;
}

/** `runtime` is the Pyodide version that the set is for. */
export async function serveSet(runtime: string): Promise<ServedSet> {
  const [upstream, proxy] = await Promise.all([
    startUpstream().then(ending),
    startLoggingProxy().then(ending),
  ]);
  const wheels = new Map<string, Uint8Array>();
  const pins: Pin[] = [];
  const serve = (filename: string, bytes: Uint8Array, rest: Partial<Pin> = {}) => {
    const path = `/files/${filename}`;
    upstream.files.set(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { filename, sha256, url: upstream.origin + path, ...rest };
  };
  for (const [name, depends] of Object.entries(PURE)) {
    const { filename, bytes } = await downloadWheel(name === 'httpx' ? 'httpx==0.28.1' : name);
    wheels.set(filename, bytes);
    const imports = [name.replaceAll('-', '_')];
    pins.push(serve(filename, bytes, { name, imports, depends, written_depends: depends }));
  }
  const made: [filename: string, source: string, depends: string[]][] = [
    [NATIVE, NATIVE_SOURCE, ['idna']],
    [LOCAL, 'colour = "white"\n', []],
  ];
  for (const [filename, source, depends] of made) {
    const bytes = pythonWheel(filename, source, depends);
    wheels.set(filename, bytes);
    const imports = [filename.split('-')[0]!];
    pins.push(serve(filename, bytes, { imports, depends, written_depends: depends }));
  }
  const repacked = serve(NATIVE.replace('.whl', '.tar.gz'), utf8(REPACKED));

  const set = { ...packageSetOf(pins), runtime };
  const documents = [
    ...(await loadDocuments()),
    { document: set, day: set.released },
    { document: { ...packageSetOf([repacked], REPACKED_FLAG), runtime }, day: '2026-11-02' },
  ];
  const registry = ending(await startLocalRegistry({ documents, publicUrl: proxy.origin, unchecked: true }));
  proxy.target = registry.url;
  return { registry, upstream, proxy, set, wheels };
}

/** A wheel of one Python module, with the tags that its name says. */
function pythonWheel(filename: string, source: string, depends: readonly string[]): Uint8Array {
  const [name, version, ...tags] = filename.replace(/\.whl$/, '').split('-') as [string, string, string];
  const requires = depends.map((dependency) => `Requires-Dist: ${dependency}\n`).join('');
  const metadata = `${metadataOf(name, version)}Requires-Python: >=3.8\n${requires}`;
  return wheelOf(name, version, { [`${name}/__init__.py`]: source }, { metadata, tag: tags.join('-') });
}
