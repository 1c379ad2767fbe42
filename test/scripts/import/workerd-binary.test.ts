import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { loadDocuments } from '../../../scripts/import/data-files.ts';
import { cloudflareSet, runtimesOf } from '../../../scripts/import/sets.ts';
import { readSources } from '../../../scripts/import/sources.ts';
import { decodeFlags, decodeReleases, readPackageLock } from '../../../scripts/import/workerd.ts';
import { loadWorkerd } from './fixtures.ts';

const sources = await readSources();
const documents = (await loadDocuments()).map(({ document }) => document);
const pyodideSets = documents
  .filter((document) => document.kind === 'set')
  .filter(({ source }) => source.package === 'pyodide');
const runtimeOf = runtimesOf(pyodideSets, sources);

const require = createRequire(createRequire(import.meta.url).resolve('workerd'));
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch === 'x64' ? '64' : process.arch}`;
const binary = await readFile(
  require.resolve(`@cloudflare/workerd-${platform}/bin/workerd${process.platform === 'win32' ? '.exe' : ''}`),
);

test('the installed binary decodes to its document', async () => {
  const flags = decodeFlags(binary);
  const releases = decodeReleases(binary, flags, runtimeOf);
  const document = await loadWorkerd(require('workerd/package.json').version);
  expect(document).toMatchObject({ flags: flags.map(({ fact }) => fact), releases });
  if (platform === 'linux-64') expect(hash('sha256', binary)).toBe(document.source.sha256);
});

test('another lock than the pinned one is rejected', () => {
  const source = sources.cloudflare_sets.find(({ tag }) => tag === '20250606')!;
  expect(() => cloudflareSet(source, '{}', runtimeOf)).toThrow(/20250606 has the SHA-256 .* is pinned/);
});

test('another file is rejected', () => {
  expect(() => decodeFlags(Buffer.alloc(4096))).toThrow('no schema of compatibility flags');
  expect(() => readPackageLock(binary, '20991231')).toThrow('no package lock 20991231');
});

test('a release with an unknown Python is rejected', () => {
  const knowsNothing = runtimesOf([], { ...sources, runtimes: [] });
  expect(() => decodeReleases(binary, decodeFlags(binary), knowsNothing)).toThrow('which Python is Pyodide');
});

test('releases other than those of the flags are rejected', () => {
  const flags = decodeFlags(binary).filter(({ fact }) => fact.field !== 'pythonWorkers20250116');
  expect(() => decodeReleases(binary, flags, runtimeOf)).toThrow('are not those of the flags');
});
