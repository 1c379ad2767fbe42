import { describe, expect, test } from 'vitest';
import type { Asking, IndexField } from '../../../resolver/question/fields.ts';
import { ask, makeIndex, shortly } from './made-index.ts';

const solved = async (...asked: Parameters<typeof ask>) => shortly(await ask(...asked));
const told = async (...asked: Parameters<typeof ask>) => {
  const outcome = await ask(...asked);
  return outcome.ok ? null : outcome.issues.map(({ message, fix }) => [message, fix]);
};

describe('versions', () => {
  const django = {
    django: { '5.0': ['asgiref>=3.8'], '6.0': ['asgiref>=3.9', 'tzdata; sys_platform == "win32"'] },
    asgiref: { '3.7': [], '3.8': [], '3.9': [], '4.0': ['absent'] },
  };

  test('the newest that is compatible with everything else', async () => {
    expect(await solved(['django'], django)).toEqual(['asgiref==3.9', 'django==6.0']);
    expect(await solved(['Django<6', 'asgiref==3.8'], django)).toEqual(['asgiref==3.8', 'django==5.0']);
  });
});

describe('files', () => {
  test('yanked versions only if required exactly', async () => {
    const projects = { a: { '1.0': [], '2.0': { yanked: true } }, b: { '1.0': ['a>=1'] } };
    expect(await solved(['a'], projects)).toEqual(['a==1.0']);
    expect(await solved(['a>=2'], projects)).toEqual(['no_version']);
    expect(await solved(['a==2.0', 'b'], projects)).toEqual(['a==2.0', 'b==1.0']);
    expect(await ask(['a==2.0'], projects)).toMatchObject({
      value: { diagnostics: [{ code: 'yanked_chosen' }] },
    });
  });

  test('only wheels that the runtime can run, for its Python', async () => {
    const projects = {
      a: {
        '1.0': { tags: 'cp313-cp313-pyodide_2025_0_wasm32' },
        '1.1': { tags: 'cp39-abi3-pyemscripten_2025_0_wasm32' },
        '1.2': { tags: 'cp313-cp313-manylinux_2_17_x86_64' },
        '1.3': { tags: 'cp313-cp313-pyodide_2024_0_wasm32' },
        '1.4': { tags: null },
        '1.5': { requiresPython: '>=3.14' },
        '1.6': { requiresPython: 'nonsense', requires: ['b'] },
      },
      b: { '1.0': { requiresPython: '<3.13' } },
    };
    expect(await solved(['a'], projects)).toEqual(['a==1.1']);
    expect(await solved(['a<1.1'], projects)).toEqual(['a==1.0']);
  });

  test('of several wheels of a version, the one that pip takes', async () => {
    const index = makeIndex({ a: { '1.0': [] } });
    const [file] = (await index.versionsOf('a'))!;
    const best = async (...tags: string[]) => {
      const named = (tag: string) => ({
        ...file!,
        filename: `a-1.0-${tag}.whl`,
        url: `https://x.example/${tag}`,
      });
      const outcome = await ask(['a'], {
        ...index,
        versionsOf: async () => tags.map(named),
        metadataOf: async () => 'Name: a\nVersion: 1.0\n',
      });
      return outcome.ok && outcome.value.packages[0]!.wheel.filename;
    };
    const [pep783, own, emscripten] = ['pyemscripten_2025_0', 'pyodide_2025_0', 'emscripten_4_0_9'].map(
      (platform) => `cp313-cp313-${platform}_wasm32`,
    );
    expect(await best(emscripten!, own!)).toBe(`a-1.0-${own}.whl`);
    expect(await best(emscripten!, own!, pep783!)).toBe(`a-1.0-${pep783}.whl`);
    expect(await best('cp312-abi3-pyodide_2025_0_wasm32', 'cp313-none-pyodide_2025_0_wasm32')).toBe(
      'a-1.0-cp313-none-pyodide_2025_0_wasm32.whl',
    );
    expect(await best('1a-py3-none-any', '1b-py3-none-any', '1-py3-none-any')).toBe(
      'a-1.0-1b-py3-none-any.whl',
    );
    expect(await best('2-py3-none-any', '10-py3-none-any', 'py3-none-any')).toBe('a-1.0-10-py3-none-any.whl');
  });

  test('Requires-Python counts even if only METADATA has it', async () => {
    const index = makeIndex({ a: { '1.0': [], '2.0': { requiresPython: '>=3.14' } } });
    const quiet = {
      ...index,
      versionsOf: async (name: string) =>
        (await index.versionsOf(name))?.map((file) => ({ ...file, requires_python: null })) ?? null,
    };
    expect(await solved(['a'], quiet)).toEqual(['a==1.0']);
    expect(await told(['a>1'], quiet)).toEqual([
      [expect.stringContaining('a 2.0 requires Python >=3.14'), null],
    ]);
  });
});

describe('extras and markers', () => {
  const projects = {
    uvicorn: {
      '1.0': [
        'h11',
        'click>=8; extra == "standard"',
        'colorama; extra == "standard" and sys_platform == "win32"',
      ],
    },
    h11: { '1.0': [] },
    click: { '7.0': [], '8.0': [] },
    all: { '1.0': ['uvicorn[standard]', 'all[more]; extra == "most"', 'h11; extra == "more"'] },
  };
  test('an extra that does not exist adds nothing', async () => {
    expect(await ask(['h11[nothing]'], projects)).toMatchObject({
      ok: true,
      value: { packages: [{ name: 'h11' }], diagnostics: [{ code: 'unknown_extra' }] },
    });
  });

  test('the version with an extra is the version without', async () => {
    const versions = { '1.0': ['b; extra == "x"'], '2.0': ['b>=2; extra == "x"'] };
    const both = { a: versions, b: { '1.0': [] }, c: { '1.0': ['a'] } };
    expect(await solved(['a[x]', 'c'], both)).toEqual(['a==1.0', 'b==1.0', 'c==1.0']);
  });

  test('requirements whose marker does not hold are ignored, with a remark', async () => {
    expect(await ask(['h11; sys_platform == "win32"'], projects)).toMatchObject({
      ok: true,
      value: { packages: [], diagnostics: [{ code: 'excluded_by_marker' }] },
    });
    expect(await solved(['h11; os_name ~= "posix"'], projects)).toEqual(['meaningless_marker']);
  });
});

describe('the set', () => {
  const pins = {
    fastapi: ['0.116.1', 'starlette', 'pydantic'],
    starlette: ['0.47.2'],
    pydantic: ['2.12.5', 'pydantic-core'],
    'pydantic-core': ['2.41.5'],
  } satisfies Parameters<typeof ask>[2];
  const projects = {
    fastapi: {
      '0.116.1': ['python-multipart; extra == "all"'],
      '0.142.2': ['starlette>=1', 'pydantic>=2', 'otel'],
    },
    starlette: { '0.47.2': [], '1.7.0': [] },
    pydantic: { '2.12.5': ['pydantic-core==2.41.5'], '3.0': ['pydantic-core>=3'] },
    'pydantic-core': { '2.41.5': [], '2.42.0': [] },
    otel: { '1.0': [] },
    'python-multipart': { '0.1': [] },
    app: { '1.0': ['starlette', 'otel'] },
  };

  test('has priority for its names', async () => {
    const outcome = await ask(['app'], projects, pins);
    expect(outcome).toMatchObject({
      value: {
        packages: [
          { name: 'otel', origin: 'index', wheel: { upload_time: '2026-01-15T12:00:00Z', patched: null } },
          {
            name: 'starlette',
            version: '0.47.2',
            origin: 'set',
            wheel: { url: expect.stringMatching(/^\/wheels\//) },
          },
          { name: 'app', origin: 'index' },
        ],
      },
    });
    expect(await solved(['fastapi>=0.140'], projects, pins)).toEqual(['version_conflict']);
  });

  test('proposes what to unpin, and that works', async () => {
    const outcome = await ask(['fastapi>=0.140'], projects, pins);
    const [issue] = outcome.ok ? [] : outcome.issues;
    expect(issue!.fix).toBe(
      'Let fastapi and starlette come from the index: ask with unpin=fastapi and unpin=starlette.',
    );
    const [fix] = issue!.fixes;
    const unpin = fix?.kind === 'take_from_index' ? fix.packages : [];
    const after = await ask(['fastapi>=0.140'], projects, pins, { unpin });
    expect(shortly(after)).toEqual([
      'fastapi==0.142.2',
      'otel==1.0',
      'pydantic-core==2.41.5',
      'pydantic==2.12.5',
      'starlette==1.7.0',
    ]);
    expect(after).toMatchObject({
      value: {
        index: { unpin: ['fastapi', 'starlette'] },
        diagnostics: [
          { code: 'unpinned', message: expect.stringContaining('starlette 1.7.0 comes from the index') },
          { code: 'unpinned', message: expect.stringContaining('instead of the 0.116.1') },
        ],
      },
    });
  });

  test('proposes nothing that would not work', async () => {
    expect(await told(['fastapi>=0.200'], projects, pins)).toEqual([
      [expect.stringContaining('pins 0.116.1'), 'To stay with this set, ask for fastapi.'],
    ]);
    expect(await solved(['fastapi'], projects, pins)).toContain('fastapi==0.116.1');
    // Another requirement needs a newer version, too.
    const needs = { ...projects, needs: { '1.0': ['fastapi>=0.200'] } };
    expect(await told(['fastapi>=0.200', 'needs'], needs, pins)).toEqual([
      [expect.stringContaining('pins 0.116.1'), null],
    ]);
  });

  test('members are compatible with unpinned ones only by their own METADATA', async () => {
    expect(await solved(['pydantic'], projects, pins, { unpin: ['pydantic-core'] })).toEqual([
      'pydantic-core==2.41.5',
      'pydantic==2.12.5',
    ]);
    const { pydantic: _, ...silent } = projects;
    expect(await ask(['pydantic'], silent, pins, { unpin: ['pydantic-core'] })).toMatchObject({
      value: {
        packages: [{ version: '2.42.0' }, {}],
        diagnostics: [{ code: 'unpinned' }, { code: 'unpinned_unchecked' }],
      },
    });
  });

  test('extras of its members are read from METADATA in the index', async () => {
    expect(await solved(['fastapi[all]'], projects, pins)).toContain('python-multipart==0.1');
    expect(await ask(['starlette[full]'], null, pins)).toMatchObject({
      value: { diagnostics: [{ code: 'extras_not_recorded' }] },
    });
  });

  test('lacks a name to unpin: with a remark', async () => {
    expect(await ask(['app'], projects, pins, { unpin: ['other'] })).toMatchObject({
      value: { diagnostics: [{ code: 'nothing_to_unpin' }] },
    });
    // It comes from the index anyway.
    expect(await ask(['app'], projects, pins, { unpin: ['otel'] })).toMatchObject({
      value: { diagnostics: [] },
    });
  });

  test('without an index, provides everything', async () => {
    expect(await solved(['fastapi'], null, pins)).toHaveLength(4);
    expect(await told(['app'], null, pins)).toEqual([
      [
        'You require app, but the package set python_3.13_packages_2026_11_01 has no package of that name, and no index is given.',
        'An index may have it: ask with index.',
      ],
    ]);
  });
});

describe('time', () => {
  const projects = {
    a: {
      '1.0': { uploaded: '2026-09-30T23:59:59.999Z' },
      '1.1': { uploaded: '2026-10-01T23:59:59.999Z' },
      '1.2': { uploaded: '2026-10-02T00:00:00Z' },
    },
    undated: { '1.0': { uploaded: null } },
  };
  test.each<[Asking<IndexField>, string]>([
    [{}, '1.1'],
    [{ exclude_newer: '2026-09-30' }, '1.0'],
    [{ exclude_newer: '2026-10-02T00:00:00Z' }, '1.2'],
    [{ exclude_newer: '2026-10-02T01:00:00+02:00' }, '1.0'],
    [{ exclude_newer: false }, '1.2'],
    [{ exclude_newer: '2026-09-30', exclude_newer_package: { A: '2026-10-02' } }, '1.2'],
    [{ exclude_newer_package: { a: false } }, '1.2'],
  ])('with %j it is %s', async (more, version) => {
    expect(await solved(['a'], projects, {}, more)).toEqual([`a==${version}`]);
  });

  test.each(['2026-02-30', '2026-1-1', 'yesterday', '', '2026-10-02T00:00'])(
    '%j is not a cut-off',
    async (text) => {
      expect(await solved(['a'], projects, {}, { exclude_newer: text })).toEqual(['invalid_cutoff']);
      expect(await solved(['a'], projects, {}, { exclude_newer_package: { a: text } })).toEqual([
        'invalid_cutoff',
      ]);
    },
  );

  test('an exception for one package is proposed, and works', async () => {
    const found = (await told(['a>1.1'], projects))!;
    expect(found).toEqual([
      [
        'You require a>1.1, but 1.2 is left out, which was uploaded after the cut-off, at 2026-10-02T00:00:00Z.',
        'Let newer uploads of a count: ask with exclude_newer_package=a=2026-10-02.',
      ],
    ]);
    expect(await solved(['a>1.1'], projects, {}, { exclude_newer_package: { a: '2026-10-02' } })).toEqual([
      'a==1.2',
    ]);
  });

  test('an index without upload times is not reproducible', async () => {
    expect(await ask(['undated'], projects)).toMatchObject({
      value: {
        packages: [{ wheel: { upload_time: null } }],
        diagnostics: [{ severity: 'warning', code: 'no_upload_times' }],
      },
    });
  });
});

describe('issues', () => {
  test('all issues of a question at once', async () => {
    const outcome = await ask(['a=1', '-r x'], {}, {}, { unpin: ['../x'], exclude_newer: 'never' });
    expect(shortly(outcome)).toEqual([
      'invalid_requirement',
      'pip_option_requirement',
      'invalid_cutoff',
      'invalid_name',
    ]);
  });

  test('every requirement that nothing satisfies', async () => {
    const outcome = await ask(['a>=2', 'b', 'c>1'], { a: { '1.0': [] } }, { c: ['1.0'], bb: ['1.0'] });
    expect(shortly(outcome)).toEqual(['no_version', 'unknown_package', 'version_conflict']);
  });

  test('each text once, of which the first fifty are explained', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `absent-${at}`);
    const outcome = await ask([...names, 'absent-3', 'absent-3'], {}, { absent: ['1.0'] });
    const issues = outcome.ok ? [] : outcome.issues;
    expect(issues.map((issue) => 'repeats' in issue && issue.repeats)).toEqual(
      names.map((_, at) => (at === 3 ? [60, 61] : [])),
    );
    expect(issues.map(({ fix }) => fix === null)).toEqual(names.map((_, at) => at >= 50));
  });

  test('an index package that needs a URL, and METADATA that cannot be read', async () => {
    const projects = {
      a: { '1.0': ['b @ https://evil.example/b-1.0-py3-none-any.whl'] },
      c: { '1.0': ['d (>=1.0.*)'] },
    };
    expect(await told(['a'], projects)).toEqual([
      [expect.stringContaining('requires a URL, which an index may not'), null],
    ]);
    expect(await told(['c'], projects)).toEqual([
      [expect.stringContaining('has a requirement that cannot be read'), null],
    ]);
  });

  test('METADATA with another name or version', async () => {
    const index = makeIndex({ a: { '1.0': [] } });
    for (const said of ['Name: b\nVersion: 1.0\n', 'Name: a\nVersion: 1.1\n', '']) {
      const lying = { ...index, metadataOf: async () => said };
      await expect(ask(['a'], lying)).rejects.toMatchObject({ name: 'IndexError', code: 'other_project' });
    }
    // The same version in another spelling is fine.
    expect(await solved(['a'], { ...index, metadataOf: async () => 'Name: A\nVersion: 1\n' })).toEqual([
      'a==1.0',
    ]);
  });

  test('10,000 versions that do not match, within the limit', async () => {
    const versions = Array.from({ length: 10_000 }, (_, at) => [`${at}.0`, ['b>=2']] as const);
    const projects = { a: Object.fromEntries(versions), b: { '1.0': [] } };
    // METADATA of a version is read once, and counts as effort.
    expect(await solved(['a'], projects)).toEqual(['no_solution']);
    expect(await solved(['a'], projects, {}, { effort: 1_000_000 })).toEqual(['too_hard']);
    expect(await solved(['a>=9990', 'b>=1'], projects)).toEqual(['no_solution']);
  });
});
