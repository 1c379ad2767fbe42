/** pylock.toml, as Python's `packaging` reads it, and what it leaves out. */
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ResolveAnswer, ResolvedPackage } from '../../../resolver/answer.ts';
import { resolve, toPylock, wheelPath } from '../../../resolver/index.ts';
import { markerEnvironment } from '../../../resolver/requirements/marker.ts';
import { realSets, realSource } from '../closure/sets.ts';
import { newest as view } from '../compatibility/catalog.ts';
import { askPackaging, installPackaging } from '../requirements/packaging.ts';

const SCRIPT = fileURLToPath(new URL('pylock_oracle.py', import.meta.url));

type Read =
  | { invalid: string }
  | { refused: string }
  | { selected: Record<string, [string, string, string, Record<string, string>, number | null]> };

type Place = { python: string; platform: string; abi: string };

/** The packages that `packaging` selects from each file, on its runtime or on another. */
function askAll(files: readonly { text: string; place: Place }[]): Read[] {
  const questions = files.map(({ text, place: { python, platform, abi } }) => {
    const environment = Object.fromEntries(markerEnvironment({ python, platform }));
    const dated = /^\d{4}_\d+$/.test(abi) ? [`pyodide_${abi}_wasm32`, `pyemscripten_${abi}_wasm32`] : [];
    return { text, environment, platforms: [...dated, `${platform}_wasm32`] };
  });
  return askPackaging<Read>(questions, SCRIPT);
}

const ask = (text: string, place: Place): Read => askAll([{ text, place }])[0]!;

async function closureOf(flag: string, requirements: string[]): Promise<ResolveAnswer> {
  const answer = await resolve(
    view,
    { compatibility_date: null, compatibility_flags: [flag], as_of: '2026-11-20', requirements },
    realSource,
  );
  if (!answer.ok) throw new Error(answer.issues[0]!.message);
  return answer.value;
}

/** The upstream, or for Pinwheel-built wheels a registry. */
const located = ({ wheel }: ResolvedPackage) => wheel.upstream_url ?? `https://registry.example${wheel.url}`;

beforeAll(installPackaging);

describe('every package of a set is in a lock that installs its wheel, or is reported as left out', () => {
  const written = new Map<string, ReturnType<typeof toPylock>>();
  const read = new Map<string, Read>();
  beforeAll(async () => {
    const files: { text: string; place: Place }[] = [];
    for (const { flag, packages } of realSets) {
      const answer = await closureOf(
        flag,
        packages.map(({ name }) => name),
      );
      written.set(flag, toPylock(answer, located));
      files.push({ text: written.get(flag)!.text, place: answer.target.runtime });
    }
    for (const [at, answer] of askAll(files).entries()) read.set(realSets[at]!.flag, answer);
  });

  test.each(realSets)('$flag', ({ flag, packages }) => {
    const wheels = packages.filter(({ filename }) => filename.endsWith('.whl'));
    const seen = view.seenFiles.get(flag)?.sizes;
    const expected = wheels.map(({ name, version, filename, url, sha256, size }) => [
      name,
      [
        version,
        filename,
        url ?? `https://registry.example${wheelPath({ sha256, filename })}`,
        { sha256 },
        size ?? seen?.[name] ?? null,
      ],
    ]);
    expect(read.get(flag)).toEqual({ selected: Object.fromEntries(expected) });
    const complete = wheels.length === packages.length;
    expect(written.get(flag)!.diagnostics.map(({ code }) => code)).toEqual(complete ? [] : ['not_a_wheel']);
  });
});

describe('a lock', () => {
  const FLAG = 'python_3.13_packages_2025_09_22';

  test('is only for its Python and Emscripten', async () => {
    const answer = await closureOf(FLAG, ['idna']);
    const { text } = toPylock(answer, located);
    const { runtime } = answer.target;
    expect(ask(text, { ...runtime, python: '3.12.7' })).toMatchObject({
      refused: expect.stringContaining("Python version requirement '==3.13.*'"),
    });
    const elsewhere = text.replaceAll('emscripten', 'linux');
    expect(ask(elsewhere, runtime)).toMatchObject({ refused: expect.stringContaining('environments') });
  });

  test('is readable', async () => {
    const answer = await closureOf(FLAG, ['pydantic-core']);
    const { text } = toPylock(answer, ({ wheel }) => `https://registry.example${wheel.url}`);
    expect(text.replace(/[0-9a-f]{64}/g, '…')).toMatchInlineSnapshot(`
      "lock-version = "1.0"
      environments = ["sys_platform == 'emscripten' and platform_machine == 'wasm32'"]
      requires-python = "==3.13.*"
      created-by = "pinwheel"

      [[packages]]
      name = "pydantic-core"
      version = "2.27.2"
      dependencies = [{name = "typing-extensions"}]
      wheels = [{name = "pydantic_core-2.27.2-cp313-cp313-pyodide_2025_0_wasm32.whl", url = "https://registry.example/wheels/…/pydantic_core-2.27.2-cp313-cp313-pyodide_2025_0_wasm32.whl", hashes = {sha256 = "…"}}]

      [[packages]]
      name = "typing-extensions"
      version = "4.14.1"
      wheels = [{name = "typing_extensions-4.14.1-py3-none-any.whl", url = "https://registry.example/wheels/…/typing_extensions-4.14.1-py3-none-any.whl", hashes = {sha256 = "…"}}]

      [tool.pinwheel]
      compatibility_date = "2025-09-22"
      compatibility_flags = ["python_3.13_packages_2025_09_22"]
      pyodide = "0.28.2"
      package_set = "python_3.13_packages_2025_09_22"
      package_set_digest = "…"
      delivery = "python_modules"
      "
    `);
  });

  test('says what it has no place for', async () => {
    const { diagnostics } = toPylock(await closureOf(FLAG, ['scipy']), located);
    expect(diagnostics).toMatchObject([
      {
        code: 'not_a_wheel',
        message: 'Not in pylock.toml, which has no place for archives: libopenblas.',
        fix: 'Use pyodide-lock.json, which has every package of a set.',
      },
    ]);
  });

  test('does not change from day to day', async () => {
    const answer = await closureOf(FLAG, ['idna']);
    const later = structuredClone(answer);
    later.target.as_of = '2027-01-01';
    later.registry.revision++;
    expect(toPylock(later, located)).toEqual(toPylock(answer, located));
  });

  test('has known sizes, and escapes any text', async () => {
    const answer = await closureOf(FLAG, ['idna']);
    const hostile = 'a"b\\c\n[[packages]]\u007f\u202e\u0000é😀\r\u0085';
    answer.packages[0]!.wheel.size = 12_345;
    answer.target.compatibility_flags.push(hostile, '\ud800');
    const { text } = toPylock(answer, () => hostile);
    const lock = parse(text) as {
      packages: [{ wheels: [{ url: string; size: number }] }];
      tool: { pinwheel: { compatibility_flags: string[] } };
    };
    expect(lock.packages).toHaveLength(1);
    expect(lock.packages[0].wheels[0]).toMatchObject({ url: hostile, size: 12_345 });
    expect(lock.tool.pinwheel.compatibility_flags.slice(1)).toEqual([hostile, '\ufffd']);
    expect(ask(text, answer.target.runtime)).not.toHaveProperty('invalid');
  });
});

test('packages of an index have their index, their upload time, and the options that reproduce the answer', async () => {
  const answer = await closureOf('python_3.13_packages_2025_09_22', ['idna']);
  const filename = 'django-5.2-py3-none-any.whl';
  const url = `https://files.example/${filename}`;
  const django: ResolvedPackage = {
    ...answer.packages[0]!,
    ...{ name: 'django', version: '5.2', origin: 'index' },
    wheel: {
      ...{ filename, url, upstream_url: url, sha256: 'a'.repeat(64), size: 8_300_000, patched: null },
      ...{ index: 'https://pypi.org/simple/', upload_time: '2026-04-02T10:00:00+02:00' },
    },
  };
  const index = {
    url: 'https://pypi.org/simple/',
    exclude_newer: '2026-10-20T23:59:59.999Z',
    exclude_newer_package: { django: null, idna: '2026-11-05T00:00:00.000Z' },
    unpin: ['idna'],
  };
  const beyond: ResolveAnswer = { ...answer, packages: [...answer.packages, django], index };
  const { text } = toPylock(beyond, located);
  const { packages, tool } = parse(text) as unknown as {
    packages: { name: string; index?: string; wheels: Record<string, unknown>[] }[];
    tool: { pinwheel: Record<string, unknown> };
  };
  const [first, second] = packages;
  expect([first?.name, first?.index, second?.index]).toEqual([
    'django',
    'https://pypi.org/simple/',
    undefined,
  ]);
  expect(new Date(String(first?.wheels[0]?.['upload-time'])).toISOString()).toBe('2026-04-02T08:00:00.000Z');
  expect(tool.pinwheel).toMatchObject({
    'index-url': 'https://pypi.org/simple/',
    'exclude-newer-package': { django: false },
    unpin: ['idna'],
  });
  const { python, platform, abi } = { ...answer.target.runtime };
  expect(ask(text, { python, platform, abi })).toMatchObject({
    selected: { django: ['5.2', filename, url, { sha256: 'a'.repeat(64) }, 8_300_000] },
  });
});
