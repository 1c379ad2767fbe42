/** Every block to copy is sent back, and has to select what the page shows. */
import { parse as parseToml } from 'smol-toml';
import { beforeAll, expect, test } from 'vitest';
import type { ResolveAnswer, Target } from '../../../resolver/answer.ts';
import { readWranglerTables, wranglerSettings } from '../../../resolver/formats/wrangler.ts';
import { ask, askJson } from '../client.ts';
import { dataLog, seed } from '../seed.ts';

beforeAll(() => seed());

const AS_OF = '2026-11-20';

const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** The text of each block by its caption. */
async function blocksOf(path: string): Promise<Map<string, string>> {
  const response = await ask(path);
  expect(response.status, path).toBe(200);
  const blocks = (await response.text()).matchAll(
    /<figcaption[^>]*>([^<]*)<\/figcaption><pre[^>]*>(.*?)<\/pre>/gs,
  );
  return new Map([...blocks].map(([, caption, lines]) => [caption!, textOf(lines!)]));
}

/** A question as an address. */
function queryOf(date: string | null, flags: readonly string[], requirements: readonly string[]): string {
  const query = new URLSearchParams({ as_of: AS_OF, ...(date === null ? {} : { date }) });
  for (const flag of flags) query.append('flag', flag);
  for (const requirement of requirements) query.append('requirement', requirement);
  return query.toString();
}

const resolved = (date: string | null, flags: readonly string[], requirements: readonly string[]) =>
  askJson<ResolveAnswer>(`/v1/resolve?${queryOf(date, flags, requirements)}`);

/** The flag of the set whose simple index has an address, in which every pin has a file. */
async function indexed(url: string, pins: readonly string[]): Promise<string> {
  const { pathname } = new URL(url);
  for (const pin of pins) {
    const [name, version] = pin.split('==') as [string, string];
    const init = { headers: { accept: 'application/vnd.pypi.simple.v1+json' } };
    const page = await askJson<{ versions: string[]; files: { filename: string }[] }>(
      `${pathname}${name}/`,
      init,
    );
    expect(page.versions, pin).toContain(version);
    expect(page.files.map(({ filename }) => filename)).toContainEqual(expect.stringMatching(/\.whl$/));
  }
  return decodeURIComponent(pathname.split('/')[2]!);
}

/** The target and the packages of a block. */
type Given = Pick<ResolveAnswer, 'target' | 'packages'>;

const GIVEN: Record<string, (text: string) => Promise<Given>> = {
  'In wrangler.jsonc': (text) => fromWrangler(text, 'json'),
  'In wrangler.toml': (text) => fromWrangler(text, 'toml'),
  'wrangler.jsonc': (text) => fromWrangler(text, 'json'),
  'wrangler.toml': (text) => fromWrangler(text, 'toml'),
  'In pyproject.toml, for uv and pywrangler': async (text) => {
    const document = parseToml(text) as {
      project?: { dependencies: string[]; 'requires-python': string };
      tool: { uv: { index: { url: string }[] } };
    };
    const pins = document.project?.dependencies ?? [];
    const given = await resolved(null, [await indexed(document.tool.uv.index[0]!.url, pins)], pins);
    const python = given.target.runtime.python.replace(/\d+$/, '*');
    if (document.project) expect(document.project['requires-python']).toBe(`==${python}`);
    return given;
  },
  'With pip, into python_modules': async (text) => {
    const words = text.split(' ');
    expect(words.slice(0, 3)).toEqual(['pip', 'install', '--index-url']);
    const pins = words.filter((word) => word.includes('=='));
    return resolved(null, [await indexed(words[3]!, pins)], pins);
  },
};

async function fromWrangler(text: string, kind: 'toml' | 'json'): Promise<Given> {
  const tables = readWranglerTables('wrangler', text, kind);
  const settings = tables.ok ? wranglerSettings('wrangler', tables.value.tables) : tables;
  if (!settings.ok) throw new Error(settings.issues[0]!.message);
  const { compatibility_date, compatibility_flags } = settings.value;
  expect(compatibility_flags.filter((flag) => flag.includes('_packages_'))).toEqual([]);
  return resolved(compatibility_date, compatibility_flags, []);
}

/** Tries all blocks of a page, and returns their captions. */
async function expectGiven(
  path: string,
  shown: Target,
  packages: ResolveAnswer['packages'],
): Promise<string[]> {
  const captions: string[] = [];
  for (const [caption, text] of await blocksOf(path)) {
    const given = await GIVEN[caption]?.(text);
    if (!given) continue;
    captions.push(caption);
    const said = `${path}: ${caption}`;
    expect(given.target.package_set.flag, said).toBe(shown.package_set.flag);
    expect(given.target.runtime.abi, said).toBe(shown.runtime.abi);
    if (caption.startsWith('In wrangler')) expect(given.target.runtime, said).toEqual(shown.runtime);
    else if (packages.length > 0) {
      const wheels = (some: ResolveAnswer['packages']) => some.map(({ wheel }) => wheel.filename);
      expect(wheels(given.packages), said).toEqual(wheels(packages));
    }
  }
  return captions;
}

const WRANGLER = ['In wrangler.jsonc', 'In wrangler.toml'];
const PROJECT = 'In pyproject.toml, for uv and pywrangler';
const PIP = 'With pip, into python_modules';

test.each([
  ['2026-09-14', ['python_workers'], ['fastapi', 'pillow'], [...WRANGLER, PROJECT, PIP]],
  // Some of these are archives.
  ['2025-11-02', ['python_workers'], ['numpy'], WRANGLER],
  ['2025-11-02', ['python_3.13_packages_2025_09_22'], ['pillow'], [PROJECT, PIP]],
  ['2026-11-01', ['python_workers', 'no_python_workers_314'], ['fastapi'], WRANGLER],
  // No workerd runs it, so nothing that is vendored for it can be imported.
  [null, ['python_3.12_packages_2025_03_01'], ['pandas'], []],
])('the blocks of an answer: %s %j %j', async (date, flags, requirements, captions) => {
  const { target, packages } = await resolved(date, flags, requirements);
  const path = `/resolve?${queryOf(date, flags, requirements)}`;
  expect(await expectGiven(path, target, packages)).toEqual(captions);
});

test.each([
  ['', null],
  ['numpy', /On 2026-11-20: (\S+) on/],
  // In another set of today's runtime, and in none of today's.
  ['apsw', /has (\S+): name/],
  ['langchain-core', /last on \S+ with (\S+)\./],
])('the blocks of the home page: %s', async (query, version) => {
  const path = `/?${query === '' ? '' : `q=${query}&`}as_of=${AS_OF}`;
  const blocks = new Map([...(await blocksOf(path))].filter(([, text]) => text !== ''));
  const [toml, jsonc] = await Promise.all([...blocks].map(([caption, text]) => GIVEN[caption]!(text)));
  expect(jsonc!.target.runtime).toEqual(toml!.target.runtime);
  expect(jsonc!.target.package_set).toEqual(toml!.target.package_set);
  const html = await (await ask(path)).text();
  const [, address] = /<a id="_how" href="([^"]+)"/.exec(html) ?? [];
  if (version === null) return expect(address).toBeUndefined();
  const verdict = textOf(/<p id="_verdict">(.*?)<\/p>/s.exec(html)![1]!);
  expect(verdict).toMatch(version);
  const { searchParams } = new URL(textOf(address!), 'http://registry');
  const vendored = await resolved(null, searchParams.getAll('flag'), [query]);
  expect(vendored.target.runtime).toEqual(toml!.target.runtime);
  expect(vendored.packages.find(({ name }) => name === query)!.version).toBe(version.exec(verdict)![1]);
  const shown = await expectGiven(textOf(address!), vendored.target, vendored.packages);
  if (query === 'langchain-core') expect(await (await ask(textOf(address!))).text()).toContain(NEEDS_WHEELS);
  else expect(shown).toContain(PIP);
});

/** What the page of an archive says, for which pip and uv have no lines. */
const NEEDS_WHEELS = 'pip, uv and pylock.toml need wheels';

test('the blocks of the page of a package', async () => {
  const flag = 'python_3.13_packages_2025_09_22';
  const { target, packages } = await resolved(null, [flag], ['pandas']);
  const path = `/packages/pandas?flag=${flag}&as_of=${AS_OF}`;
  expect(await expectGiven(path, target, packages)).toEqual([PROJECT, PIP]);
});

test('the blocks of the page of every set', async () => {
  const offered: Record<string, number> = {};
  const { sets } = await askJson<{ sets: { flag: string; archive_count: number }[] }>('/v1/sets');
  let runnable = 0;
  for (const { kind, name: flag } of dataLog) {
    if (kind !== 'set') continue;
    const { target } = await resolved(null, [flag], []);
    const { archive_count } = sets.find((set) => set.flag === flag)!;
    if (target.runtime.workerd_bundle !== null && archive_count === 0) runnable++;
    for (const caption of await expectGiven(`/sets/${flag}?as_of=${AS_OF}`, target, [])) {
      offered[caption] = (offered[caption] ?? 0) + 1;
    }
  }
  expect(runnable).toBeGreaterThan(10);
  expect(offered).toEqual({ [WRANGLER[0]!]: 3, [WRANGLER[1]!]: 3, [PROJECT]: runnable });
});
