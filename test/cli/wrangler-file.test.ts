import { expect, test } from 'vitest';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

// What wrangler reads of files and environments is compared with wrangler: wrangler-oracle.test.ts.
const TOML = `compatibility_date = "2025-11-02"
compatibility_flags = ["python_workers"] # a comment
[env.staging]
[env.pinned]
`;
const JSON_FILE = JSON.stringify({
  ...{ compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] },
  env: { staging: {}, pinned: {} },
});
const JSONC = `\uFEFF// a comment\n${JSON_FILE.replace(/\}$/, ',}')}`;

/** The question, as repeated in the answer. */
async function asked(cwd: string, ...args: string[]) {
  const target = ['target', '--as-of', '2026-11-20', ...args];
  const { code, stderr } = await pinwheel.run(target, { cwd });
  if (code !== 0) return { code, stderr };
  const { stdout } = await pinwheel.run([...target, '--json'], { cwd });
  const { compatibility_date, compatibility_flags } = JSON.parse(stdout);
  return { question: [compatibility_date, ...compatibility_flags], stderr };
}

test.each([
  ['wrangler.toml', TOML],
  ['wrangler.jsonc', JSONC],
  ['wrangler.json', JSON_FILE],
])('%s is used in its folder by default, and the command says so', async (name, text) => {
  const folder = await pinwheel.folderWith({ [name]: text });
  expect(await asked(folder)).toEqual({
    question: ['2025-11-02', 'python_workers'],
    stderr: `info: Using ${name}: date 2025-11-02, flags python_workers.\n`,
  });
  expect(await asked(folder, '--env', 'production')).toEqual({
    code: 2,
    stderr: `error: ${name} has no environment "production".\n  fix: It has staging, pinned.\n`,
  });
});

test('of several, the one that wrangler uses is used', async () => {
  const files = { 'wrangler.toml': TOML, 'wrangler.jsonc': JSONC, 'wrangler.json': JSON_FILE };
  expect(await asked(await pinwheel.folderWith(files))).toMatchObject({
    stderr: expect.stringContaining('Using wrangler.json:'),
  });
  expect(
    await asked(await pinwheel.folderWith({ 'wrangler.toml': TOML, 'wrangler.jsonc': JSONC })),
  ).toMatchObject({
    stderr: expect.stringContaining('Using wrangler.jsonc:'),
  });
});

test.each<[name: string, text: string, says: string]>([
  ['a.toml', 'compatibility_date = 2025-11-02', 'Write it between quotation marks, such as "2025-11-02".'],
  [
    'a.toml',
    'compatibility_flags = "python_workers"',
    'compatibility_flags in a.toml has to be a list of strings.',
  ],
  ['a.json', '{"compatibility_flags": [1]}', 'compatibility_flags in a.json has to be a list of strings.'],
  ['a.json', '{"compatibility_date": 20251102}', 'compatibility_date in a.json has to be a string.'],
  ['a.toml', 'a = [', 'a.toml could not be parsed: Invalid TOML document'],
  ['a.json', '{\n  "a" 1\n}', 'a.json could not be parsed: colon expected at line 2, column 7'],
  ['a.json', '[]', 'a.json could not be parsed: it is not an object'],
  ['a.json', '', 'a.json could not be parsed: value expected at line 1, column 1'],
  ['a.json', '['.repeat(900_000), 'a.json could not be parsed'],
  ['a.toml', `a = ${'['.repeat(900_000)}`, 'a.toml could not be parsed'],
  ['a.json', ' '.repeat(1_000_001), 'a.json is larger than 1 MB.'],
  // Properties of a prototype are not in the file.
  ['a.json', '{"__proto__": {"compatibility_date": "2025-11-02"}}', 'Worker must specify compatibilityDate.'],
  ['a.toml', '[__proto__]\ncompatibility_date = "2025-11-02"', 'Worker must specify compatibilityDate.'],
])('%s is refused: %.40j', async (name, text, says) => {
  const cwd = await pinwheel.folderWith({ [name]: text });
  expect(await asked(cwd, '--config', name)).toEqual({
    code: expect.any(Number),
    stderr: expect.stringContaining(says),
  });
});

test('an environment is not found in a prototype', async () => {
  const cwd = await pinwheel.folderWith({ 'wrangler.json': '{"env": {}}' });
  expect(await asked(cwd, '--env', 'constructor')).toMatchObject({ code: 2 });
});
