/** What the upgrade view computes and draws for the longest questions. */
import { expect, test, vi } from 'vitest';
import { PackageChangesList } from '../../registry/pages/components/changes.tsx';
import { Fix } from '../../registry/pages/components/text.tsx';
import { answerUpgrade, type Upgrade } from '../../registry/pages/question/move.ts';
import { MoveAnswer } from '../../registry/pages/question/move-answer.tsx';
import { MAX_REQUIREMENTS } from '../../resolver/question/fields.ts';
import { memberChanges } from '../../resolver/time/changes.ts';
import { AS_OF, allPins, prepared, readModules, source, view } from '../resolver/time/data.ts';

const sides = { from: '2025-11-02', to: '2026-11-01' };
const counted = { openSet: vi.fn(source.openSet), readPins: vi.fn(source.readPins), readModules };

async function upgradeOf(requirements: string[], between = sides): Promise<Upgrade> {
  const question = {
    compatibility_date: between.from,
    compatibility_flags: ['python_workers'],
    as_of: AS_OF,
  };
  const asking = { question, revision: undefined, asOfGiven: true, requirements, remarks: [] };
  const outcome = await answerUpgrade(view, asking, between, counted);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  return outcome.value;
}

const draw = (upgrade: Upgrade) =>
  String(MoveAnswer({ upgrade, origin: 'https://registry.example', kind: 'toml' }));
const countOf = (html: string, part: RegExp) => [...html.matchAll(part)].length;

const unknown = Array.from({ length: MAX_REQUIREMENTS }, (_, at) => `no-such-package-${at}`);

test('an explanation is computed once', async () => {
  const { index } = await source.openSet({ flag: 'python_3.14_packages_2026_08_25', digest: '' });
  const unmet = [...index.keys()].slice(0, 200).map((name) => `${name}>=9999`);
  counted.readPins.mockClear();
  const { at } = await upgradeOf(unmet);
  expect(at.issues.map(({ fix }) => fix === null)).toEqual(unmet.map((_, of) => of >= 50));
  expect(counted.readPins).toHaveBeenCalledTimes(1);
});

test('a set is opened once, for all dates that have it', async () => {
  counted.openSet.mockClear();
  const { answer } = await upgradeOf(['numpy>=99', 'numpy']);
  expect(answer.steps).toHaveLength(3);
  expect(counted.openSet).toHaveBeenCalledTimes(3);
});

test.each([
  ['known', [...allPins.keys()].slice(0, MAX_REQUIREMENTS), 20, 50],
  ['repeated', unknown.map(() => 'fastapi'), 0, 50],
])(
  'a page about %s names lists the first ones, and counts the rest',
  async (_, requirements, unmet, listed) => {
    const upgrade = await upgradeOf(requirements);
    const html = draw(upgrade);
    const [, steps] = /<table class="steps">(.*?)<\/table>/s.exec(html)!;
    // The head, the first row, the first requirements that are not the same on all dates, how many more there are, and the
    // flags that may affect code.
    const flags = new Set(upgrade.answer.steps.flatMap((step) => step.flags.map(({ flag }) => flag)));
    expect(flags.size).toBeGreaterThan(5);
    expect(countOf(steps!, /<tr>/g)).toBe(3 + listed + flags.size);
    expect(steps).toContain(`And ${requirements.length - listed} more`);
    expect(countOf(html, /<li class="notice error">/g)).toBe(unmet);
    // Each link would repeat the question.
    expect(countOf(html, /class="fixes"/g)).toBe(0);
    expect(html.length).toBeLessThan(300_000);
  },
);

test('names that no set has are told in the same words, however many they are', async () => {
  const headings = [20, 21, MAX_REQUIREMENTS - 1].map(async (count) => {
    const html = draw(await upgradeOf(['six', ...unknown.slice(0, count)]));
    const [, rows] = /<table class="answer-rows">(.*?)<\/table>/s.exec(html)!;
    expect(countOf(rows!, /data-label="2026-11-01:"><span class="none">not in a set/g)).toBe(20);
    expect(html.includes(`And ${count - 20} more: no-such-package-20`)).toBe(count > 20);
    expect(countOf(html, /<li class="notice error">/g)).toBe(0);
    expect(html.length).toBeLessThan(300_000);
    const [heading] = /<h1.*?<\/h1>/s.exec(html)!;
    return heading.replace(/<[^>]+>/g, '').replace(/\d+ more/, '… more');
  });
  const first = 'no-such-package-0, no-such-package-1, no-such-package-2 and … more';
  const said = `◐ All requirements but ${first} are still met on 2026-11-01; `;
  expect(await Promise.all(headings)).toEqual(Array.from({ length: 3 }, () => expect.stringContaining(said)));
});

test('names that no set has are answered by themselves, and hide nothing of the others', async () => {
  const html = draw(await upgradeOf(['fastapi', 'flask', 'langchain', 'uvicorn']));
  const [heading] = /<h1.*?<\/h1>/s.exec(html)!;
  expect(heading.replace(/<[^>]+>/g, '')).toBe(
    '✕ All requirements but flask and uvicorn are met up to 2026-09-07, but not later',
  );
  const [, rows] = /<table class="answer-rows">(.*?)<\/table>/s.exec(html)!;
  expect(rows).toMatch(/fastapi.*langchain.*flask.*not in a set.*uvicorn/s);
  expect(countOf(html, /<li class="notice error">/g)).toBe(1);
  expect(rows).toContain('data-label="2025-11-02:"><span class="none">not in a set');
  expect(rows).toContain('on from <span class="whole">2025-12-16</span>');
});

test('what changes comes before what stays the same', async () => {
  const same = ['six', 'idna'].flatMap((name) => Array.from({ length: 40 }, () => name));
  const html = draw(await upgradeOf([...same, 'no-such-package']));
  const [, steps] = /<table class="steps">(.*?)<\/table>/s.exec(html)!;
  expect(steps).toContain('no-such-package');
});

test('what nothing needs any more is not removed, and neither is what Python has built in', async () => {
  const from = { ...sides, from: '2024-03-29' };
  const { at } = await upgradeOf(['fastapi', 'aiohttp', 'langchain'], from);
  const { closure, standard_library } = at.comparison;
  const set = await source.openSet(at.comparison.to.package_set);
  const isThere = (name: string) => set.index.has(name);
  expect(standard_library.built_in).toContain('ssl');
  const { removed } = closure!;
  expect(removed.filter(({ name }) => isThere(name)).map(({ name }) => name)).toContain('pyyaml');
  for (const { name, in_set } of removed) {
    expect([name, in_set]).toEqual([
      name,
      isThere(name) ? set.members[set.index.get(name)!]!.version : undefined,
    ]);
  }
  const html = draw(await upgradeOf(['fastapi', 'aiohttp', 'langchain'], from));
  expect(html).toContain('4 packages and 1 library are removed');
  expect(html).toMatch(/Removed: 4 packages and 1 library\b(?:(?!<\/details>).)*langchain/s);
  expect(html).toMatch(/No longer in the closure, but in the set: 7 packages\b(?:(?!<\/details>).)*pyyaml/s);
  expect(html).toMatch(
    /<p>Removed: aifc, cgi, .*<p>Built into Python, without a package of the set: lzma, sqlite3, ssl\..*added: hashlib, pydecimal\./s,
  );
});

test('the code of a fix has its own lines', () => {
  const fix = 'Add to the end of the main module:\nfrom workers import asgi\n\nclass Default:\n    pass';
  const html = String(Fix({ fix }));
  expect(html).toMatch(/module:<\/p><pre>from workers import asgi\n\nclass Default:\n {4}pass<\/pre>/);
});

test('changes count packages, libraries and modules apart', async () => {
  const [before, after] = ['python_3.13_packages_2025_10_20', 'python_3.13_packages_2026_01_21'].map(
    (flag) => prepared.get(flag)!,
  );
  const changes = memberChanges(before!.members, after!.members);
  const html = String(PackageChangesList({ changes, from: before!.flag, to: after!.flag }));
  const rebuilt = changes.changed.filter(
    ({ direction, name }) => direction === 'rebuilt' && !name.endsWith('-tests'),
  );
  const count = (kind: string) => rebuilt.filter((change) => change.kind === kind).length;
  expect(html).toContain(
    `Rebuilt, in the same version: ${count('package')} packages, ${count('shared_library')} libraries, and ${count('standard_library')} modules`,
  );
});
