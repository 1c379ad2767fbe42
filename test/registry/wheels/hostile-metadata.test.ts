/** Wheels with the pinned bytes and invalid content. */
import { beforeAll, expect, test } from 'vitest';
import type { Problem } from '../../../registry/http/problem.ts';
import { crc32, deflate, makeZip, metadataOf, utf8, type ZipEntry } from '../../zip.ts';
import { ask } from '../client.ts';
import { type PlantedFile, plantFiles } from './plant.ts';

const TEXT = metadataOf('x', '1.0');
const METADATA: ZipEntry = { name: 'x-1.0.dist-info/METADATA', data: utf8(TEXT) };
const MODULE: ZipEntry = { name: 'x.py', data: utf8('x = 1\n') };

const packed = async (data: Uint8Array, rest: Partial<ZipEntry> = {}): Promise<ZipEntry> => {
  const whole = { crc: crc32(data), size: data.length };
  return { ...METADATA, method: 8, data: await deflate(data), ...whole, ...rest };
};

const zeros = new Uint8Array(8 * 1024 * 1024);

/** Each row: the wheel, and words of the problem. */
const wheels: [name: string, bytes: () => Promise<Uint8Array> | Uint8Array, says: RegExp][] = [
  ['no zip', () => utf8('<html>not a wheel</html>'), /not recognized|not found/],
  ['nothing at all', () => new Uint8Array(0), /not recognized/],
  ['cut off', () => makeZip([MODULE, METADATA]).slice(0, -30), /not found|not recognized/],
  ['no METADATA', () => makeZip([MODULE]), /no METADATA/],
  ['METADATA too deep', () => makeZip([{ ...METADATA, name: `a/${METADATA.name}` }]), /no METADATA/],
  ['METADATA of two', () => makeZip([METADATA, { ...METADATA, name: 'y-1.dist-info/METADATA' }]), /two of/],
  ['METADATA twice', () => makeZip([METADATA, METADATA]), /two of them/],
  ['another name twice', () => makeZip([MODULE, MODULE, METADATA]), /duplicate filename/],
  [
    'another name in the local header',
    () => makeZip([{ ...METADATA, local: { name: 'x-1.0.dist-info/METADATB' } }]),
    /mismatched local file header/,
  ],
  [
    'another size in the local header',
    () => makeZip([{ ...METADATA, local: { size: 1 } }]),
    /mismatched local file header/,
  ],
  ['data before', () => makeZip([METADATA], { before: utf8('MZ'.repeat(50)) }), /prepended data/],
  ['data after', () => makeZip([METADATA], { after: utf8('more') }), /appended data|not found/],
  [
    'two end records',
    () => makeZip([METADATA], { comment: makeZip([METADATA]) }),
    /multiple end of central directory|mbiguous/,
  ],
  ['an unknown compression', () => makeZip([{ ...METADATA, method: 97 }]), /ompression method/],
  ['encryption', () => makeZip([{ ...METADATA, flags: 1 }]), /encrypted/],
  ['a wrong CRC', () => makeZip([{ ...METADATA, crc: 1 }]), /CRC|signature/i],
  ['a bomb', async () => makeZip([await packed(zeros)]), /8388608 bytes, and more than 1048576/],
  ['a bomb that says it is small', async () => makeZip([await packed(zeros, { size: 100 })]), /./],
  ['fewer bytes than it says', async () => makeZip([await packed(utf8(TEXT), { size: 900_000 })]), /./],
  ['a way up', () => makeZip([{ ...MODULE, name: '../x.py' }, METADATA]), /Unsafe filename/],
  ['an absolute path', () => makeZip([{ ...MODULE, name: '/etc/passwd' }, METADATA]), /Unsafe filename/],
  ['more entries than there are', () => makeZip([METADATA], { count: 60_000 }), /Central directory/],
  ['zip64 in name only', () => makeZip([METADATA], { count: 0xffff }), /./],
  ['a directory of 4 GB', () => makeZip([METADATA], { directorySize: 0xfffffff0 }), /./],
  [
    'a directory of 5 MB',
    () =>
      makeZip([METADATA, ...Array.from({ length: 80_000 }, (_, at) => ({ ...MODULE, name: `${at}.py` }))]),
    /central directory of \d+ bytes/,
  ],
];

let planted: PlantedFile[];

beforeAll(async () => {
  const files = await Promise.all(
    wheels.map(async ([, bytes], at) => ({ filename: `x${at}-1.0-py3-none-any.whl`, bytes: await bytes() })),
  );
  planted = await plantFiles(files);
});

test.each(wheels)('METADATA of a wheel with %s', async (name, _bytes, says) => {
  const file = planted[wheels.findIndex(([known]) => known === name)]!;
  const response = await ask(`${file.path}.metadata`);
  expect(response.status).toBe(422);
  const problem = await response.json<Problem>();
  expect(problem.code).toBe('unreadable_wheel');
  expect(problem.detail).toMatch(says);
  const whole = await ask(file.path);
  expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, file.bytes.length]);
});
