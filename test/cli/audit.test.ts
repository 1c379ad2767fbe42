import { expect, test } from 'vitest';
import { AuditAnswer } from '../../resolver/schemas.ts';
import { usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();
const PLACE = ['--date', '2025-11-02', '--flag', 'python_workers', '--as-of', '2026-11-20'];
const WRANGLER = `name = "w"\nmain = "entry.py"\ncompatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n`;

async function audit(args: readonly string[], options = {}) {
  const ended = await pinwheel.run(['audit', ...args], options);
  expect(ended.stderr).not.toContain('error:');
  return ended;
}

async function answerOf(args: readonly string[], options = {}): Promise<AuditAnswer> {
  return AuditAnswer.parse(JSON.parse((await audit([...args, '--json'], options)).stdout));
}

test.each([
  [['aiohttp', 'jinja2', ...PLACE]],
  [["aiohttp[speedups]; python_version > '3'", '--date=2025-11-02', ...PLACE.slice(2)]],
  [['pillow', '--flag', 'python_3.13_packages_2025_09_22', '--as-of', '2026-11-20']],
  [['pillow', '--flag=python_workers', '--flag=python_3.12_packages_2025_03_01', ...PLACE.slice(0, 2)]],
  [['pillow', '--pyodide', '0.28.2', '--as-of', '2026-11-20']],
])('%j: the command of the best step, pasted, shows what is left', async (args) => {
  const { best, findings } = await answerOf(args);
  const { stdout, code } = await audit(args);
  expect(code).toBe(1);
  const [, clears, leaves, command] =
    /The best step for all clears (\d+) and leaves (\d+).*\n {2}pinwheel (.*)\n$/.exec(stdout) ?? [];
  expect([Number(clears), Number(leaves)]).toEqual([best!.clears, best!.leaves]);
  const { spawnSync } = await import('node:child_process');
  const pasted = spawnSync('bash', ['-c', `${process.execPath} ${pinwheel.script} ${command} --json`], {
    encoding: 'utf8',
  });
  expect(pasted.stderr).not.toContain('error');
  const left = AuditAnswer.parse(JSON.parse(pasted.stdout)).findings;
  expect(left).toHaveLength(best!.leaves);
  expect(left.length).toBeLessThan(findings.length);
});

test('a project is audited by its files, and findings are at the line of its date', async () => {
  const cwd = await pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'entry.py': 'import requests\n',
    'requirements.txt': 'requests\n',
  });
  const { findings } = await answerOf([], { cwd });
  expect(findings.map(({ name }) => name)).toContain('urllib3');
  const github = await audit(['--format', 'github'], { cwd });
  const affected = findings.filter(({ affected }) => affected);
  expect(github.stdout.trimEnd().split('\n')).toHaveLength(affected.length);
  expect(github.stdout).toMatch(
    /^::warning file=wrangler\.toml,line=3,col=1,title=PYSEC-\S+::urllib3 2\.5\.0, PYSEC/m,
  );
  const { runs } = JSON.parse((await audit(['--format', 'sarif'], { cwd })).stdout);
  expect(runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(
    affected.map(({ id }) => id),
  );
});

test('the exit code is about what can be cleared, from a severity on; with --strict, about all', async () => {
  const idna = ['idna', ...PLACE];
  const { findings } = await answerOf(idna);
  expect(findings).toMatchObject([{ severity: 'medium', clears: [{ kind: 'advice' }] }]);
  const codeOf = async (...args: string[]) => (await audit(args)).code;
  expect(await codeOf(...idna)).toBe(0);
  expect(await codeOf(...idna, '--strict')).toBe(1);
  expect(await codeOf(...idna, '--strict', '--fail-on', 'medium')).toBe(1);
  expect(await codeOf(...idna, '--strict', '--fail-on', 'high')).toBe(0);
  expect(await codeOf('aiohttp', ...PLACE, '--fail-on', 'high')).toBe(1);
  expect(await codeOf('six', ...PLACE, '--strict')).toBe(0);
});

test('the text says what is known of whom, and one line for each', async () => {
  const { stdout, stderr } = await audit(['requests', ...PLACE]);
  expect(stdout).toMatch(
    /^\d+ known vulnerabilities in 2 packages from python_3\.13_packages_2025_08_08, by the /,
  );
  expect(stdout).toMatch(/\nurllib3 2\.5\.0\n {2}medium {4}PYSEC-\d+-\d+, CVE-\d+-\d+: /);
  expect(stdout).toMatch(/\n\d+ more without effect in a Worker:\n {2}urllib3 2\.5\.0: PYSEC-.* Emscripten/);
  expect(stderr).toContain('The advisories are those of 2026-07-23');
  const none = await audit(['six', ...PLACE]);
  expect(none.stdout).toMatch(/^No known vulnerabilities in the packages from /);
});
