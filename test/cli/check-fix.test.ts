/** `pinwheel check --fix`: what it applies, `check` no longer finds. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
const FLAG = 'python_3.13_packages_2025_10_20';

async function fixed(files: Record<string, string>, ...words: string[]) {
  const cwd = await pinwheel.folderWith(files);
  const codes = async () => {
    const { stdout, stderr } = await pinwheel.run(['check', '--format', 'json', ...words], { cwd });
    expect(stderr).toBe('');
    return JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
  };
  const before = await codes();
  const ended = await pinwheel.run(['check', '--fix', ...words], { cwd });
  return {
    ...ended,
    before,
    after: await codes(),
    read: (file: string) => readFile(join(cwd, file), 'utf8'),
    cwd,
  };
}

test('adds what nothing requires and a handler, moves a package flag, and keeps comments', async () => {
  const { code, stdout, stderr, before, after, read } = await fixed({
    'wrangler.toml': `main = "src/entry.py" # the entry
compatibility_date = "2026-03-01"
compatibility_flags = [
  "python_workers",
  "${FLAG}", # ours
]
`,
    'pyproject.toml': `[project]
name = "w" # ours
dependencies = ["pydantic>=2"]
`,
    'src/entry.py': 'import numpy\nfrom fastapi import FastAPI\n\napp = FastAPI()\n',
  });
  expect(before).toEqual(
    expect.arrayContaining([
      'no_handler',
      'package_flag_in_wrangler',
      'unlisted_package',
      'unlisted_package',
    ]),
  );
  expect([code, stderr]).toEqual([0, '']);
  const gone = ['no_handler', 'package_flag_in_wrangler', 'unlisted_package'];
  expect(after.filter((left: string) => gone.includes(left))).toEqual([]);
  expect(await read('wrangler.toml')).toBe(`main = "src/entry.py" # the entry
compatibility_date = "2026-03-01"
compatibility_flags = [
  "python_workers", # ours
]
`);
  expect(await read('pyproject.toml')).toBe(`[project]
name = "w" # ours
dependencies = ["pydantic>=2", "numpy", "fastapi"]

[tool.pinwheel]
package-set = "${FLAG}"
`);
  expect(await read('src/entry.py')).toMatch(
    /^import numpy\n[\s\S]+\napp = FastAPI\(\)\n\n\nimport asgi\nfrom workers import WorkerEntrypoint\nclass Default/,
  );
  expect(stdout).toContain('\n+ package-set = ');
  expect(stdout).toContain(`\n-   "${FLAG}", # ours\n`);
});

test('a flag in JSON, requirements in a text file, and line ends of Windows', async () => {
  const { code, after, read } = await fixed({
    'wrangler.json': `{"main": "entry.py", "compatibility_date": "2026-03-01", "compatibility_flags": ["python_workers", "${FLAG}"]}`,
    'entry.py': 'import numpy\r\n',
  });
  expect([code, after]).toEqual([0, []]);
  expect(JSON.parse(await read('wrangler.json')).compatibility_flags).toEqual(['python_workers']);
  expect(await read('requirements.txt')).toBe('numpy\n');
  expect(await read('entry.py')).toMatch(/^import numpy\r\n\r\n\r\nfrom workers[\s\S]+\r\n$/);
});

test('what it cannot change stays, with a remark; a second time changes nothing', async () => {
  const files = {
    'wrangler.toml': `main = "entry.py"
compatibility_date = "2026-03-01"
compatibility_flags = ["python_workers", "${FLAG}"]
`,
    'pyproject.toml': 'tool = { pinwheel = {} }\n',
    'entry.py': 'from workers import Response\n\nasync def on_fetch(request):\n    return Response("x")\n',
  };
  const { code, stderr, before, after, read } = await fixed(files);
  expect([code, after]).toEqual([1, before]);
  expect(stderr).toContain('Not changed, because of how the file is written: wrangler refuses');
  for (const [file, text] of Object.entries(files)) expect(await read(file)).toBe(text);
});

test('requirements that were named with -r are left alone', async () => {
  const { read } = await fixed(
    { 'entry.py': 'import numpy\n', 'other.txt': 'pydantic\n' },
    ...['-r', 'other.txt', '--date', '2026-03-01', '--flag', 'python_workers'],
  );
  expect(await read('other.txt')).toBe('pydantic\n');
  await expect(read('requirements.txt')).rejects.toThrow('ENOENT');
});

test('what a package lacked when it ran is required, and is then not superfluous; a built Worker has wsgi', async () => {
  const { before, after, read, cwd } = await fixed({
    'wrangler.toml':
      'main = "entry.py"\ncompatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n',
    'pyproject.toml': `[tool.pinwheel]\npackage-set = "${FLAG}"\nbuilt = true\n`,
    'requirements.txt': 'starlette\n',
    'entry.py':
      'import starlette\nimport wsgi\nfrom workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        return await wsgi.fetch(None, request.js_object, self.env)\n',
  });
  expect(before).toEqual(['missing_requirement']);
  expect(after).toEqual([]);
  expect(await read('requirements.txt')).toBe('starlette\nanyio\n');
  // A build says so before it downloads anything.
  await writeFile(join(cwd, 'requirements.txt'), 'starlette\n');
  const { stderr } = await pinwheel.run(['build', '--offline', '--check'], { cwd });
  const said = 'warning: starlette 0.47.2 cannot be used on Pyodide 0.29.0 without anyio,';
  expect(stderr.slice(0, said.length)).toBe(said);
  const { stdout } = await pinwheel.run(['lock', '--offline'], { cwd });
  expect(stdout).toContain(`\n${said}`);
});
