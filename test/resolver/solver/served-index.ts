/** A simple index on loopback, with real wheels. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unzipSync } from 'fflate';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { listen } from '../../common/listen.ts';
import { wheelOf } from '../../zip.ts';
import { filenameOf, metadataOf, type Projects, type Release, releaseOf, UPLOADED } from './made-index.ts';

/** The features of an index. */
export interface Abilities {
  /** Of its pages; JSON by default. */
  form?: 'json' | 'html';
  /** METADATA beside the wheels; by default with it. */
  metadata?: boolean;
  ranges?: boolean;
  /** The bytes of its wheels without METADATA; by default more than the first read of a wheel's end. */
  payload?: number;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface ServedIndex {
  origin: string;
  /** Of the simple index. */
  url: string;
  /** The requests: method, path, and range if there is one. */
  log: string[];
  /** Replaces the response of the index if it returns true. */
  instead: Answer | null;
  stop(): Promise<void>;
}

interface ServedFile {
  filename: string;
  release: Pick<Release, 'uploaded' | 'requiresPython' | 'yanked'>;
  bytes: Buffer;
  metadata: Buffer;
  sha256: string;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function wheelBytes(name: string, version: string, metadata: string, payload: number): Buffer {
  const stem = name.replaceAll('-', '_');
  const files = { [`${stem}/__init__.py`]: '', [`${stem}/data.bin`]: new Uint8Array(payload) };
  return Buffer.from(wheelOf(stem, version, files, { metadata }));
}

export function serveIndex(projects: Projects, abilities: Abilities = {}): Promise<ServedIndex> {
  const { payload = 100_000 } = abilities;
  const byName = new Map<string, ServedFile[]>();
  for (const [name, releases] of Object.entries(projects)) {
    const files = Object.entries(releases).map(([version, written]) => {
      const release = releaseOf(written);
      const text = metadataOf(name, version, release);
      const bytes = wheelBytes(name, version, text, payload);
      const file = { filename: filenameOf(name, version, release), release, bytes, sha256: sha256(bytes) };
      return { ...file, metadata: Buffer.from(text) };
    });
    byName.set(name, files);
  }
  return serveFiles(byName, abilities);
}

/** The same with existing wheels; by default, all were uploaded at the same time. */
export function serveWheels(
  wheels: readonly { filename: string; bytes: Uint8Array; uploaded?: string }[],
  abilities: Abilities = {},
): Promise<ServedIndex> {
  const files = wheels.map(({ filename, bytes, uploaded = UPLOADED }) => {
    const isMetadata = ({ name }: { name: string }) => /^[^/]+\.dist-info\/METADATA$/.test(name);
    const [text] = Object.values(unzipSync(bytes, { filter: isMetadata }));
    const metadata = Buffer.from(text!);
    const requiresPython = /^Requires-Python: (.*)$/m.exec(metadata.toString())?.[1];
    const release = { uploaded, ...(requiresPython && { requiresPython }) };
    return { filename, release, bytes: Buffer.from(bytes), sha256: sha256(bytes), metadata };
  });
  return serveFiles(
    Map.groupBy(files, ({ filename }) => canonicalName(filename.split('-')[0]!)),
    abilities,
  );
}

async function serveFiles(
  byName: ReadonlyMap<string, ServedFile[]>,
  { form = 'json', metadata = true, ranges = true }: Abilities,
): Promise<ServedIndex> {
  const byFilename = new Map([...byName.values()].flat().map((file) => [file.filename, file]));
  const served: ServedIndex = { origin: '', url: '', log: [], instead: null, stop: async () => {} };
  const server = await listen((request, response) => {
    const { method, url = '/', headers } = request;
    served.log.push([method, url, headers.range].filter(Boolean).join(' '));
    if (served.instead?.(request, response)) return;
    const page = /^\/simple\/([^/]+)\/$/.exec(url)?.[1];
    const files = page && byName.get(page);
    if (files)
      return send(response, form === 'json' ? jsonPage(page, files, metadata) : htmlPage(files, metadata));
    const [, filename, beside] = /^\/files\/(.*?\.(?:whl|tar\.gz))(\.metadata)?$/.exec(url) ?? [];
    const file = byFilename.get(decodeURIComponent(filename ?? ''));
    if (!file || (beside && !metadata)) return void response.writeHead(404).end();
    if (beside) return send(response, { type: 'text/plain', body: file.metadata });
    sendRange(response, file.bytes, ranges ? headers.range : undefined);
  });
  served.origin = server.origin;
  served.url = `${served.origin}/simple/`;
  served.stop = server.stop;
  return served;
}

function send(response: ServerResponse, { type, body }: { type: string; body: string | Buffer }): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

function sendRange(response: ServerResponse, bytes: Buffer, range: string | undefined): void {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined) {
    send(response, { type: 'application/octet-stream', body: bytes });
    return;
  }
  const start = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  const headers = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
  response.writeHead(206, headers).end(bytes.subarray(start, end));
}

function jsonPage(name: string, files: readonly ServedFile[], metadata: boolean) {
  const listed = files.map(({ filename, release, bytes, sha256: digest, metadata: text }) => {
    // Older pips read only the older name of the field.
    const core = metadata ? { sha256: sha256(text) } : false;
    return {
      filename,
      url: `../../files/${encodeURIComponent(filename)}`,
      hashes: { sha256: digest },
      size: bytes.length,
      ...(release.uploaded !== null && { 'upload-time': release.uploaded ?? UPLOADED }),
      ...(release.requiresPython && { 'requires-python': release.requiresPython }),
      yanked: release.yanked ?? false,
      'core-metadata': core,
      'dist-info-metadata': core,
    };
  });
  const body = JSON.stringify({ meta: { 'api-version': '1.1' }, name, files: listed, versions: [] });
  return { type: 'application/vnd.pypi.simple.v1+json', body };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function htmlPage(files: readonly ServedFile[], metadata: boolean) {
  const links = files.map(({ filename, release, sha256: digest, metadata: text }) => {
    const core = metadata ? ` data-core-metadata="sha256=${sha256(text)}"` : '';
    const python = release.requiresPython ? ` data-requires-python="${escaped(release.requiresPython)}"` : '';
    const yanked = release.yanked ? ' data-yanked=""' : '';
    const href = `../../files/${encodeURIComponent(filename)}#sha256=${digest}`;
    return `<a href="${href}"${core}${python}${yanked}>${escaped(filename)}</a><br/>`;
  });
  const body = `<!DOCTYPE html><html><head><title>Links</title></head><body>\n${links.join('\n')}\n</body></html>`;
  return { type: 'text/html; charset=UTF-8', body };
}
