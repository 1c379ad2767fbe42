import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
let cwd: string;
const wrangler = (date: string) =>
  `main = "src/entry.py"\ncompatibility_flags = ["python_workers"]\ncompatibility_date = "${date}"\n`;
beforeAll(async () => {
  cwd = await pinwheel.folderWith({
    'a/wrangler.toml': wrangler('2025-11-02'),
    'a/src/entry.py': 'import polars\nDefault = entrypoint()\n',
    'a/requirements.txt': 'numpy\n',
    'b c/wrangler.jsonc': `{"main": "src/entry.py", "compatibility_date": "2026-11-01", "compatibility_flags": ["python_workers", "disable_python_external_sdk"]}`,
    'b c/wrangler.toml': 'not read, as wrangler takes the other',
    'b c/src/entry.py': 'import json\nDefault = entrypoint()\n',
    'broken/wrangler.toml': 'oops = [',
    'a/node_modules/x/wrangler.toml': wrangler('2025-11-02'),
    'a/dist/worker/wrangler.json': '{"main": "index.js", "compatibility_date": "2025-11-02"}',
    'a/dist/worker/pinwheel.json': '{}',
    'a/src/deep/x.py': 'import json\n',
  });
});

const run = (...args: string[]) => pinwheel.run([...args, '--as-of', '2026-11-20'], { cwd });
const TO = ['--to', '2026-11-01'];

describe.each([
  ['check', []],
  ['diff', TO],
])('pinwheel %s', (command, more) => {
  const json = async (...args: string[]) => {
    const { code, stdout } = await run(command, ...args, ...more, '--json');
    const { workers } = JSON.parse(stdout) as { workers: { config: string; exit_code: number }[] };
    return { code, workers: workers.map(({ config, exit_code }) => `${config} ${exit_code}`) };
  };

  test('of a glob covers every wrangler file that wrangler would read, each with its exit code', async () => {
    expect(await json('**/wrangler.*')).toEqual({
      code: 2,
      workers: ['a/wrangler.toml 1', 'b c/wrangler.jsonc 0', 'broken/wrangler.toml 2'],
    });
    expect(await json('a/*.toml')).toEqual({ code: 1, workers: ['a/wrangler.toml 1'] });
  });

  test('of several files, or of a repeated --config', async () => {
    const expected = { code: 1, workers: ['b c/wrangler.jsonc 0', 'a/wrangler.toml 1'] };
    expect(await json('b c/wrangler.jsonc', 'a/wrangler.toml')).toEqual(expected);
    expect(await json('--config', 'b c/wrangler.jsonc', '--config', 'a/wrangler.toml')).toEqual(expected);
  });

  test('of one file is the answer of that one', async () => {
    const named = await run(command, 'a/wrangler.toml', ...more, '--json');
    expect(named.code).toBe(1);
    expect(JSON.parse(named.stdout).workers).toBeUndefined();
    expect(await run(command, '--config', 'a/wrangler.toml', ...more, '--json')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('"registry"'),
    });
  });

  test('without a file says so', async () => {
    expect(await run(command, 'x/**/wrangler.*', ...more)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('No wrangler file matches x/**/wrangler.*.'),
    });
  });

  test('shows a table for people', async () => {
    const { stdout, stderr } = await run(command, '**/wrangler.*', ...more);
    expect(stdout).toMatch(/^Worker +Date +Python/m);
    expect(stdout).toMatch(/^b c\/wrangler\.jsonc +2026-11-01 /m);
    expect(stdout).toMatch(/^broken\/wrangler\.toml +error: broken\/wrangler\.toml could not be parsed/m);
    expect(stdout).toMatch(/\n3 Workers, 2 to correct\n$/);
    expect(stderr).toBe('');
  });

  test('has annotations of GitHub for all', async () => {
    const { code, stdout } = await run(command, '**/wrangler.*', ...more, '--format', 'github');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^::(?:error|warning) file=a\/(?:src\/entry\.py|wrangler\.toml),line=\d+,col=\d+,title=/m,
    );
    expect(stdout).toMatch(
      /^::error file=broken\/wrangler\.toml,line=1,col=1,title=malformed_wrangler_file::/m,
    );
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^::(error|warning|notice) /);
  });

  test('has a SARIF log for all', async () => {
    const { stdout } = await run(command, '**/wrangler.*', ...more, '--format', 'sarif');
    const log = JSON.parse(stdout);
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    const [{ tool, results }] = log.runs;
    expect(tool.driver).toMatchObject({ name: 'pinwheel' });
    expect(results.length).toBeGreaterThan(1);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).not.toBe('');
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation.uri).toMatch(/^(?:a|broken)\/[\w./]+$/);
      expect(region.startLine).toBeGreaterThan(0);
      expect(region.startColumn).toBeGreaterThan(0);
    }
  });
});

describe('pinwheel check', () => {
  test('of a folder in a project checks that part of the project', async () => {
    const { code, stdout, stderr } = await run('check', 'a/src/deep');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'info: Checked as part of the project of a/wrangler.toml.\n',
    });
    expect(stdout).toContain('starting with a/src/entry.py');
  });

  test('of a folder without a project checks the Workers below it', async () => {
    const { code, stdout } = await pinwheel.run(['check', '../..', '--as-of', '2026-11-20'], {
      cwd: join(cwd, 'b c/src'),
    });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^\.\.\/\.\.\/a\/wrangler\.toml /m);
  });

  test('of folders, or globs of them', async () => {
    const { stdout } = await run('check', '*', '--json');
    expect(JSON.parse(stdout).workers).toHaveLength(3);
    const { stderr, code } = await run(
      'check',
      'a',
      '--config',
      'a/wrangler.toml',
      '--config',
      'a/wrangler.toml',
    );
    expect({ stderr, code }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Give either folders or wrangler files.'),
    });
  });
});

test('an annotation of a change includes its fix', async () => {
  const { stdout } = await run('diff', 'a/wrangler.toml', ...TO, '--format', 'github');
  const [, command] = /::warning file=a\/wrangler\.toml,line=3,.*pinwheel (diff .*)$/m.exec(stdout)!;
  const shown = await run(...command!.split(' '));
  expect(shown).toMatchObject({ code: 1, stdout: expect.stringContaining('This Worker is affected: ') });
});
