/** Wheels and other archives: names of files, metadata, and the archives. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { ArchiveError, archiveKind, readZip } from '../../../cli/packages/archive.ts';
import { requiresPythonOf } from '../../../registry/simple/project.ts';
import { pathIssue, sameFileKey } from '../../../resolver/archives/entry-path.ts';
import { readTar, TarError } from '../../../resolver/archives/tar.ts';
import { parseRecord } from '../../../resolver/wheels/files.ts';
import { parseWheelName } from '../../../resolver/wheels/wheel-name.ts';
import { makeTar, pax } from '../../resolver/archives/tarball.ts';
import { realSets } from '../../resolver/closure/sets.ts';
import { makeZip, utf8 } from '../../zip.ts';
import { bytesOf, type Parser } from '../parser.ts';

const FILENAMES = realSets.at(-1)!.packages.map(({ filename }) => filename);
const METADATA =
  'Metadata-Version: 2.4\nName: six\nVersion: 1.17.0\nRequires-Python: >=3.12\n\nRequires-Python: <3\n';
const RECORD = 'six.py,sha256=4721f391ed,34703\n"a ""b"".py",sha256=00,1\nsix-1.17.0.dist-info/RECORD,,\n';

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const ZIP = latin1(
  makeZip([
    { name: 'six.py', data: utf8('import a') },
    { name: 'six-1.17.0.dist-info/METADATA', data: utf8(METADATA) },
  ]),
);
const TAR = latin1(
  makeTar([
    pax({ path: 'a/long/name.py', size: '3' }),
    { name: 'x', data: 'abc' },
    { name: 'd/', type: '5' },
  ]),
);
const BYTES = [
  '\0',
  '\xff',
  'PK\x03\x04',
  'PK\x01\x02',
  'PK\x05\x06',
  'PK\x06\x06',
  '\x01\0',
  '\xff\xff\xff\xff',
];

const file = join(tmpdir(), `pinwheel-fuzz-${process.pid}-${threadId}.zip`);

async function* chunksOf(text: string) {
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}

export const archiveParsers: readonly Parser[] = [
  {
    name: 'paths in archives',
    share: 50,
    read(text) {
      sameFileKey(text);
      return pathIssue(text) === null;
    },
    samples: [
      'six.py',
      'numpy/core/_multiarray.cpython-313-wasm32-emscripten.so',
      '../x',
      'C:\\x',
      'aux.txt',
    ],
    pieces: ['..', '/', '\\', 'a', '.', ' ', ':', 'con', 'COM1', '\u0301', 'ß', 'é', '~1'],
    longest: 32_000,
  },
  {
    name: 'names of files',
    share: 50,
    read: (text) => archiveKind(text) !== null && parseWheelName(text) !== undefined,
    samples: FILENAMES,
    pieces: '- . _ py3 none any .whl .tar.gz cp313 emscripten_4_0_9_wasm32 1.0 1'.split(' '),
    longest: 32_000,
  },
  {
    name: 'RECORD',
    share: 30,
    read: (text) => parseRecord(text) !== null,
    samples: [RECORD],
    pieces: ['"', '""', ',', ',,', '\n', '\r\n', 'sha256=', '=', 'a.py', '/', '0'],
    longest: 64_000,
  },
  {
    name: 'METADATA',
    share: 30,
    read: (text) => requiresPythonOf(text) !== null,
    samples: [METADATA],
    pieces: ['Requires-Python:', 'Name: ', '\n', '\r\n', '\n\n', ' ', '\t', '>=3', ',', '<4', ':'],
    longest: 64_000,
  },
  {
    name: 'tar',
    share: 15,
    async read(text) {
      let entries = 0;
      for await (const { content } of readTar(chunksOf(text))) {
        entries++;
        for await (const _ of content());
      }
      return entries > 0;
    },
    isOurs: (error) => error instanceof TarError,
    samples: [TAR],
    usual: 6_000,
    pieces: [...BYTES, 'ustar\0', '00000000003\0', '25 path=x\n', '\0'.repeat(512), 'x', 'L', '5'],
    longest: 64_000,
  },
  {
    name: 'zip',
    share: 3,
    async read(text) {
      writeFileSync(file, bytesOf(text));
      let entries = 0;
      try {
        for await (const entry of readZip(file)) {
          entries++;
          await entry.pour(async () => {});
        }
      } finally {
        rmSync(file);
      }
      return entries > 0;
    },
    isOurs: (error) => error instanceof ArchiveError,
    samples: [ZIP],
    usual: 1_000,
    pieces: BYTES,
    longest: 32_000,
  },
];
