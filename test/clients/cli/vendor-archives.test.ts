/** Which entries of archives are unpacked, and which are rejected. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ArchiveError, archiveKind } from '../../../cli/packages/archive.ts';
import { UNPACK_LIMITS, Unpacker } from '../../../cli/packages/unpack.ts';
import { newFolder } from '../../common/own.ts';
import { makeTar, pax, type TarEntry } from '../../resolver/archives/tarball.ts';
import { deflate, makeWheel, makeZip, utf8, type ZipEntry } from '../../zip.ts';
import { ASK, createWorld, filesBelow, pythonIn, type World } from './vendor-world.ts';

let scratch: string;
beforeEach(async () => {
  scratch = newFolder();
});

const folder = () => join(scratch, 'folder');

type Archive = [filename: string, bytes: Uint8Array];

/** Unpacks archives one after the other into a new folder, and returns the remarks about the last. */
async function unpack(archives: Archive[], limits: Partial<typeof UNPACK_LIMITS> = {}) {
  await rm(folder(), { recursive: true, force: true });
  await mkdir(folder());
  const unpacker = new Unpacker(folder(), { ...UNPACK_LIMITS, ...limits });
  let last: Awaited<ReturnType<Unpacker['unpack']>> | undefined;
  for (const [filename, bytes] of archives) {
    const path = join(scratch, filename);
    await writeFile(path, bytes);
    const name = filename.split('-')[0]!;
    const pinned = { name, version: '1.0', filename, sha256: '', size: null, url: '' };
    last = await unpacker.unpack(path, { ...pinned, kind: archiveKind(filename)! });
  }
  return last!;
}

async function expectArchiveError(archives: Archive[], says: string, limits?: Partial<typeof UNPACK_LIMITS>) {
  const error = await unpack(archives, limits).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ArchiveError);
  expect((error as Error).message).toContain(says);
}

const file = (name: string, text = name): ZipEntry => ({ name, data: utf8(text) });
const wheel = (...entries: ZipEntry[]): Archive => ['a-1.0-py3-none-any.whl', makeZip(entries)];
const zip = (...entries: ZipEntry[]): Archive => ['a-1.0.zip', makeZip(entries)];
const tar = (...entries: TarEntry[]): Archive => ['a-1.0.tar', makeTar(entries)];
const tarGz = (...entries: TarEntry[]): Archive => ['a-1.0.tar.gz', gzipSync(makeTar(entries))];

/** Sets the upper half of the attributes of all entries in a zip. */
function withMode([filename, bytes]: Archive, mode: number): Archive {
  const changed = Buffer.from(bytes);
  for (let at = changed.indexOf('PK\x01\x02'); at >= 0; at = changed.indexOf('PK\x01\x02', at + 1)) {
    changed.writeUInt32LE(mode * 65_536, at + 38);
  }
  return [filename, changed];
}

describe('archives', () => {
  test.each([
    ['a wheel', wheel(file('a/__init__.py'), file('a/b/c.txt'))],
    ['a zip', zip({ name: 'a/', data: utf8('') }, file('a/__init__.py'), file('a/b/c.txt'))],
    ['a wheel with Unix modes', withMode(wheel(file('a/__init__.py'), file('a/b/c.txt')), 0o100644)],
    [
      'a tar',
      tar(
        { name: './', type: '5' },
        { name: './a/', type: '5' },
        { name: './a/__init__.py', data: 'a/__init__.py' },
        pax({ path: 'a/b/c.txt' }),
        { name: 'x', data: 'a/b/c.txt' },
      ),
    ],
    [
      'a tar.gz',
      tarGz({ name: 'a/__init__.py', data: 'a/__init__.py' }, { name: 'a/b/c.txt', data: 'a/b/c.txt' }),
    ],
  ])('are unpacked: %s', async (_, archive) => {
    expect(await unpack([archive])).toEqual({ files: 2, bytes: 22, diagnostics: [] });
    expect(await filesBelow(folder())).toEqual({
      'a/__init__.py': 'a/__init__.py',
      'a/b/c.txt': 'a/b/c.txt',
    });
  });

  test('packed entries are unpacked', async () => {
    const content = 'x'.repeat(500_000);
    const data = await deflate(utf8(content));
    const whole = makeZip([{ name: 'a.py', method: 8, data, crc: 0x8d4d5f6a, size: content.length }]);
    await expectArchiveError([['a-1.0.zip', whole]], 'Invalid CRC32');
    const sound = makeZip([{ name: 'a.py', method: 8, data, crc: crc32(content), size: content.length }]);
    expect(await unpack([['a-1.0.zip', sound]])).toMatchObject({ bytes: 500_000 });
    expect(await filesBelow(folder())).toEqual({ 'a.py': content });
  });

  test('the parts of a wheel are installed in their folders, or left out with a remark', async () => {
    const { files, diagnostics } = await unpack([
      wheel(
        file('a/__init__.py'),
        file('a-1.0.data/purelib/pure.py'),
        file('a-1.0.data/platlib/a/plat.so'),
        file('a-1.0.data/scripts/a'),
        file('a-1.0.data/scripts/b'),
        file('a-1.0.data/headers/a.h'),
        file('a-1.0.data/__proto__/a.h'),
      ),
    ]);
    expect(files).toBe(3);
    expect(Object.keys(await filesBelow(folder())).sort()).toEqual(['a/__init__.py', 'a/plat.so', 'pure.py']);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'a-1.0-py3-none-any.whl: 2 files of its scripts left out: a Worker runs no commands.',
      'a-1.0-py3-none-any.whl: 1 file of its headers left out: a Worker compiles no extensions.',
      'a-1.0-py3-none-any.whl: 1 file of its __proto__ left out: the specification of wheels does not know it.',
    ]);
  });

  test('packages may share folders and equal files; of different files the later one is kept, with a remark', async () => {
    const { diagnostics } = await unpack([
      [
        'one-1.zip',
        makeZip([file('shared/one.py'), file('LICENSE', 'same'), file('README', '1'), file('x', '1')]),
      ],
      [
        'two-1.zip',
        makeZip([file('shared/two.py'), file('LICENSE', 'same'), file('README', '22'), file('x', '2')]),
      ],
    ]);
    expect(await filesBelow(folder())).toEqual({
      'shared/one.py': 'shared/one.py',
      'shared/two.py': 'shared/two.py',
      LICENSE: 'same',
      README: '22',
      x: '2',
    });
    expect(diagnostics).toEqual([
      {
        severity: 'warning',
        code: 'overwritten',
        message:
          'one and two both have README, x, with different content; that of two, which is loaded later, is kept.',
        fix: null,
        fixes: [],
      },
    ]);
  });
});

/** All that is wrong with names is tested with `pathIssue`. */
const names: [name: string, says: string][] = [
  ['../evil', '"../evil" leads out of its folder'],
  ['/etc/evil', 'is absolute'],
  ['a\\evil', 'has a backslash'],
  ['././evil', 'has an empty part'],
  ['evil\x1b[2J', 'has a control character'],
  ['.pinwheel.json', `".pinwheel.json" is pinwheel's own`],
  ['.PINWHEEL.json', `".PINWHEEL.json" is pinwheel's own`],
];

describe('a name is rejected', () => {
  test.each(names)('%j', async (name, says) => {
    for (const archive of [wheel(file('a'), file(name)), zip(file(name)), tar({ name }), tarGz({ name })]) {
      await expectArchiveError([archive], says);
      expect(await readdir(folder())).toEqual(archive[0].endsWith('.whl') ? ['a'] : []);
      await rm(join(folder(), 'a'), { force: true });
    }
    expect((await readdir(scratch)).filter((file) => !file.startsWith('a-1.0'))).toEqual(['folder']);
  });

  test('of a folder as well', async () => {
    for (const archive of [zip({ name: '../evil/', data: utf8('') }), tar({ name: '../evil/', type: '5' })]) {
      await expectArchiveError([archive], 'leads out of its folder');
    }
  });

  test('in the .data of a wheel as well', async () => {
    for (const [name, says] of [
      ['a-1.0.data/purelib/../../../evil', 'leads out'],
      ['a-1.0.data/purelib//etc/evil', 'has an empty part'],
      ['a-1.0.data/purelib/.pinwheel.json', "is pinwheel's own"],
      ['a-1.0.data/scripts/../evil', 'leads out'],
    ] as const) {
      await expectArchiveError([wheel(file(name))], says);
    }
  });

  test.each<[says: string, first: string, second: string]>([
    ['"a/B.py" differs from "a/b.py" in ways that some file systems ignore', 'a/b.py', 'a/B.py'],
    ['"A/c.py" differs from "a" in ways', 'a/b.py', 'A/c.py'],
    ['"e\u0301.py" differs from "é.py" in ways', 'é.py', 'e\u0301.py'],
    ['"a" is a file and a folder', 'a', 'a/b.py'],
    ['"a/b" is a file and a folder', 'a/b/c.py', 'a/b'],
    ['"A/b" differs from "a" in ways', 'a', 'A/b'],
  ])('%s', async (says, first, second) => {
    await expectArchiveError([zip(file(first), file(second))], says);
    await expectArchiveError([tar({ name: first }, { name: second })], says);
    // Neither is it allowed in two archives.
    const [ofZip, ofTar] = [makeZip([file(first)]), makeTar([{ name: second }])];
    const archives: Archive[] = [
      ['one-1.zip', ofZip],
      ['two-1.tar', ofTar],
    ];
    await expectArchiveError(archives, says);
  });

  test('that is repeated', async () => {
    await expectArchiveError([tar({ name: 'a' }, { name: 'a' })], '"a" is in it twice');
    await expectArchiveError([zip(file('b'), file('b'))], '"b" is in it twice');
    await expectArchiveError([wheel(file('c'), file('a-1.0.data/purelib/c'))], '"c" is in it twice');
  });
});

describe('an entry is rejected', () => {
  test.each([
    ['a link', withMode(wheel(file('a', '/etc/passwd')), 0o120777), '"a" is a link'],
    ['a device', withMode(wheel(file('a', '')), 0o020666), '"a" is neither a file nor a folder'],
    ['a symbolic link in a tar', tar({ name: 'a', type: '2', link: '/etc/passwd' }), '"a" is a link'],
    ['a hard link in a tar', tarGz({ name: 'a', type: '1', link: '../evil' }), '"a" is a link'],
    ['a pipe in a tar', tar({ name: 'a', type: '6' }), '"a" is neither a file nor a folder'],
    ['what no tar knows', tar({ name: 'a', type: 'Z' }), '"a" is neither a file nor a folder'],
    ['one with a wrong checksum', wheel({ ...file('a'), crc: 1 }), 'Invalid CRC32'],
    ['one with two names', wheel({ ...file('a'), local: { name: 'b' } }), 'Ambiguous archive'],
    ['one with a false size', wheel({ ...file('a'), size: 9 }), 'Invalid uncompressed size'],
    ['one packed in an unknown way', wheel({ ...file('a'), method: 99 }), 'ompression'],
    ['one that is encrypted', wheel({ ...file('a'), flags: 1 }), 'encrypt'],
  ])('%s', async (_, archive, says) => {
    await expectArchiveError([archive], says);
  });
});

describe('an archive is rejected', () => {
  test.each<[what: string, archive: Archive, says: string]>([
    ['no zip', ['a-1.0-py3-none-any.whl', utf8('<!doctype html>')], 'File format is not recognized'],
    ['an empty one', ['a-1.0-py3-none-any.whl', utf8('')], 'File format is not recognized'],
    ['a cut one', ['a-1.0.zip', makeZip([file('a'), file('b')]).subarray(0, 60)], 'End of central directory'],
    ['something before', ['a-1.0.zip', makeZip([file('a')], { before: utf8('x') })], 'Ambiguous archive'],
    [
      'something after',
      ['a-1.0.zip', makeZip([file('a')], { after: utf8('x') })],
      'Ambiguous archive: appended data',
    ],
    [
      'a wrong count',
      ['a-1.0.zip', makeZip([file('a')], { count: 2 })],
      'Central directory header not found',
    ],
    ['no gzip', ['a-1.0.tar.gz', utf8('no gzip')], 'damaged gzip data'],
    ['a cut gzip', ['a-1.0.tar.gz', gzipSync(makeTar([{ name: 'a' }])).subarray(0, 40)], 'damaged gzip data'],
    ['no tar', ['a-1.0.tar', utf8('x'.repeat(1_000))], 'damaged tar header'],
    ['a cut tar', ['a-1.0.tar', makeTar([{ name: 'a' }]).subarray(0, 512)], 'cut off'],
  ])('%s', async (_, archive, says) => {
    await expectArchiveError([archive], says);
  });

  const zeros = new Uint8Array(5_000_000);

  test('that is too large: one file', async () => {
    const data = await deflate(zeros);
    const honest = zip({ name: 'a', method: 8, data, size: zeros.length });
    await expectArchiveError([honest], '"a" unpacks to more than 1000000', { fileBytes: 1_000_000 });
    const lying = zip({ name: 'a', method: 8, data, size: 1_000 });
    await expectArchiveError([lying], 'Invalid uncompressed size', { fileBytes: 1_000_000 });
    const bomb = tarGz({ name: 'a', data: zeros });
    await expectArchiveError([bomb], '"a" unpacks to more than 1000000', { fileBytes: 1_000_000 });
    expect((await filesBelow(folder())).a ?? '').toHaveLength(0);
  });

  test('that is too large: all files of all archives', async () => {
    const archives: Archive[] = [
      ['one-1.zip', makeZip([{ name: 'a', data: zeros }])],
      ['two-1.zip', makeZip([{ name: 'b', data: zeros }])],
    ];
    await expectArchiveError(archives, 'more than 8000000 bytes', { totalBytes: 8_000_000 });
    expect(
      (await unpack([['one-1.zip', makeZip([{ name: 'c', data: zeros }])]], { totalBytes: 8_000_000 })).bytes,
    ).toBe(5_000_000);
  });

  test('that is too large: skipped parts of a tar, and its end', async () => {
    const skipped = tarGz({ ...pax({ path: 'a' }), type: 'g' }, { name: 'b', data: zeros });
    await expectArchiveError([skipped], 'more than 1000000 bytes', { totalBytes: 1_000_000 });
    const end: Archive = ['a-1.0.tar.gz', gzipSync(makeTar([{ name: 'a' }], zeros))];
    await expectArchiveError([end], 'more than 1000000 bytes', { totalBytes: 1_000_000 });
  });

  test('that has too many entries', async () => {
    const many = Array.from({ length: 101 }, (_, at) => `d/${at}`);
    await expectArchiveError([zip(...many.map((name) => file(name, '')))], 'it has more than 100 entries', {
      entries: 100,
    });
    await expectArchiveError([tar(...many.map((name) => ({ name })))], 'it has more than 50 entries', {
      entries: 50,
    });
  });
});

describe('RECORD', () => {
  const hash = (text: string, algorithm = 'sha256') =>
    `${algorithm}=${createHash(algorithm).update(text).digest('base64url')}`;
  const RECORD = 'a-1.0.dist-info/RECORD';
  const recorded = (lines: string[], ...rest: ZipEntry[]) =>
    wheel(file('a.py', 'a'), file('b.py', 'b'), ...rest, file(RECORD, `${lines.join('\n')}\n`));

  test('lists the files, with any allowed hash', async () => {
    const lines = [`a.py,${hash('a')},1`, `"b.py",${hash('b', 'sha512')}==,1`, `${RECORD},,`];
    expect((await unpack([recorded(lines)])).diagnostics).toEqual([]);
    const moved = `a-1.0.data/purelib/c.py,${hash('c', 'sha384')},`;
    const more = recorded([...lines, moved], file('a-1.0.data/purelib/c.py', 'c'));
    expect((await unpack([more])).diagnostics).toEqual([]);
  });

  test.each([
    ['another hash', `a.py,${hash('b')},1`, '"a.py" is not the file that its RECORD lists'],
    ['another hash of another kind', `a.py,${hash('b', 'sha384')},1`, '"a.py" is not the file'],
    [
      'a hash that says nothing',
      `a.py,md5=${createHash('md5').update('a').digest('base64url')},1`,
      '"a.py" is not',
    ],
    ['an invalid one', 'a.py', `"${RECORD}" is not a RECORD`],
  ])('rejects a wheel with %s', async (_, line, says) => {
    await expectArchiveError([recorded([line])], says);
  });

  test('that lacks files gets a remark', async () => {
    const { diagnostics } = await unpack([
      recorded([`a.py,${hash('a')},1`, 'b.py,,', 'gone.py,sha256=x,'], file('c.py')),
    ]);
    expect(diagnostics).toEqual([
      {
        severity: 'info',
        code: 'not_recorded',
        message: 'a-1.0-py3-none-any.whl: 2 files without a hash in its RECORD (b.py).',
        fix: null,
        fixes: [],
      },
    ]);
  });

  test('of a repacked archive gets a remark if it is wrong', async () => {
    const archive = tarGz(
      { name: 'a.py', data: 'changed' },
      { name: RECORD, data: `a.py,${hash('a')},1\ntests.py,${hash('t')},1\n` },
    );
    const { diagnostics } = await unpack([archive]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'a-1.0.tar.gz: 1 file other than its RECORD lists: it was repacked (a.py).',
    ]);
  });

  test('is read only up to a limit', async () => {
    const huge = zip({
      name: RECORD,
      data: await deflate(new Uint8Array(20_000_000)),
      method: 8,
      size: 20_000_000,
    });
    await expectArchiveError([huge], 'unpacks to more than 16777216 bytes');
  });
});

describe('the command', () => {
  let world: World;
  let cwd: string;
  beforeAll(async () => {
    world = await createWorld((shelf) => {
      shelf.add('good-1.0-py3-none-any.whl', makeWheel('good', '1.0'));
      shelf.add('evil-1.0-py3-none-any.whl', makeZip([file('evil/a.py'), file('../evil\n.py')]));
      const entries = [
        { name: './', type: '5' },
        { name: './repacked/__init__.py', data: 'from .sub import word\n' },
        { name: './repacked/sub.py', data: 'word = "from a tar"\n' },
      ];
      shelf.add('repacked-1.0-cp313-cp313-pyodide_2025_0_wasm32.tar.gz', gzipSync(makeTar(entries)));
      shelf.add('good-tests.tar', makeTar([{ name: 'good/tests/test_good.py' }]), { name: 'good-tests' });
    });
  });
  beforeEach(() => {
    cwd = newFolder();
  });
  const vendor = (...args: string[]) =>
    world.pinwheel.run(['vendor', ...args, ...ASK, '--cache', 'cache'], { cwd });

  test('rejects a hostile wheel and does not change the folder', async () => {
    expect(await vendor('good')).toMatchObject({ code: 0 });
    const before = await filesBelow(join(cwd, 'python_modules'));
    const { code, stdout, stderr } = await vendor('good', 'evil');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: evil-1.0-py3-none-any.whl could not be unpacked: "../evil');
    expect(stderr).toContain('  fix: The package set pins this file, from http://127.0.0.1:');
    expect(await filesBelow(join(cwd, 'python_modules'))).toEqual(before);
    expect((await readdir(cwd)).sort()).toEqual(['cache', 'python_modules']);
  });

  test('creates no folder if it fails', async () => {
    expect(await vendor('evil')).toMatchObject({ code: 1 });
    expect(await readdir(cwd)).toEqual(['cache']);
  });

  test('unpacks repacked archives and tests, which Python then finds', async () => {
    expect(await vendor('repacked', 'good', 'good-tests')).toMatchObject({ code: 0 });
    const program = 'import repacked; print(repacked.word)';
    expect(await pythonIn(join(cwd, 'python_modules'), program)).toBe('from a tar\n');
    expect(await readdir(join(cwd, 'python_modules/good'))).toEqual(['data.bin', 'tests']);
  });
});
