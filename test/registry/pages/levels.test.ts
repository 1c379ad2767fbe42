/** Pages and answers about packages of each level claim no more than was seen. */
import { beforeAll, expect, test } from 'vitest';
import { CLAIMS } from '../../claims.ts';
import { ask } from '../client.ts';
import { seed } from '../seed.ts';

beforeAll(() => seed());

const FLAG = 'python_3.13_packages_2025_10_20';
const LISTED = 'python_3.14_packages_2026_08_25';

const ABOUT = [
  ['tested', '✓', 'numpy', FLAG],
  ['imported', '✓', 'affine', FLAG],
  ['obtainable', '◎', 'soupsieve', FLAG],
  ['listed', '○', 'numpy', LISTED],
] as const;

/** What is said of a package: without the navigation, the names of other things, Pythons and the standard library. */
function said(page: string): string {
  const main = /<main[\s\S]*<\/main>/.exec(page)?.[0] ?? page;
  return main
    .replace(/<code>[\s\S]*?<\/code>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/SSL is not supported|python_workers|which Pythons are supported|parts of it do not work/g, '');
}

test.each(ABOUT)(
  '%s: the page of a package has the mark and the word, and claims no more',
  async (level, mark, name, flag) => {
    const page = await (await ask(`/packages/${name}?flag=${flag}&as_of=2026-11-20`)).text();
    const section = /<section aria-labelledby="_evidence">[\s\S]*?<\/section>/.exec(page)![0];
    const word = new RegExp(`${mark} ${level}\\b`, 'i');
    expect(section.replace(/<[^>]*>/g, '')).toMatch(word);
    expect(said(page)).not.toMatch(CLAIMS);
    const markdown = await (await ask(`/packages/${name}.md?flag=${flag}&as_of=2026-11-20`)).text();
    expect(markdown).toMatch(word);
    expect(said(markdown)).not.toMatch(CLAIMS);
  },
);

const SEEN = {
  tested: 'it was imported there',
  imported: 'it was imported there',
  obtainable: 'it was not wholly imported there',
  listed: 'nobody has run it here yet',
};

test.each(ABOUT)('%s: the sentence of a question says whether it ran', async (level, _, name, flag) => {
  const page = await (await ask(`/resolve?flag=${flag}&requirement=${name}`)).text();
  expect(page).toContain(`${name} is pinned by this package flag; ${SEEN[level]}.`);
});

test('the page of the standard library claims no more of a module than that it was imported', async () => {
  const markdown = await (await ask('/stdlib.md')).text();
  expect(markdown).toContain('| `multiprocessing.queues` | ✓ imported |');
  expect(said(await (await ask('/stdlib')).text())).not.toMatch(CLAIMS);
});

test.each(ABOUT)('%s: answers and feeds claim no more', async (level, _, name, flag) => {
  const answer = await (await ask(`/v1/resolve?flag=${flag}&requirement=${name}`)).text();
  expect(answer).toContain(`"evidence":{"level":"${level}"`);
  expect(answer).not.toMatch(CLAIMS);
  for (const path of [`/packages/${name}.atom`, `/badge/${name}.svg`]) {
    expect(said(await (await ask(`${path}?as_of=2026-11-20`)).text()), path).not.toMatch(CLAIMS);
  }
});

test.each(ABOUT)('%s: questions, searches, sets and moves claim no more', async (_, _mark, name, flag) => {
  for (const path of [
    `/resolve?flag=${flag}&requirement=${name}`,
    `/?q=${name}&as_of=2026-11-20`,
    `/sets/${flag}`,
    `/compare?from=${flag}&to=python_3.13_packages_2025_09_22&requirement=${name}`,
    `/v1/when?requirement=${name}`,
    `/v1/packages/${name}`,
    `/v1/sets/${flag}/packages/${name}`,
    `/v1/compare?from=${flag}&to=python_3.13_packages_2025_09_22&requirement=${name}`,
  ]) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 200]);
    const text = said(await answer.text());
    expect(text, path).toContain(name);
    expect(text, path).not.toMatch(CLAIMS);
  }
});

test.each(ABOUT)(
  '%s: the page of a set has the mark and the word beside the package',
  async (level, mark, name, flag) => {
    const page = await (await ask(`/sets/${flag}?as_of=2026-11-20`)).text();
    const row = new RegExp(`<tr id="${name}".*?</tr>`).exec(page)![0];
    expect(row.replace(/<[^>]*>/g, '')).toContain(`${mark} ${level}`);
    const markdown = await (await ask(`/sets/${flag}.md?as_of=2026-11-20`)).text();
    expect(markdown).toMatch(new RegExp(`^\\| \\[${name}\\].*\\| ${mark} ${level} \\|`, 'm'));
  },
);

test('pages of facts answer at the first revision, which has no set', async () => {
  for (const page of ['evidence', 'sets', 'runtimes', 'flags', 'security', 'patched']) {
    expect([page, (await ask(`/${page}?revision=1`)).status]).toEqual([page, 200]);
  }
  const page = await (await ask('/evidence?revision=1')).text();
  expect(page.replace(/<[^>]*>/g, '')).toContain('npm run evidence -- --set FLAG --package numpy');
});

test('an ABI that is the platform is said once', async () => {
  const page = said(await (await ask('/runtimes')).text());
  expect(page).toMatch(/ABI\s+emscripten_3_1_52, with/);
  expect(page).toMatch(/ABI\s+2025_0 on emscripten_4_0_9, with/);
});

test('the legend says of which modules it is that they were imported', async () => {
  for (const path of ['/evidence', '/evidence.md', '/']) {
    expect(await (await ask(path)).text(), path).toContain('The modules that its set names were imported');
  }
});

test('a package that ran has what it took, and one that failed has its error', async () => {
  const tested = said(await (await ask(`/packages/numpy?flag=${FLAG}`)).text());
  expect(tested).toMatch(/import numpy\s+up to \d+ ms of CPU time, up to \d+ MiB more memory/);
  const failed = said(await (await ask(`/packages/soupsieve?flag=${FLAG}`)).text());
  expect(failed).toContain('ModuleNotFoundError: No module named');
});

test('/evidence counts sets by level, and groups failures by their first error', async () => {
  const page = said(await (await ask('/evidence')).text()).replace(/\s+/g, ' ');
  expect(page).toMatch(
    new RegExp(`${FLAG.slice(0, -10)}\\s?${FLAG.slice(-10)}\\s(?:\\s*\\d+){4}\\s*Pyodide 0\\.29\\.0 in `),
  );
  expect(page).toContain('Not imported: soupsieve');
  expect(page).toContain('none has run here yet');
  expect(page).toContain('npm run evidence -- --set');
  expect(page).not.toMatch(CLAIMS);
});

test('the description of the API claims no more', async () => {
  const described = (await (await ask('/openapi.json')).text()).match(/[^".]*/g)!;
  expect(described.filter((sentence) => CLAIMS.test(sentence))).toEqual([]);
});

test('headlines count', async () => {
  expect(said(await (await ask(`/sets/${FLAG}`)).text())).toMatch(/277 listed, \d+ imported, \d+ tested/);
  expect(said(await (await ask('/?as_of=2026-11-20')).text())).toMatch(/\d+ listed, none run here yet/);
});
