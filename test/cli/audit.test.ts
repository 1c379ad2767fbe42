import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { auditLines } from '../../cli/commands/audit.ts';
import { AuditAnswer } from '../../resolver/schemas.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { writeFiles } from '../common/own.ts';
import { pinwheel as bundled } from '../resolver/pinwheel/bundled.ts';
import { makeWheel } from '../zip.ts';
import { usePinwheel } from './pinwheel.ts';
import { openvexErrors, sarifErrors } from './report-schemas.ts';

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
  const line = `"$0" "$1" ${command} --json`;
  const pasted = spawnSync('bash', ['-c', line, process.execPath, pinwheel.script], { encoding: 'utf8' });
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
  const sarif = JSON.parse((await audit(['--format', 'sarif'], { cwd })).stdout);
  expect(sarifErrors(sarif)).toEqual([]);
  const { runs } = sarif;
  expect(runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(
    affected.map(({ id }) => id),
  );
});

test('the exit code is about what can be cleared, from a severity on; with --strict, about all', async () => {
  const idna = ['idna', ...PLACE];
  const { findings } = await answerOf(idna);
  expect(findings).toMatchObject([
    { severity: 'medium', clears: [{ kind: 'advice' }, { kind: 'use_index' }] },
  ]);
  const codeOf = async (...args: string[]) => (await audit(args)).code;
  expect(await codeOf(...idna)).toBe(0);
  expect(await codeOf(...idna, '--strict')).toBe(1);
  expect(await codeOf(...idna, '--strict', '--fail-on', 'medium')).toBe(1);
  expect(await codeOf(...idna, '--strict', '--fail-on', 'high')).toBe(0);
  expect(await codeOf('aiohttp', ...PLACE, '--fail-on', 'high')).toBe(1);
  expect(await codeOf('six', ...PLACE, '--strict')).toBe(0);
});

test('an index is proposed if only a file of its own is required, and nothing is said of one', async () => {
  const cwd = await pinwheel.folderWith({ 'requirements.txt': './own-1.0-py3-none-any.whl\nidna\n' });
  await writeFile(join(cwd, 'own-1.0-py3-none-any.whl'), makeWheel('own', '1.0'));
  const { stdout } = await audit(PLACE, { cwd });
  expect(stdout).toContain('An index may have another: --index --unpin idna.');
  expect(stdout).not.toContain('The index');
});

test('the text says what is known of whom, and one line for each', async () => {
  const { stdout, stderr } = await audit(['requests', ...PLACE]);
  expect(stdout).toMatch(
    /^\d+ known vulnerabilities in 2 packages with python_3\.13_packages_2025_08_08, by the /,
  );
  expect(stdout).toMatch(/\nurllib3 2\.5\.0\n {2}medium {4}PYSEC-\d+-\d+, CVE-\d+-\d+: /);
  expect(stdout).toMatch(
    /\n\d+ more without effect in a Worker.*:\n {2}urllib3 2\.5\.0, 3: It is in the decomp/,
  );
  expect(stderr).toContain('The advisories are those of 2026-07-23');
  const none = await audit(['six', ...PLACE]);
  expect(none.stdout).toMatch(/^No known vulnerabilities in \d+ packages? with /);
});

const PYLOCK = (versions: Record<string, string>) =>
  ['lock-version = "1.0"', 'created-by = "test"']
    .concat(Object.entries(versions).map(([name, v]) => `[[packages]]\nname = "${name}"\nversion = "${v}"`))
    .join('\n');
const AS_OF = ['--as-of', '2026-11-20'];

/** A folder that requires jinja2, and has an old one in place of what its date gives. */
const vendored = (files: Record<string, string> = {}) =>
  pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'requirements.txt': 'jinja2\n',
    'python_modules/jinja2/__init__.py': '',
    'python_modules/jinja2-3.1.2.dist-info/WHEEL': 'Tag: py3-none-any\n',
    ...files,
  });

test('a folder is audited with what is vendored in it, and what its requirements give clears that', async () => {
  const cwd = await vendored();
  const { findings, best } = await answerOf(AS_OF, { cwd });
  expect(new Set(findings.map(({ name, version }) => `${name} ${version}`))).toEqual(
    new Set(['jinja2 3.1.2']),
  );
  expect(best).toMatchObject({
    leaves: 0,
    fix: { kind: 'run_command', command: 'pinwheel vendor --as-of 2026-11-20' },
  });
  const required = await answerOf(['-r', 'requirements.txt', ...AS_OF], { cwd });
  expect(required.findings).toEqual([]);
  const { stdout } = await audit(['-C', cwd, ...AS_OF]);
  expect(stdout).toContain(`leaves 0:\n  pinwheel -C ${shellWord(cwd)} vendor --as-of 2026-11-20\n`);
});

test('a folder whose requirements have no answer is audited for the set that is named', async () => {
  const info = { platform: 'emscripten_4_0_9', arch: 'wasm32', python: '3.13.2', abi_version: '2025_0' };
  const cwd = await vendored({
    'requirements.txt': 'no-such-package\n',
    'own.json': JSON.stringify({ info: { ...info, version: '0.28.2' }, packages: {} }),
  });
  const { stdout } = await audit(['--set', 'own.json', ...AS_OF], { cwd });
  expect(stdout).toMatch(/^5 known vulnerabilities in 1 package with own\.json, /);
});

test('modules of Python in a lock are no packages without advisories', async () => {
  const cwd = await pinwheel.folderWith({ 'pylock.toml': PYLOCK({ anyio: '4.9.0', ssl: '1.0.0' }) });
  const { stdout, stderr } = await audit(['-r', 'pylock.toml', ...PLACE], { cwd });
  expect(stdout).toMatch(/^No known vulnerabilities in 1 package with /);
  expect(stderr).not.toContain('ssl');
});

test('vendored packages that nothing requires are what is tried', async () => {
  const cwd = await vendored();
  await rm(join(cwd, 'requirements.txt'));
  const { findings, best } = await answerOf(AS_OF, { cwd });
  expect(findings.map(({ clears: [fix] }) => fix!.kind)).toEqual(findings.map(() => 'package_flag'));
  expect(best).toMatchObject({ clears: findings.length, leaves: 0 });
  const { stdout, code } = await audit(AS_OF, { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/\n {2}pinwheel audit .*jinja2 --flag python_3\.13_packages_\w+\n$/);
});

test('what a lock has without a version that can be read is named', async () => {
  const lock = PYLOCK({ jinja2: '3.1.6', urllib3: 'nonsense', 'rm -rf': '1' });
  const cwd = await pinwheel.folderWith({ 'pylock.toml': lock });
  const { stdout, stderr } = await audit(['-r', 'pylock.toml', ...PLACE], { cwd });
  expect(stdout).toMatch(/^No known vulnerabilities in 1 package with /);
  expect(stderr).toContain(
    'Not audited, because no version of them could be read: urllib3==nonsense, rm -rf==1.',
  );
});

test('a lock is audited with its own versions, and locking again is a step', async () => {
  const cwd = await pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'pyproject.toml': '[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_08_19"\n',
    'pylock.toml': PYLOCK({ jinja2: '3.1.2', urllib3: '2.4.0' }),
  });
  const { findings, best } = await answerOf(['-r', 'pylock.toml', ...AS_OF], { cwd });
  expect(findings).toContainEqual(expect.objectContaining({ name: 'urllib3', version: '2.4.0' }));
  expect(best!.leaves).toBe(1);
  const { stdout } = await audit(['-r', 'pylock.toml', ...AS_OF], { cwd });
  const [, command] = /\n {2}pinwheel (.*)\n$/.exec(stdout)!;
  const locked = await pinwheel.run(command!.split(' '), { cwd });
  expect([locked.code, locked.stderr]).toEqual([0, expect.any(String)]);
  expect(locked.stdout).toContain('version = "3.1.6"');
});

test.each([
  ['no pyproject.toml', undefined, '+ [tool.pinwheel]'],
  ['settings', '[tool.pinwheel] # ours\nbuilt = true\n\n[tool.other]\nx = 1\n', '+ package-set = '],
  ['another set', '[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_08_19"\n', '- package-set = '],
])('--fix with %s sets the package flag, shows that, and clears what it says', async (_, text, shown) => {
  const cwd = await pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'requirements.txt': 'aiohttp\n',
    ...(text !== undefined && { 'pyproject.toml': text }),
  });
  const before = await answerOf(AS_OF, { cwd });
  const { stdout } = await audit([...AS_OF, '--fix'], { cwd });
  expect(stdout).toContain('\nChanged pyproject.toml:\n');
  expect(stdout).toContain(shown);
  const after = await answerOf(AS_OF, { cwd });
  expect(after.target.compatibility_date).toBe('2025-11-02');
  expect(after.findings.filter(({ affected }) => affected)).toHaveLength(before.best!.leaves);
  const toml = await readFile(join(cwd, 'pyproject.toml'), 'utf8');
  if (text?.includes('[tool.other]')) expect(toml).toContain('built = true\n\n[tool.other]\nx = 1\n');
});

test.each([
  ['--pyodide', '0.28.2'],
  ['--flag', 'python_3.13_packages_2025_08_19'],
  ['--date', '2025-11-02', '--flag', 'python_workers'],
])('--fix changes no setting that %s %s replaces', async (...args) => {
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER, 'requirements.txt': 'aiohttp\n' });
  const { stderr } = await audit([...AS_OF, ...args, '--fix'], { cwd });
  expect(stderr).toContain('Nothing was changed');
  expect(await readdir(cwd)).toEqual(['requirements.txt', 'wrangler.toml']);
});

test('--fix changes nothing if only a date clears something', async () => {
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': WRANGLER, 'requirements.txt': 'cryptography\n' });
  const { best } = await answerOf(AS_OF, { cwd });
  expect(best?.fix.kind).toBe('date');
  const { stderr } = await audit([...AS_OF, '--fix'], { cwd });
  expect(stderr).toContain('Nothing was changed');
  expect(await readdir(cwd)).toEqual(['requirements.txt', 'wrangler.toml']);
});

test.each([
  ['', WRANGLER.replace(']', ', "OLD"]')],
  ['in single quotes', WRANGLER.replace('["python_workers"]', "['python_workers', 'OLD']")],
  ['after a comment that has it', `# "OLD"\n${WRANGLER.replace(']', ', "OLD"]')}`],
  [
    'for an environment',
    `${WRANGLER}[env.x]\ncompatibility_flags = ["python_workers", "OLD"]\n`,
    '--env',
    'x',
  ],
])('--fix moves a package flag of the wrangler file %s to the settings', async (_, wrangler, ...args) => {
  const text = wrangler.replaceAll('OLD', 'python_3.13_packages_2025_08_19');
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': text, 'requirements.txt': 'aiohttp\n' });
  const { stdout } = await audit([...AS_OF, ...args, '--fix'], { cwd });
  expect(stdout).toMatch(/Changed wrangler\.toml:\n- compat/);
  expect(stdout).toContain('+ package-set = "python_3.13_packages_2026_11_20"');
  const { target } = await answerOf([...AS_OF, ...args], { cwd });
  expect(target.package_set.flag).toBe('python_3.13_packages_2026_11_20');
});

test('--fix changes nothing if it is enough to vendor again', async () => {
  const cwd = await vendored();
  const { stdout, stderr } = await audit([...AS_OF, '--fix'], { cwd });
  expect(stdout).toMatch(/\n {2}pinwheel vendor --as-of 2026-11-20\n$/);
  expect(stderr).toContain('Nothing was changed');
  expect(await readdir(cwd)).not.toContain('pyproject.toml');
});

test("--fix unpins what the project's own index has without the vulnerability", async () => {
  const cwd = await pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'requirements.txt': 'idna\nurllib3\n',
    'pyproject.toml': '[tool.pinwheel]\nfind-links = ["wheels"]\nexclude-newer = false\nunpin = "six"\n',
  });
  await mkdir(join(cwd, 'wheels'));
  for (const [name, version] of [
    ['idna', '3.15'],
    ['urllib3', '9.0'],
  ] as const)
    await writeFile(join(cwd, `wheels/${name}-${version}-py3-none-any.whl`), makeWheel(name, version));
  const { best, findings } = await answerOf(AS_OF, { cwd });
  const clears = findings.find(({ name }) => name === 'idna')!.clears;
  expect(clears).toMatchObject([{ packages: ['idna'], has: [{ name: 'idna', version: '3.15' }] }]);
  expect(best!.leaves).toBe(0);
  // Vendored packages have it, too.
  await mkdir(join(cwd, 'python_modules/idna-3.7.dist-info'), { recursive: true });
  await writeFile(join(cwd, 'python_modules/idna-3.7.dist-info/WHEEL'), 'Tag: py3-none-any\n');
  const [vendored] = (await answerOf(AS_OF, { cwd })).findings;
  expect(vendored).toMatchObject({ version: '3.7', clears: expect.arrayContaining([clears[0]]) });
  await rm(join(cwd, 'python_modules'), { recursive: true });
  const { stdout } = await audit([...AS_OF, '--fix'], { cwd });
  expect(stdout).toContain('Let idna 3.15 come from the index: --unpin idna.');
  expect(stdout).toMatch(/- unpin = "six"\n\+ unpin = \["six","idna","urllib3"\]\n$/);
  expect((await answerOf(AS_OF, { cwd })).findings).toEqual([]);
});

test('audit.ignore leaves out findings up to a day; what is over or of no use is a warning', async () => {
  const entry = (id: string, until: string) => `{ id = "${id}", reason = "seen", until = "${until}" }`;
  const folder = (...entries: string[]) =>
    pinwheel.folderWith({
      'wrangler.toml': WRANGLER,
      'requirements.txt': 'idna\n',
      'pyproject.toml': `[tool.pinwheel]\naudit.ignore = [${entries.join(', ')}]\n`,
    });
  const cwd = await folder(entry('CVE-2026-45409', '2026-11-20'), entry('PYSEC-1', '2027-01-01'));
  const { code, stdout, stderr } = await audit([...AS_OF, '--strict'], { cwd });
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      /^No known vulnerabilities besides 1 ignored in .*CVE-2026-45409 is ignored until 2026-11-20: seen/s,
    ),
  ]);
  const check = await pinwheel.run(['check', ...AS_OF], { cwd });
  expect(check.stdout).toMatch(/\nVulnerable +none, besides 1 ignored\n/);
  const action_statement = 'Nothing is done until 2026-11-20: seen';
  const vex = JSON.parse((await audit([...AS_OF, '--format', 'openvex'], { cwd })).stdout);
  expect([openvexErrors(vex), vex.statements]).toMatchObject([
    [],
    [{ status: 'affected', action_statement }],
  ]);
  const bom = (await audit([...AS_OF, '--format', 'cyclonedx'], { cwd })).stdout;
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bom)).toBeNull();
  expect(JSON.parse(bom).vulnerabilities).toMatchObject([
    { analysis: { response: ['will_not_fix'], detail: action_statement } },
  ]);
  expect(stderr).toContain('audit.ignore has PYSEC-1, which is not among these findings.');
  expect((await audit([...AS_OF, '--format', 'github'], { cwd })).stdout).toBe('');
  const sarif = JSON.parse((await audit([...AS_OF, '--format', 'sarif'], { cwd })).stdout);
  expect(sarif.runs[0].results).toEqual([]);
  const over = await audit([...AS_OF, '--strict'], {
    cwd: await folder(entry('CVE-2026-45409', '2026-11-19')),
  });
  expect([over.code, over.stderr]).toEqual([1, expect.stringContaining('it counts again')]);
  const idle = await folder(entry('CVE-2025-53643', '2027-01-01'));
  await writeFile(join(idle, 'requirements.txt'), 'aiohttp\n');
  expect((await audit(AS_OF, { cwd: idle })).stderr).toContain('which is without effect in a Worker anyway');
  const odd = await pinwheel.run(['audit'], { cwd: await folder(entry('CVE-2026-45409', 'soon')) });
  expect(odd.stderr).toContain('Write it as in audit = { ignore = [{ id = ');
});

test('CycloneDX and OpenVEX have every finding, those without effect with their justification', async () => {
  const asked = ['aiohttp', ...PLACE];
  const { findings } = await answerOf(asked);
  const documentIn = async (format: string) =>
    JSON.parse((await audit([...asked, '--format', format])).stdout);
  const bom = await documentIn('cyclonedx');
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(JSON.stringify(bom))).toBeNull();
  expect([bom.bomFormat, bom.specVersion]).toEqual(['CycloneDX', '1.6']);
  const refs = bom.components.map((component: Record<string, string>) => component['bom-ref']);
  expect(refs).toContain('pkg:pypi/aiohttp@3.11.13');
  for (const { affects } of bom.vulnerabilities) expect(refs).toContain(affects[0].ref);
  const states = bom.vulnerabilities.map(({ id, analysis }: { id: string; analysis?: { state: string } }) => [
    id,
    analysis?.state ?? 'affected',
  ]);
  expect(states).toEqual(findings.map(({ id, affected }) => [id, affected ? 'affected' : 'not_affected']));
  const vex = await documentIn('openvex');
  expect(openvexErrors(vex)).toEqual([]);
  const statuses = vex.statements.map(
    ({ vulnerability, status }: { vulnerability: { name: string }; status: string }) => [
      vulnerability.name,
      status,
    ],
  );
  expect(statuses).toEqual(states);
  for (const { status, justification, status_notes, action_statement } of vex.statements)
    expect(status === 'affected' ? action_statement : justification && status_notes).toBeTruthy();
  const nothing = await audit(['six', ...PLACE, '--format', 'openvex']);
  expect([nothing.stdout, nothing.stderr]).toEqual(['', expect.stringContaining('Nothing is written')]);
  const libraries = JSON.parse((await audit(['ssl', ...PLACE, '--format', 'cyclonedx'])).stdout).components;
  expect(new Set(libraries.map(({ purl }: { purl?: string }) => purl))).toEqual(new Set([undefined]));
  const none = (await audit(['six', ...PLACE, '--format', 'cyclonedx'])).stdout;
  expect(await validator.validate(none)).toBeNull();
});

test('check and diff say how many there are, and what a move clears and introduces', async () => {
  const cwd = await vendored();
  const check = await pinwheel.run(['check', ...AS_OF], { cwd });
  expect(check.stdout).toMatch(/\nVulnerable +5 known in 1 package\n/);
  const moved = async (folder: string) => {
    const asked = ['diff', 'fastapi', 'cryptography', '--from', '2025-11-02', '--to', '2026-11-02', ...AS_OF];
    const { stdout } = await pinwheel.run(asked, { cwd: folder });
    return /\nVulnerable +(\d+) cleared, (\d+) new\n/.exec(stdout)!.slice(1).map(Number);
  };
  const [cleared, brought] = await moved(await pinwheel.folderWith({}));
  const at = async (date: string) =>
    (
      await answerOf(['fastapi', 'cryptography', '--date', date, '--flag', 'python_workers', ...AS_OF])
    ).findings.filter(({ affected }) => affected);
  const [before, after] = [await at('2025-11-02'), await at('2026-11-02')];
  expect(before.length - cleared! + brought!).toBe(after.length);
  const [gone] = before.filter(({ id }) => after.every((finding) => finding.id !== id));
  const ignored = `{ id = "${gone!.id}", reason = "seen", until = "2027-01-01" }`;
  const pyproject = `[tool.pinwheel]\naudit.ignore = [${ignored}]\n`;
  expect(await moved(await pinwheel.folderWith({ 'pyproject.toml': pyproject }))).toEqual([
    cleared! - 1,
    brought,
  ]);
});

test('on 80 columns, the text is one screen', async () => {
  const requirements = ['aiohttp', 'fastapi', 'pillow', 'nltk', 'jinja2', 'requests'];
  const question = {
    compatibility_flags: ['python_3.13_packages_2025_10_20'],
    as_of: '2026-11-20',
    requirements,
  };
  const answer = await bundled.audit(question);
  const colors = pc.createColors(false);
  const view = {
    answer,
    packages: answer.findings,
    ignored: [],
    words: null,
    remarks: [],
  };
  const lines = auditLines(view, { columns: 80, colors }, () => 'pinwheel audit');
  expect(new Set(answer.findings.map(({ name }) => name)).size).toBeGreaterThan(5);
  expect(lines.length).toBeLessThanOrEqual(50);
  const [command] = lines.filter((line) => line.startsWith('  pinwheel '));
  expect(lines.filter((line) => line !== command && line.length > 80)).toEqual([]);
});

test('an index that the project names is proposed in place of PyPI', async () => {
  const cwd = await pinwheel.folderWith({
    'wrangler.toml': WRANGLER,
    'pyproject.toml':
      '[project]\nname = "w"\ndependencies = ["idna"]\n[[tool.uv.index]]\nurl = "https://own.example/"\n',
  });
  const proposed =
    'The index that the project names may have another: --index-url https://own.example/ --unpin idna.';
  expect((await audit(['--as-of', '2026-11-20'], { cwd })).stdout).toContain(proposed);
  await writeFiles(cwd, { 'python_modules/idna-3.10.dist-info/METADATA': 'Name: idna\nVersion: 3.10\n' });
  expect((await audit(['--as-of', '2026-11-20'], { cwd })).stdout).toContain(proposed);
});
