/** Whether a Worker has OpenSSL: it is left out if nothing but AnyIO names it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namesOpenssl, optionalOpenssl } from '../../cli/worker/openssl.ts';
import { newFolder, writeFiles } from '../common/own.ts';
import { FLAG_0_29_5, NO_WHEELHOUSE, useWorkshop, WRANGLER, wheelhouse } from './project.ts';
import { serve } from './workerd.ts';

const folder = newFolder();
const SITE = '/lib/python3.13/site-packages';

test.each<[string, boolean, string, source: string]>([
  ['an import', true, 'one.py', 'import os, ssl'],
  ['an import from it', true, 'one.py', 'from ssl import SSLContext'],
  ['an import in a function', true, 'one.py', 'def f():\n    import ssl'],
  ['the name as a text', true, 'one.py', 'module = import_module("ssl")'],
  ['the compiled module', true, 'one.py', 'import _ssl'],
  ['what the standard library has only with it', true, 'one.py', 'from http.client import HTTPSConnection'],
  ['what the standard library can open only with it', true, 'one.py', 'from urllib.request import urlopen'],
  ['a library that links it', true, 'one.so', '\u0000\u000clibcrypto.so\u0000'],
  ['a library of a longer name', false, 'one.so', 'LosslessFloat sparse_set.rsslot table'],
  ['a longer name', false, 'one.py', 'ssl_context = wss = "https://"'],
  ['AnyIO', false, 'anyio/_core/_sockets.py', 'import ssl\ndef f():\n    ssl.SSLContext()'],
  ['AnyIO, at import', true, 'anyio/streams/tls.py', 'import ssl\nfrom ssl import SSLContext'],
  ['another module of AnyIO', true, 'anyio/other.py', 'import ssl'],
])('%s: %s', async (_what, isNamed, path, source) => {
  await writeFiles(folder, { [path]: source });
  expect(await namesOpenssl([{ path: `${SITE}/${path}`, file: join(folder, path) }])).toBe(isNamed);
});

test.each<[string, boolean, chain: string[] | undefined]>([
  ['a requirement', true, ['ssl']],
  ['one of AnyIO', false, ['anyio', 'ssl']],
  ['unknown', true, undefined],
])('%s', (_what, isRequired, chain) => {
  const ssl = { name: 'ssl', ...(chain && { chain }) };
  expect(optionalOpenssl([{ name: 'anyio' }, ssl])).toEqual(isRequired ? [] : [ssl]);
});

if (wheelhouse === null) console.log(`a Worker without OpenSSL: ${NO_WHEELHOUSE}`);

const ENTRY = `import ftplib, http.client, xml.sax.saxutils
import anyio.streams.tls
from workers import Response, WorkerEntrypoint


async def said(use):
    try:
        return await use()
    except Exception as error:
        return [type(error).__name__, str(error), *getattr(error, "__notes__", [])]


async def dynamic():
    return __import__("s" + "sl").CERT_NONE


async def wrap():
    send, receive = anyio.create_memory_object_stream[bytes](1)
    stream = anyio.streams.stapled.StapledObjectStream(send, receive)
    return await anyio.streams.tls.TLSStream.wrap(stream, hostname="example.com")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        import anyio.streams.stapled

        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 0)
        return Response.json([await said(dynamic), await said(wrap), http.client.responses[404]])
`;

const MISSING = ['ModuleNotFoundError', "No module named 'ssl'"];
const ADVICE = 'Add ssl to the requirements: the package set has it.';

const workshop = useWorkshop();

test.runIf(wheelhouse !== null).each([['with a snapshot'], ['without one', '--no-snapshot']])(
  'a Worker with AnyIO has no OpenSSL, and says what adds it: %s',
  async (_what, ...words) => {
    const project = await workshop.project({ 'src/entry.py': ENTRY, 'requirements.txt': 'anyio\n' });
    const built = join(project, 'dist/worker');
    const build = async (...more: string[]) => {
      const all = ['--flag', FLAG_0_29_5, '--set', wheelhouse!, ...words, ...more, '--json'];
      const { stdout } = await workshop.built(project, ...all);
      const names = JSON.parse(stdout).document.packages.map(({ name }: { name: string }) => name);
      return names.filter((name: string) => name.includes('ssl'));
    };
    expect(await build()).toEqual([]);
    for (const file of ['sbom.cdx.json', 'NOTICE']) {
      expect(await readFile(join(built, file), 'utf8')).not.toContain('openssl');
    }
    await using served = await serve(built);
    const answer = await (await fetch(served.origin)).json();
    expect(answer).toEqual([MISSING, [...MISSING, ADVICE], 'Not Found']);
  },
);

test.runIf(wheelhouse !== null).each([
  ['names', ENTRY.replace('"s" + "sl"', '"ssl"'), 'anyio\n'],
  ['requires', ENTRY, 'anyio\nssl\n'],
])('a project that %s it has it', async (_what, entry, requirements) => {
  const files = { 'src/entry.py': entry, 'requirements.txt': requirements };
  const project = await workshop.project(files, WRANGLER);
  await workshop.built(project, '--flag', FLAG_0_29_5, '--set', wheelhouse!);
  const built = join(project, 'dist/worker');
  const { components } = JSON.parse(await readFile(join(built, 'sbom.cdx.json'), 'utf8'));
  const find = (name: string) => components.find((candidate: { name: string }) => candidate.name === name);
  expect(find('openssl')).toMatchObject({
    purl: 'pkg:generic/openssl@1.1.1w',
    licenses: [{ expression: 'OpenSSL' }],
  });
  expect(find('ssl').licenses).toEqual([{ expression: 'PSF-2.0' }]);
  await using served = await serve(built);
  const [dynamic] = (await (await fetch(served.origin)).json()) as unknown[];
  expect(dynamic).toBe(0);
});
