/** Packages that load native libraries, which python_modules/ cannot contain: a built Worker has them. */
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareSet, toPyodideLock } from '../../resolver/index.ts';
import { root } from '../../scripts/root.ts';
import { answering, FLAG_0_29_5, useWorkshop } from './project.ts';
import { answerOf } from './workerd.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const { PINNED_WHEELS = '' } = process.env;
const wheels = join(PINNED_WHEELS, FLAG);
const isThere = PINNED_WHEELS !== '' && existsSync(wheels);
const SKIPPED = `skipped: PINNED_WHEELS names no folder with the wheels of ${FLAG}`;
if (!isThere) console.log(`Native libraries on workerd ${SKIPPED}`);

/**
 * h5py loads the libhdf5 of another package, shapely the libgeos of its own wheel from another folder, and pynacl a library
 * that has JavaScript as text, which a Worker may not evaluate.
 */
const THREE = `import h5py
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey
from shapely.geometry import Polygon


def total():
    with h5py.File("/tmp/numbers.h5", "w") as file:
        file["numbers"] = [1, 2, 3]
        return int(file["numbers"][:].sum())


def area():
    square = Polygon([(0, 0), (2, 0), (2, 2), (0, 2)])
    other = Polygon([(1, 1), (3, 1), (3, 3), (1, 3)])
    return square.intersection(other).area


def message():
    key = SigningKey.generate()
    signed = key.sign(b"mine")
    try:
        key.verify_key.verify(b"another", signed.signature)
    except BadSignatureError:
        return key.verify_key.verify(signed).decode()
`;

const PICTURE = `import io

import numpy
from PIL import Image


def total():
    image = Image.fromarray(numpy.full((2, 3), 7, dtype="uint8"))
    file = io.BytesIO()
    image.save(file, "PNG")
    return numpy.array(Image.open(file)).sum()
`;

const SQLITE = answering('import sqlite3', 'sqlite3.connect(":memory:").execute("select 6").fetchone()[0]');

describe.skipIf(!isThere)(isThere ? 'with pinned wheels' : SKIPPED, () => {
  const workshop = useWorkshop();

  test('h5py, shapely and pynacl load their libraries in a built Worker', async () => {
    const set = JSON.parse(readFileSync(join(root, `data/sets/${FLAG}.json`), 'utf8'));
    const present = prepareSet(set).members.filter(({ filename }) => existsSync(join(wheels, filename)));
    const shelf = await workshop.pinwheel.folderWith({});
    for (const { filename } of present) await symlink(join(wheels, filename), join(shelf, filename));
    const lock = toPyodideLock(
      set,
      present,
      (pinned) => present.find(({ name }) => name === pinned.name)!.filename,
    );
    await writeFile(join(shelf, 'pyodide-lock.json'), JSON.stringify(lock));

    const folder = await workshop.project({
      'src/entry.py': answering(THREE, 'f"{total()} {area()} {message()}"'),
      'requirements.txt': 'h5py\nshapely\npynacl\n',
    });
    const words = ['--flag', FLAG_0_29_5, '--set', join(shelf, 'pyodide-lock.json')];
    await workshop.built(folder, ...words);
    expect(await answerOf(folder)).toBe('6 1.0 mine');
  });

  test('an import that fails names the package to require, with which the Worker answers', async () => {
    const folder = await workshop.project({ 'src/entry.py': SQLITE, 'requirements.txt': 'six\n' });
    const words = ['--flag', FLAG, '--find-links', wheels, '--no-snapshot'];
    const failed = await workshop.build(folder, ...words);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("ModuleNotFoundError: No module named 'sqlite3'");
    const [, missing] = /fix: Add (\S+) to the requirements: the package set has it\./.exec(failed.stderr)!;
    // A package that is required already is not proposed.
    await writeFile(join(folder, 'src/entry.py'), 'import six.nothing\n');
    const { stderr: said } = await workshop.build(folder, ...words);
    expect(said).toContain("No module named 'six.nothing'");
    expect(said).toContain('fix: Correct the project, or add the missing requirement.');
    await writeFile(join(folder, 'src/entry.py'), SQLITE);
    await appendFile(join(folder, 'requirements.txt'), `${missing}\n`);
    await workshop.built(folder, ...words);
    expect(await answerOf(folder)).toBe('6');
  });

  // Pyodide before 0.28 finds only those libraries that its own loadPackage has loaded.
  test.each([
    ...(process.env.TEST_ALL ? [['from a snapshot', []] as const] : []),
    ['without a snapshot', ['--no-snapshot']] as const,
  ])('numpy and Pillow load theirs on Pyodide 0.27.5, %s', async (_, options) => {
    const set = 'python_3.12_packages_2025_04_04';
    const folder = await workshop.project({
      'src/entry.py': answering(PICTURE, 'total()'),
      'requirements.txt': 'numpy\npillow\n',
    });
    const words = ['--flag', set, '--find-links', join(PINNED_WHEELS, set), ...options];
    await workshop.built(folder, ...words);
    expect(await answerOf(folder)).toBe('42');
  });
});
