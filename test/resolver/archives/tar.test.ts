import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readTar } from '../../../resolver/archives/tar.ts';
import { makeTar, pax, type TarEntry } from './tarball.ts';

/** In chunks of `size`, as a stream may hand them over. */
async function* chunked(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(archive: Uint8Array, chunk = 700) {
  const entries: { name: string; type: string; content: string }[] = [];
  for await (const { name, type, size, content } of readTar(chunked(archive, chunk))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content()) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    expect(bytes).toHaveLength(size);
    entries.push({ name, type, content: bytes.toString() });
  }
  return entries;
}

const file = (name: string, content = '') => ({ name, type: 'file', content });
const deep = `${'folder/'.repeat(30)}file.py`;
const umlaut = `ü/${'ö'.repeat(120)}.py`;

describe("output of Python's tarfile", () => {
  const program = `
import io, sys, tarfile
with tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=getattr(tarfile, sys.argv[1])) as tar:
    folder = tarfile.TarInfo('./')
    folder.type = tarfile.DIRTYPE
    tar.addfile(folder)
    for name in sys.argv[2:]:
        content = name.encode() * 50
        info = tarfile.TarInfo(name)
        info.size = len(content)
        info.mtime = 1.5
        tar.addfile(info, io.BytesIO(content))
    link = tarfile.TarInfo('link')
    link.type = tarfile.SYMTYPE
    link.linkname = 'x' * 200 if sys.argv[1] != 'USTAR_FORMAT' else 'x'
    tar.addfile(link)
`;
  test.each([
    ['USTAR_FORMAT', ['a.py', deep]],
    ['GNU_FORMAT', ['a.py', deep, umlaut]],
    ['PAX_FORMAT', ['a.py', deep, umlaut]],
  ])('is read: %s', async (format, names) => {
    const archive = execFileSync('python3', ['-c', program, format, ...names]);
    for (const chunk of [1, 511, 512, 100_000]) {
      expect(await read(archive, chunk)).toEqual([
        { name: './', type: 'directory', content: '' },
        ...names.map((name) => file(name, name.repeat(50))),
        { name: 'link', type: 'link', content: '' },
      ]);
    }
  });
});

test('unread parts of an entry are skipped', async () => {
  const archive = makeTar([
    { name: 'a', data: 'x'.repeat(3_000) },
    { name: 'b', data: 'y'.repeat(3_000) },
    { name: 'c', data: 'z' },
  ]);
  const names: string[] = [];
  for await (const { name, content } of readTar(chunked(archive, 700))) {
    names.push(name);
    if (name === 'b') for await (const _ of content()) break;
  }
  expect(names).toEqual(['a', 'b', 'c']);
});

test('names are read from every place of the format', async () => {
  const long = 'n'.repeat(150);
  expect(
    await read(
      makeTar([
        { name: 'c.py', prefix: 'a/b' },
        { name: 'gnu.py', prefix: 'no prefix', magic: 'ustar  \0' },
        { name: 'v7.py', magic: '' },
        { name: 'folder/', magic: '' },
        pax({ comment: 'x', path: 'from pax' }),
        { name: 'ignored', prefix: 'ignored' },
        { name: '././@LongLink', type: 'L', data: `${long}\0` },
        { name: 'ignored' },
        { ...pax({ path: 'for all' }), type: 'g' },
        { name: 'last', type: '\0' },
        { name: 'contiguous', type: '7' },
        { name: '\ufeffbom' },
      ]),
    ),
  ).toEqual([
    file('a/b/c.py'),
    file('gnu.py'),
    file('v7.py'),
    { ...file('folder/'), type: 'directory' },
    file('from pax'),
    file(long),
    file('last'),
    file('contiguous'),
    file('\ufeffbom'),
  ]);
});

test('a size may be in pax records, or binary', async () => {
  const archive = makeTar([pax({ size: '5' }), { name: 'a', data: 'abcde', size: 0 }]);
  expect(await read(archive)).toEqual([file('a', 'abcde')]);
  const binary = makeTar([{ name: 'a', data: 'abcde' }]);
  binary.fill(0, 124, 136);
  binary[124] = 0x80;
  binary[135] = 5;
  binary.write('        ', 148);
  const sum = binary.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  binary.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  expect(await read(binary)).toEqual([file('a', 'abcde')]);
});

test.each<[type: string, kind: string]>([
  ['1', 'link'],
  ['2', 'link'],
  ['3', 'other'],
  ['6', 'other'],
  ['S', 'other'],
  ['V', 'other'],
])('type %s is %s', async (type, kind) => {
  expect(await read(makeTar([{ name: 'a', type, link: 'b' }]))).toEqual([{ ...file('a'), type: kind }]);
});

const sound = makeTar([{ name: 'a', data: 'x'.repeat(1_000) }]);
const record = (data: string | Uint8Array): TarEntry[] => [{ name: 'p', type: 'x', data }, { name: 'a' }];

test.each<[what: string, archive: Uint8Array, says: string]>([
  ['nothing', new Uint8Array(0), 'has no end'],
  ['no end', sound.subarray(0, 1_536), 'has no end'],
  ['a cut header', sound.subarray(0, 500), 'cut off in the middle of a header'],
  ['a cut file', sound.subarray(0, 1_000), 'cut off in the middle of a'],
  ['cut padding', sound.subarray(0, 1_520), 'cut off after a'],
  ['cut attributes', makeTar([pax({ path: 'a' })]).subarray(0, 600), 'cut off in the middle of attributes'],
  ['something else', Buffer.alloc(2_000, 'x'), 'damaged tar header'],
  ['a wrong checksum', makeTar([{ name: 'a', checksum: 1 }]), 'its checksum is wrong'],
  ['data after the end', Buffer.concat([sound, Buffer.from('x')]), 'something after the end'],
  ['an invalid size', makeTar([{ name: 'a', size: -1 }]), 'a number cannot be read'],
  ['a folder with a size', makeTar([{ name: 'a', type: '5', data: 'x' }]), 'a is not a file, and has a size'],
  ['a link with a size', makeTar([{ name: 'a', type: '1', data: 'x' }]), 'a is not a file, and has a size'],
  ['a sparse file', makeTar([pax({ 'GNU.sparse.major': '1' }), { name: 'a' }]), 'a sparse file'],
  [
    'huge attributes',
    makeTar([{ name: 'a', type: 'x', size: 10_000_000_000 - 1 }]),
    'attributes of 9999999999',
  ],
  ['huge names', makeTar([{ name: 'a', type: 'L', data: 'x'.repeat(70_000) }]), 'attributes of 70000 bytes'],
  ['pax without a length', makeTar(record('path=a\n')), 'damaged pax attributes'],
  ['pax of a wrong length', makeTar(record('99 path=a\n')), 'damaged pax attributes'],
  ['pax of no length', makeTar(record('0 path=a\n')), 'damaged pax attributes'],
  ['pax of a negative length', makeTar(record('-9 path=a\n')), 'damaged pax attributes'],
  ['pax that goes on without a record', makeTar(record('9 path=a\n\0\0\0')), 'damaged pax attributes'],
  ['pax with a length that is not a number', makeTar(record('0x9 path=a\n')), 'damaged pax attributes'],
  ['pax with a wrong size', makeTar(record('12 size=1e9\n')), 'a size cannot be read'],
  ['names that are not UTF-8', makeTar(record(Buffer.from('11 path=\xff\xfe\n', 'latin1'))), 'not UTF-8'],
])('is refused: %s', async (_, archive, says) => {
  for (const chunk of [13, 512, 100_000]) await expect(read(archive, chunk)).rejects.toThrow(says);
});

test('an endless tail is read in bounded memory, and errors of the source are thrown', async () => {
  async function* endless() {
    yield sound;
    for (let megabytes = 0; megabytes < 500; megabytes++) yield new Uint8Array(1_000_000);
    throw new Error('enough');
  }
  const before = process.memoryUsage().arrayBuffers;
  const names: string[] = [];
  const reading = async () => {
    for await (const { name } of readTar(endless())) names.push(name);
  };
  await expect(reading()).rejects.toThrow('enough');
  expect(names).toEqual(['a']);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300_000_000);
});
