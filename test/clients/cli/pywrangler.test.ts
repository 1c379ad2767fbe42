/** Projects like the published examples and templates of Python Workers. */
import { describe, expect, test } from 'vitest';
import { usePinwheel } from '../../cli/pinwheel.ts';
import { serveIndex } from '../../resolver/solver/served-index.ts';

const pinwheel = await usePinwheel();

const DEV = '\n[dependency-groups]\ndev = [\n    "workers-py>=1.9.0",\n    "workers-runtime-sdk"\n]\n';

function pyproject(dependencies: readonly string[], groups = DEV): string {
  const list = dependencies.map((dependency) => `    "${dependency}",\n`).join('');
  const project = '[project]\nname = "example"\nversion = "0.1.0"\nrequires-python = ">=3.12"\n';
  return `${project}dependencies = [\n${list}]\n${groups}`;
}

const WRANGLER = `{
  // As create-cloudflare writes it.
  "$schema": "node_modules/wrangler/config-schema.json",
  "name": "example",
  "main": "src/entry.py",
  "compatibility_date": "2025-11-02",
  "compatibility_flags": ["python_workers"],
  "observability": { "enabled": true }
}
`;

const ENTRY =
  'from workers import Response, WorkerEntrypoint\n\nclass Default(WorkerEntrypoint):\n    def fetch(self, request): ...\n';

interface Finding {
  severity: string;
  path: string;
  line: number;
  code: string;
  message: string;
  fix: string | null;
}

/** Errors and warnings, at the date of the wrangler file and a year later. */
async function checked(
  files: Record<string, string>,
): Promise<{ code: number | null; findings: Finding[] }[]> {
  const cwd = await pinwheel.folderWith({ 'wrangler.jsonc': WRANGLER, ...files });
  return Promise.all(
    [[], ['--date', '2026-11-01']].map(async (date) => {
      const args = ['check', ...date, '--as-of', '2026-11-20', '--json'];
      const { code, stdout } = await pinwheel.run(args, { cwd });
      const { findings } = JSON.parse(stdout) as { findings: Finding[] };
      return { code, findings: findings.filter(({ severity }) => severity !== 'info') };
    }),
  );
}

const shown = ({ severity, path, line, code }: Finding) => `${path}:${line} ${severity} ${code}`;

const LOCKS = {
  'uv.lock': 'version = 1\nrevision = 3\nrequires-python = ">=3.12"\n',
  'pylock.toml':
    'lock-version = "1.0"\ncreated-by = "uv"\n\n[[packages]]\nname = "django"\nversion = "5.2.6"\n',
};

describe('a project of pywrangler', () => {
  test.each<[what: string, files: Record<string, string>, own: string[], later: string[]]>([
    ['without packages', { 'pyproject.toml': pyproject([]), 'src/entry.py': ENTRY }, [], []],
    [
      'with a package that every set has',
      { 'pyproject.toml': pyproject(['fastapi']), 'src/entry.py': `${ENTRY}import asgi\nimport fastapi\n` },
      [],
      [],
    ],
    [
      'with a package of which the set of its date has nothing, and whose module has another name',
      { 'pyproject.toml': pyproject(['pillow']), 'src/entry.py': `${ENTRY}from PIL import Image\n` },
      ['pyproject.toml:6 warning not_verified'],
      [],
    ],
    [
      'with a package for the type checker alone',
      { 'pyproject.toml': pyproject(['webtypy>=0.1.7']), 'src/entry.py': ENTRY },
      ['pyproject.toml:6 warning not_verified'],
      ['pyproject.toml:6 warning not_verified'],
    ],
    [
      'with lock files, and packages of an index that provide others',
      {
        ...LOCKS,
        'pyproject.toml': pyproject(['django==5.2.6', 'numpy<2']),
        'src/entry.py': `${ENTRY}from django.http import HttpResponse\nfrom asgiref.sync import sync_to_async\n`,
      },
      [
        'pyproject.toml:6 warning not_verified',
        'pyproject.toml:7 warning not_verified',
        'src/entry.py:6 warning not_verified',
      ],
      [
        // Django's time zones.
        'pyproject.toml:6 warning missing_requirement',
        'pyproject.toml:6 warning not_verified',
        'pyproject.toml:7 warning not_verified',
        'src/entry.py:6 warning not_verified',
      ],
    ],
  ])('%s', async (_, files, own, later) => {
    const results = await checked(files);
    expect(results.map(({ findings }) => findings.map(shown))).toEqual([own, later]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    for (const { code, message, fix } of results.flatMap(({ findings }) => findings)) {
      if (code !== 'not_verified') continue;
      expect(message).toMatch(/^Not verified: pywrangler /);
      expect(fix).toMatch(/^Run pywrangler sync, then check again/);
    }
  });

  test('is checked completely when its packages are installed', async () => {
    const dist = 'pillow-11.3.0.dist-info';
    const [own] = await checked({
      'pyproject.toml': pyproject(['pillow']),
      'src/entry.py': `${ENTRY}from PIL import Image\n`,
      'python_modules/PIL/__init__.py': '',
      'python_modules/PIL/Image.py': '',
      'python_modules/pyvenv.cfg': '',
      [`python_modules/${dist}/WHEEL`]: 'Wheel-Version: 1.0\nTag: cp313-cp313-pyodide_2025_0_wasm32\n',
      [`python_modules/${dist}/RECORD`]: 'PIL/__init__.py,,\nPIL/Image.py,,\n',
    });
    expect(own).toEqual({ code: 0, findings: [] });
  });

  test('is verified once an index was asked, which names the set lacks', async () => {
    const index = await serveIndex({
      webtypy: { '0.1.7': { requires: [], uploaded: '2025-06-01T00:00:00Z' } },
    });
    const cwd = await pinwheel.folderWith({
      'wrangler.jsonc': WRANGLER,
      'pyproject.toml': pyproject(['webtypy>=0.1.7', 'no-such-package']),
      'src/entry.py': `${ENTRY}import webtypy\n`,
    });
    const args = [
      'check',
      '--index-url',
      index.url,
      '--date',
      '2026-11-01',
      '--as-of',
      '2026-11-20',
      '--json',
    ];
    const { code, stdout } = await pinwheel.run(args, { cwd });
    await index.stop();
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.filter(({ severity }) => severity !== 'info').map(shown)).toEqual([
      'pyproject.toml:7 error unknown_package',
    ]);
    expect(code).toBe(1);
  });

  test('still fails if no index can help', async () => {
    const results = await checked({
      'pyproject.toml': pyproject(['webtypy']),
      'src/entry.py': `${ENTRY}import ssl\nfrom . import nothing\n`,
    });
    for (const { code, findings } of results) {
      expect(code).toBe(1);
      expect(findings.map(shown)).toContainEqual(expect.stringMatching(/^src\/entry\.py:\d error /));
    }
  });
});

test('the transport of current API clients is recognized', async () => {
  const cwd = await pinwheel.folderWith({
    'wrangler.jsonc': WRANGLER,
    'pyproject.toml': pyproject(['httpx', 'openai>=3']),
    'src/entry.py': `${ENTRY}import httpx\nimport openai\n`,
  });
  const { code, stdout } = await pinwheel.run(['check', '--as-of', '2026-11-20', '--json'], { cwd });
  expect(code).toBe(0);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const remarks = findings.filter((finding) => finding.code === 'httpx2_transport');
  expect(remarks.map(shown)).toEqual(['pyproject.toml:7 info httpx2_transport']);
  expect(remarks[0]!.message).toMatch(/^The current openai may require httpx2\. .*httpx2-jsfetch/);
});

test('without pywrangler, all packages have to be there', async () => {
  const [own] = await checked({
    'pyproject.toml': pyproject(['pillow'], ''),
    'src/entry.py': 'from PIL import Image\nDefault = entrypoint()\n',
  });
  // The import is explained by the requirement.
  expect(own!.findings.map(shown)).toEqual(['pyproject.toml:6 error unknown_package']);
  expect(own!.code).toBe(1);
});
