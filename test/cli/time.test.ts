import { describe, expect, test } from 'vitest';
import { WhyAnswer } from '../../resolver/closure/why.ts';
import { CompareAnswer, WhenAnswer } from '../../resolver/time/answers.ts';
import { TARGET, usePinwheel } from './pinwheel.ts';

const AS_OF = ['--as-of', '2026-11-20'];

const pinwheel = await usePinwheel();

const WRANGLER = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n';

describe('when', () => {
  const when = (...args: string[]) => pinwheel.run(['when', ...args, ...AS_OF]);

  test('lists dates and package flags, and how workerd runs them', async () => {
    const { code, stdout, stderr } = await when('langchain<0.2', '-v');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "With python_workers, langchain<0.2 is satisfied until 2025-09-28.

      Compatibility date  Version  Python  Pyodide   Package set
      until 2025-09-28    0.1.8    3.12.1  0.26.0a2  python_3.12_packages_2024_08_29, the default

      Package flag                     Version  Python  Dated       workerd runs it
      python_3.12_packages_2024_08_29  0.1.8    3.12.1  2024-08-29  until 2025-09-28, or with no_python_workers_314 and no_python_workers_20250116
      python_3.12_packages_2024_12_18  0.1.8    3.12.7  2024-12-18  no: the Worker must include Pyodide 0.27.1
      python_3.12_packages_2025_06_06  0.1.8    3.12.7  2025-06-06  no: the Worker must include Pyodide 0.27.7
      "
    `);
  });

  test('says if a marker excludes the requirement', async () => {
    const { stdout } = await when('polars; python_version >= "3.14"', '-v');
    expect(stdout.split('\n').slice(0, 6).join('\n')).toMatchInlineSnapshot(`
      "With python_workers, polars; python_version >= "3.14" is satisfied at every date.

      Compatibility date             Version     Python  Pyodide   Package set
      until 2025-09-28               none asked  3.12.1  0.26.0a2  python_3.12_packages_2024_08_29, the default
      from 2025-09-29 to 2026-09-07  none asked  3.13.2  0.28.2    python_3.13_packages_2025_08_08, the default
      from 2026-09-08 on             1.33.1      3.14.2  314.0.6   python_3.14_packages_2026_08_25, the default"
    `);
    expect(stdout).toContain('info: The marker of polars; python_version >= "3.14" does not hold everywhere');
  });

  test('uses the flags of the wrangler file', async () => {
    const flags = 'compatibility_flags = ["python_workers", "no_python_workers_314"]\n';
    const cwd = await pinwheel.folderWith({ 'wrangler.toml': flags });
    const { code, stdout, stderr } = await pinwheel.run(['when', 'polars', '-v', ...AS_OF], { cwd });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('Using wrangler.toml'),
    });
    expect(stdout).toContain('polars is satisfied at no compatibility date.');
    expect(stdout).toMatch(/^python_3\.14_packages_2026_09_14 .* without no_python_workers_314$/m);
    expect(stdout).toContain('warning: With these flags, no compatibility date satisfies polars.');
  });

  test.each<[requirement: string, says: string, exitCode?: number]>([
    ['polrs', 'error: No package set has "polrs".\n  fix: Did you mean polars?\n'],
    ['numpy=1', 'Write == instead of =.', 2],
  ])('nothing satisfies %s', async (requirement, says, exitCode = 1) => {
    const { code, stdout, stderr } = await when(requirement);
    expect({ code, stdout, stderr }).toEqual({
      code: exitCode,
      stdout: '',
      stderr: expect.stringContaining(says),
    });
  });

  test('as JSON has the same exit code', async () => {
    const { code, stdout, stderr } = await when('polrs', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(WhenAnswer.parse(JSON.parse(stdout))).toMatchObject({ intervals: [], first: null, flags: [] });
  });
});

describe('diff', () => {
  const diff = (...args: string[]) => pinwheel.run(['diff', '-v', ...args, ...AS_OF]);

  test('shows what changes, what breaks first', async () => {
    const { code, stdout, stderr } = await diff(
      ...['--from', 'python_3.14_packages_2026_08_25', '--to', 'python_3.14_packages_2026_09_14'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n\nRebuilt at the same version (348)\n')[0]).toMatchInlineSnapshot(`
      "Date         2026-08-25 → 2026-09-14
      Pyodide      314.0.6, as before
      Python       3.14.2, as before
      Package set  python_3.14_packages_2026_08_25 → python_3.14_packages_2026_09_14
      Vulnerable   1 cleared, 0 new

      Package             Before    After
      pymupdf             1.27.2.2  removed
      lxml                6.0.2     6.1.3
      psycopg             3.3.4     3.3.5
      psycopg-c           3.3.4     3.3.5
      scikit-image        0.25.2    0.26.0
      scikit-image-tests  0.25.2    0.26.0
      yt                  4.4.0     4.4.2"
    `);
    expect(stdout).toContain('\nNew (2)\n  asyncpg 0.31.0, psycopg-binary 3.3.5\n');
    expect(stdout).toContain(
      'python_workers_314  on       2026-09-08, implied by python_workers  no_python_workers_314  Runs Pyodide 314.0.6 with Python 3.14.\n',
    );
    expect(stdout).toContain(
      'info: No date is given: python_3.14_packages_2026_09_14 sets it to 2026-09-14.',
    );
  });

  test('says that a Worker is affected, and exits with 1', async () => {
    const { code, stdout, stderr } = await diff(
      '--from',
      '2025-11-02',
      '--to',
      '2026-11-01',
      'six',
      'langchain',
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.split('\n').slice(0, 3).join('\n')).toMatchInlineSnapshot(`
      "This Worker is affected: 1 requirement cannot be satisfied, 23 packages leave its closure.

      error: The package set python_3.14_packages_2026_08_25 has no package "langchain"."
    `);
    expect(stdout).toMatch(/^langchain +0\.3\.27 +removed$/m);
    // langchain needs it, on both dates.
    expect(stdout).toMatch(/^No longer in the closure, but in the set \(\d+\)\n.*\bpydantic 2\.12\.5\b/m);
    expect(stdout).toMatch(/^Vulnerable +\d+ cleared, 0 new, without what cannot be satisfied$/m);
    expect(stdout).toContain('\nRebuilt at the same version (1)\n  six\n');
  });

  test('says that a Worker is not affected, and exits with 0', async () => {
    const { code, stdout } = await diff('--from', '2026-09-13', '--to', '2026-09-14', 'fastapi');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('This Worker is not affected: its packages keep their versions.');
  });

  test('distinguishes what failed before', async () => {
    const { code, stdout } = await diff('--from', '2025-11-02', '--to', '2026-11-01', 'numpy<1');
    expect(code).toBe(1);
    expect(stdout).toContain('numpy<1 could not be satisfied before, either.');
  });

  test('of a project reads date and flags from the wrangler file, and requirements next to it', async () => {
    const cwd = await pinwheel.folderWith({
      'app/wrangler.toml': WRANGLER,
      'app/pyproject.toml': '[project]\nname = "app"\nversion = "1"\ndependencies = ["langchain"]\n',
      'six.txt': 'six\n',
    });
    const project = ['diff', '--config', 'app/wrangler.toml', '--to', '2026-11-01', ...AS_OF];
    const found = await pinwheel.run(project, { cwd });
    expect(found).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^info: Using what app.pyproject\.toml requires\.\n$/),
      stdout: expect.stringContaining('has no package "langchain"'),
    });
    expect(found.stdout).toMatch(/^Date +2025-11-02 → 2026-11-01$/m);
    const named = await pinwheel.run([...project, '-r', 'six.txt', '--json'], { cwd });
    const { project: _, ...answer } = JSON.parse(named.stdout);
    const { closure } = CompareAnswer.parse(answer);
    expect(closure!.failing).toEqual([]);
    expect([...closure!.removed, ...closure!.changed, ...closure!.added].map(({ name }) => name)).toEqual([
      'six',
    ]);
  });

  test('compares with the day of the question by default', async () => {
    const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER });
    const { code, stdout } = await pinwheel.run(['diff', ...AS_OF], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Date +2025-11-02 → 2026-11-20$/m);
  });

  test.each<[code: number, args: string[], says: string]>([
    [2, [], 'error: There is nothing to compare with.'],
    [2, ['--from', '2025-09-01', '--to', 'python_3.13_packages_2025_08_09'], 'No such package flag'],
    [2, ['--from', '2025-09-01', '--date', '2025-11-02'], "error: unknown option '--date'"],
    [3, ['--config', 'wrangler.toml'], 'wrangler.toml could not be read'],
  ])('exit code %i: %j', async (code, args, says) => {
    const ended = await diff(...args);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
  });
});

describe('why', () => {
  const why = (...args: string[]) => pinwheel.run(['why', '-v', ...args, ...TARGET]);

  test('shows the shortest chains, the pin and the file', async () => {
    const { code, stdout, stderr } = await why('Typing_Extensions', 'fastapi', 'sqlalchemy');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "typing-extensions 4.14.1 is required:
        sqlalchemy → typing-extensions
        fastapi → anyio → typing-extensions
        fastapi → pydantic → typing-extensions

      Pinned by  python_3.13_packages_2025_08_08, Pyodide 0.28.2, Python 3.13.2
      File       typing_extensions-4.14.1-py3-none-any.tar.gz
      SHA-256    639a8da5bf29c56f090e24b999ee7af75d3507db08d671539d4cec869fa43bf1
      Patch      no known patch

      info: workerd 1.20260609.1 embeds python_3.13_packages_2025_08_08; workerd 1.20261117.1 does not. Packages come from the Worker's own python_modules folder.
        fix: Run pinwheel vendor --flag python_3.13_packages_2025_08_08 with your requirements.
      "
    `);
  });

  test('of a requested package says so', async () => {
    const { stdout } = await why('jinja2', 'fastapi', 'jinja2>=3');
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'jinja2 3.1.6 is requested:',
      '  it is a requirement itself',
      '  fastapi → jinja2',
    ]);
  });

  test('names who patched it', async () => {
    const args = ['why', 'httpx', 'httpx', '--flag', 'python_3.13_packages_2025_08_19', ...AS_OF];
    expect((await pinwheel.run(args)).stdout).toMatch(/^Patched by +Pyodide$/m);
  });

  test.each<[args: string[], says: string]>([
    [
      ['numpy', 'fastapi'],
      'error: Nothing that these requirements need depends on numpy, which python_3.13_packages_2025_08_08 pins at ' +
        '2.3.1.\n  fix: To include it, require numpy itself, or a package that needs it: langchain-community',
    ],
    [['polars', 'fastapi'], 'has no package "polars".\n  fix: With the compatibility date 2026-09-08'],
    [['six', 'fastapii'], 'has no package "fastapii"'],
  ])('%j is not in the closure', async (args, says) => {
    const { code, stdout, stderr } = await why(...args);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(says) });
  });

  test("knows the packages of a set of one's own", async () => {
    const lock = await pinwheel.run(['resolve', 'six', '--format', 'pyodide-lock', ...TARGET]);
    const cwd = await pinwheel.folderWith({ 'lock.json': lock.stdout });
    const { code, stderr } = await pinwheel.run(['why', 'numpy', 'six', '--set', 'lock.json', ...TARGET], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'error: You require numpy, but the package set lock.json has no package of that name',
    );
  });

  test('as JSON has the same exit codes', async () => {
    const present = await why('anyio', 'fastapi', '--json');
    expect(present.code).toBe(0);
    expect(WhyAnswer.parse(JSON.parse(present.stdout))).toMatchObject({
      name: 'anyio',
      package: { version: '4.9.0' },
      chains: [['fastapi', 'anyio']],
      absence: null,
    });
    const absent = await why('numpy', 'fastapi', '--json');
    expect(absent.code).toBe(1);
    expect(WhyAnswer.parse(JSON.parse(absent.stdout))).toMatchObject({
      package: null,
      chains: [],
      absence: { code: 'not_needed' },
    });
  });

  test.each<[args: string[], says: string]>([
    [['numpy'], 'error: There is nothing to resolve.'],
    [
      ['numpy>=2', 'fastapi'],
      'error: numpy>=2 is not just the name of a package.\n  fix: Ask for numpy alone.',
    ],
  ])('%j is misuse', async (args, says) => {
    const ended = await why(...args);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
  });
});
