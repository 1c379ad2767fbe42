/** The issues that the gate finds in the bytes of a wheel. */
import { describe, expect, test } from 'vitest';
import { inspectWheel, wholeAllowance } from '../../registry/publish/gate/wheel-file.ts';
import {
  crc32,
  deflate,
  makeSoundWheel,
  makeWheel,
  makeZip,
  metadataOf,
  utf8,
  type ZipEntry,
} from '../zip.ts';

const NAME = 'a-1.0-py3-none-any.whl';
const problemsOf = async (bytes: Uint8Array, name = NAME) =>
  (await inspectWheel(name, bytes)).problems.join('\n');
const entry = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({ name, data: utf8('x'), ...more });

test('a correct wheel has no problems', async () => {
  expect(await problemsOf(await makeSoundWheel('a', '1.0'))).toBe('');
});

describe('a wheel with a path', () => {
  test.each(['../x', '/etc/passwd', 'c:/x', 'a\\b', 'a/../../x', 'nul'])('%s is rejected', async (path) => {
    expect(await problemsOf(makeZip([entry(path)]))).not.toBe('');
  });

  test('that is a link is rejected', async () => {
    // Unix attributes of a link and of a pipe.
    for (const kind of [0o120777, 0o010644]) {
      const link = entry('a/link', { data: utf8('/etc/passwd'), unixMode: kind });
      expect(await problemsOf(makeZip([link]))).toContain('"a/link" is a link, or neither');
    }
    expect(await problemsOf(makeZip([entry('a/file', { unixMode: 0o100644 })]))).not.toContain('link');
  });

  test('that differs from another only in case is rejected', async () => {
    expect(await problemsOf(makeZip([entry('a/B.py'), entry('A/b.py')]))).toContain('is the same file as');
  });
});

test.each([
  ['a file beside a folder of its name', [entry('a'), entry('a/b.py')], '"a" is a file and a folder'],
  ['a folder with content', [entry('a/')], 'the folder "a" has content'],
])('%s is rejected', async (_, entries, says) => {
  expect(await problemsOf(makeZip(entries))).toContain(says);
});

test.each<[string, Uint8Array]>([
  ['with a name twice', makeZip([entry('x'), entry('x')])],
  ['whose headers differ', makeZip([entry('x', { local: { name: 'y' } })])],
  ['with bytes before it', makeZip([entry('x')], { before: utf8('#!/bin/sh\n') })],
  ['with bytes after it', makeZip([entry('x')], { after: utf8('more') })],
  ['with two ends', makeZip([entry('x')], { after: makeZip([entry('y')]) })],
  ['that counts wrong', makeZip([entry('x')], { count: 2 })],
  ['packed in an unknown way', makeZip([entry('x', { method: 99 })])],
  ['with a wrong checksum', makeZip([entry('x', { crc: 1 })])],
  ['with a wrong size', makeZip([entry('x', { size: 7 })])],
  ['whose entries overlap', makeZip([entry('x'), entry('y', { offset: 0, local: { name: 'x' } })])],
  ['that says it is zip64, and is none', makeZip([entry('x')], { count: 0xffff })],
  ['with a size of zip64 that is nowhere', makeZip([entry('x', { size: 0xffffffff })])],
  ['that is not a zip', utf8('nothing of the kind')],
])('a zip %s is rejected', async (_, bytes) => {
  expect(await problemsOf(bytes)).not.toBe('');
});

test('an entry with bytes after its compressed content is rejected', async () => {
  const data = new Uint8Array([...(await deflate(utf8('x'))), 1, 2, 3]);
  const problem = await problemsOf(
    makeZip([entry('x', { data, method: 8, size: 1, crc: crc32(utf8('x')) })]),
  );
  expect(problem).toContain('"x" cannot be unpacked: Invalid CRC32');
});

test('an entry that goes on with another gzip file is rejected', async () => {
  const [hidden, shown] = [utf8('hidden'), utf8('shown')];
  const end = new DataView(new ArrayBuffer(8));
  end.setUint32(0, crc32(hidden), true);
  end.setUint32(4, hidden.length, true);
  const data = new Uint8Array([
    ...(await deflate(hidden)),
    ...new Uint8Array(end.buffer),
    ...[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255],
    ...(await deflate(shown)),
  ]);
  for (const metadata of [shown, hidden]) {
    const more = { data, method: 8, size: metadata.length, crc: crc32(metadata) };
    expect(await problemsOf(makeZip([entry('x', more)]))).toContain('"x" cannot be unpacked: Invalid');
  }
});

test('a zip bomb is rejected, before it is unpacked or early', async () => {
  const zeros = new Uint8Array(24 * 1024 * 1024);
  const [data, crc] = [await deflate(zeros), crc32(zeros)];
  const bomb = (name: string, size: number) => entry(name, { data, method: 8, size, crc });
  expect(await problemsOf(makeZip([bomb('x', 2 ** 31)]))).toContain('unpacks to more than');
  // Each is valid and small enough, but for a compression ratio of more than 50.
  const three = makeZip(['a', 'b', 'c'].map((name) => bomb(name, zeros.length)));
  expect(await problemsOf(three)).toContain('it unpacks to more than 50 times its size');
  expect(await problemsOf(makeZip([bomb('x', 1_000)]))).toContain('Invalid uncompressed size');
  const many = Array.from({ length: 2_001 }, (_, at) => entry(`f${at}/`, { data: new Uint8Array(0) }));
  expect(await problemsOf(makeZip(many))).toContain('more than 2000 entries');
});

/** The problems of a wheel that comes twice. */
const twice = async (more: Record<string, Uint8Array>, metadata = metadataOf('a', '1.0')) => {
  const bytes = await makeSoundWheel('a', '1.0', { metadata, more });
  const allowance = wholeAllowance();
  const first = await inspectWheel(NAME, bytes, allowance);
  const second = await inspectWheel(NAME, bytes, allowance);
  return [first.problems.join(), second.problems.join()];
};

test.each<[string, () => ReturnType<typeof twice>, string]>([
  [
    'entries',
    () => twice(Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`a/${at}.py`, utf8('')]))),
    'it has more than 2000 entries, together with wheels before it',
  ],
  ['bytes', () => twice({ 'a/x': new Uint8Array(17 * 1024 * 1024) }), '"a/x" unpacks to more than'],
  ['text', () => twice({}, metadataOf('a', '1.0') + 'x'.repeat(1_100_000)), 'its METADATA is too long'],
])('wheels that are sent together have a limit of %s', async (_, send, says) => {
  expect(await send()).toEqual(['', expect.stringContaining(says)]);
});

const hashed = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(metadataOf('a', '1.0'))));
const digest = btoa(String.fromCharCode(...hashed))
  .replaceAll('+', '-')
  .replaceAll('/', '_');

describe('a RECORD', () => {
  const info = 'a-1.0.dist-info';
  const files = [
    entry(`${info}/METADATA`, { data: utf8(metadataOf('a', '1.0')) }),
    entry(`${info}/WHEEL`, { data: utf8('Wheel-Version: 1.0\nTag: py3-none-any\n') }),
  ];
  test('that is missing', async () => {
    expect(await problemsOf(makeZip(files))).toContain('its RECORD is missing');
  });
  test('without hashes', async () => {
    expect(await problemsOf(makeWheel('a', '1.0'))).toContain('has no hash of "a/data.bin"');
  });
  test('whose problems are too many to list', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `${at},,\n`);
    const record = entry(`${info}/RECORD`, { data: utf8(lines.join('')) });
    const { problems } = await inspectWheel(NAME, makeZip([...files, record]));
    expect(problems.length).toBe(21);
    expect(problems.at(-1)).toMatch(/^there are \d{6} more problems$/);
  });
  test.each([
    ['that is not complete', `${info}/RECORD,,\n`, 'does not list'],
    ['that lists more', 'gone.py,sha256=x,1\n', 'which it does not have'],
    ['with wrong hashes', `${info}/METADATA,sha256=AAAA,1\n`, 'is not the file that its RECORD lists'],
    ['with wrong sizes', `${info}/METADATA,sha256=${digest},1\n`, 'says 1 bytes of'],
    ['with weak hashes', `${info}/METADATA,md5=AAAA,1\n`, 'by md5'],
    ['that is invalid', '"', 'cannot be read'],
  ])('%s', async (_, text, says) => {
    const record = entry(`${info}/RECORD`, { data: utf8(text) });
    expect(await problemsOf(makeZip([...files, record]))).toContain(says);
  });
});

test.each<[string, Parameters<typeof makeSoundWheel>[2], string]>([
  ['of another name', { metadata: metadataOf('b', '1.0') }, 'its METADATA names b'],
  ['of another version', { metadata: metadataOf('a', '2.0') }, 'names version 2.0'],
  [
    'of an unknown metadata version',
    { metadata: metadataOf('a', '1.0').replace('2.1', '9.9') },
    'unknown version 9.9',
  ],
  [
    'that is not UTF-8',
    { metadata: Uint8Array.from([...utf8(`${metadataOf('a', '1.0')}Summary: caf`), 0xe9, 0x0a]) },
    'its METADATA is not UTF-8',
  ],
  ['of other tags', { tag: 'cp27-cp27m-win32' }, 'its tags are cp27-cp27m-win32'],
])('METADATA and tags %s', async (_, change, says) => {
  expect(await problemsOf(await makeSoundWheel('a', '1.0', change))).toContain(says);
});
