/** The documents of files that somebody had, or of which a Git LFS pointer says the size. */
import { expect, test } from 'vitest';
import { seenIn } from '../../../resolver/closure/seen.ts';
import { levelsOf } from '../../../resolver/evidence-level.ts';
import { filesDocument } from '../../../scripts/mirror/facts.ts';
import { packageSetOf } from '../../test-set.ts';

const SOURCE = 'https://github.example/wheels/tree/0123';
const pin = (name: string, digit: string) => ({
  filename: `${name}-1.0-py3-none-any.whl`,
  sha256: digit.repeat(64),
  url: `https://files.example.com/${name}.whl`,
});
const TEST_SET = packageSetOf([pin('a', '1'), pin('b', '2')]);
const [first] = TEST_SET.packages;

test('a package whose size a pointer says stays listed until somebody has the bytes', () => {
  const bytes = { sha256: first!.sha256, size: 1234, summary: null, license: null, home_page: null };
  const pointer = { ...bytes, pointer: SOURCE };
  const levels = (of: NonNullable<ReturnType<typeof filesDocument>>) => {
    const row = { ...seenIn(TEST_SET, of, '0'.repeat(64)), revision: 1, withdrawn: null };
    return [row.sizes[first!.name], levelsOf([], row).get(first!.name)?.level];
  };
  const before = filesDocument(TEST_SET, new Map([[first!.sha256, pointer]]), [])!;
  expect(before.files).toEqual([pointer]);
  expect(levels(before)).toEqual([1234, undefined]);

  const later = filesDocument(TEST_SET, new Map([[first!.sha256, bytes]]), before.files)!;
  expect(later.files).toEqual([bytes]);
  expect(levels(later)).toEqual([1234, 'obtainable']);
  expect(filesDocument(TEST_SET, new Map([[first!.sha256, bytes]]), later.files)).toBeNull();
});
