/**
 * The scan finds what CPython's `ast` finds in the files of the standard library and of what pip has installed. Of
 * these it takes a seeded choice, and in `npm run test:all` all of them.
 */
import { expect, test } from 'vitest';
import { Random } from '../requirements/random.ts';
import { askAst, pythonFiles, scanFile } from './python-files.ts';

const CHOSEN = 300;

const all = await pythonFiles();
const files = process.env.TEST_ALL ? all : choose(all, CHOSEN);

function choose(list: readonly string[], most: number): string[] {
  const rest = [...list];
  const random = new Random(19);
  const chosen: string[] = [];
  while (chosen.length < most && rest.length > 0) {
    const at = random.below(rest.length);
    chosen.push(rest[at]!);
    rest[at] = rest.at(-1)!;
    rest.pop();
  }
  return chosen;
}

test('finds every import that CPython finds, with the same circumstances', {
  timeout: 900_000,
}, async () => {
  const expected = askAst(files);
  const found = [];
  for (const file of files) found.push(await scanFile(file));
  const differences: object[] = [];
  let [compared, imports, falseAlarms, unparsable] = [0, 0, 0, 0];
  for (const [at, wanted] of (await expected).entries()) {
    const { imports: got, isBroken } = found[at]!;
    if (wanted === null) unparsable++;
    else {
      compared++;
      imports += wanted.length;
      if (isBroken) falseAlarms++;
      if (JSON.stringify(got) !== JSON.stringify(wanted)) differences.push({ file: files[at], got, wanted });
    }
  }
  console.log(
    `${compared} of ${all.length} files, ${imports} imports; ${unparsable} are not Python ` +
      `${falseAlarms} are said not to read as Python, though they do`,
  );
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(Math.min(0.9 * CHOSEN, all.length / 2));
  expect(imports).toBeGreaterThan(compared);
  expect(unparsable).toBeLessThan(compared / 100);
  expect(falseAlarms).toBeLessThanOrEqual(compared / 10_000);
});
