import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { GIVEN_FIELDS } from '../../cli/project/options.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Fields, optionOf, settingOf, variableOf } from '../../resolver/question/fields.ts';
import { closedOrigin } from '../closed-origin.ts';
import { ending, serve } from '../common/own.ts';
import { makeWheel } from '../zip.ts';
import { TARGET, usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

test.each<[code: number, args: string[], says: string]>([
  [0, ['resolve', 'fastapi', ...TARGET], ''],
  [0, ['target', ...TARGET], ''],
  [0, ['packages', 'fastapi', ...TARGET], ''],
  [0, ['completion', 'bash'], ''],
  [1, ['resolve', 'fastapii', ...TARGET], 'error: The package set'],
  [2, ['resolve', 'fastapi'], 'error: Worker must specify compatibilityDate.'],
  [
    2,
    ['target', '--date', '2025-9-1', '--flag', 'python_workers'],
    'error: Invalid compatibility date: 2025-9-1',
  ],
  [1, ['target', '--date', '2025-11-02'], 'error: The python_workers compatibility flag is required'],
  [2, ['target', ...TARGET, '--as-of', 'today'], 'error: Invalid as-of day: today'],
  [1, ['target', ...TARGET, '--revision', '0'], 'error: No such revision: 0'],
  [1, ['packages', 'no-such-package', ...TARGET], 'error: The package set'],
  [1, ['packages', 'psycopg2-binary', ...TARGET], 'fix: Leave out psycopg2-binary: '],
  [
    0,
    ['packages', 'js', '--date', '2026-11-20', '--flag', 'python_workers'],
    'fix: Leave out js: Pyodide provides it.',
  ],
  [
    1,
    ['resolve', 'workers', ...TARGET],
    "fix: Leave out workers: it is a module of Workers' SDK, which the runtime",
  ],
  [1, ['when', 'uvicorn>=0.30'], 'fix: Leave out uvicorn: '],
  [1, ['when', 'tkinter'], 'fix: Leave out tkinter: '],
  [1, ['packages', 'tkinter', ...TARGET], 'fix: Leave out tkinter: '],
  [1, ['when', 'flask'], 'fix: An index may have it: --index for PyPI'],
  [2, [], 'Usage: pinwheel'],
  [2, ['resolv'], "error: unknown command 'resolv'"],
  [2, ['resolve', ...TARGET], 'error: There is nothing to resolve.'],
  [2, ['sync'], 'error: There is nothing to sync.\n  fix: Require something with pinwheel add NAME: this'],
  [2, ['resolve', '--config', 'a.toml', '--config', 'b.toml'], 'error: --config is given twice.'],
  [2, ['resolve', 'fastapi', '--frob'], "error: unknown option '--frob'"],
  // It moves a date, and a Pyodide has none.
  [2, ['upgrade', '--pyodide', '0.29.5'], "error: unknown option '--pyodide'"],
  [2, ['resolve', 'fastapi', '--date'], "error: option '--date <date>' argument missing"],
  [
    2,
    ['resolve', 'fastapi', '--format', 'yaml'],
    "error: option '--format <format>' argument 'yaml' is invalid",
  ],
  [
    2,
    ['target', '--format', 'requirements'],
    "error: option '--format <format>' argument 'requirements' is invalid",
  ],
  [2, ['target', '--json', '--format', 'table'], 'error: --json and --format table contradict each other.'],
  [2, ['target', ...TARGET, '--revision', 'newest'], 'error: --revision newest is not a revision.'],
  [
    2,
    ['target', ...TARGET, '--registry', 'registry.example'],
    'error: registry.example is not the URL of a registry.\n  fix: Write it as in https://registry.example or',
  ],
  [2, ['target', ...TARGET, '--registry', 'file:///etc/'], 'error: file:///etc/ is not the URL'],
  [
    2,
    ['target', ...TARGET, '--registry', 'https://u:p@registry.example'],
    'error: The URL of the registry contains a user name or a password, which registries do not need.\n  fix: ',
  ],
  [2, ['target', 'fastapi'], 'error: too many arguments'],
  [2, ['completion', 'tcsh'], "error: command-argument value 'tcsh' is invalid for argument 'shell'."],
  [2, ['target', '--env', 'staging'], 'error: --env needs a wrangler file'],
  [2, ['target', '--config', 'wrangler.yaml'], 'error: wrangler.yaml is not a wrangler file.'],
  [2, ['resolve', '-r', '-', '-r', '-', ...TARGET], 'error: Standard input can be read only once.'],
  [2, ['resolve', '-r', '-', ...TARGET], 'error: Standard input has no requirements.'],
  [2, ['target', '--compatibility-date', '2025-11-02'], 'fix: Did you mean --date?'],
  [2, ['resolve', '--dtae', '2025-11-02'], "error: unknown option '--dtae'\n  fix: Did you mean --date?\n"],
  [
    2,
    ['install', 'fastapi'],
    "error: unknown command 'install'\n  fix: pinwheel sync installs what a project requires",
  ],
  [2, ['instal', 'fastapi'], 'fix: pinwheel sync installs what a project requires'],
  [2, ['freeze'], 'fix: Did you mean pinwheel lock'],
  [2, ['compare'], 'fix: Did you mean pinwheel diff?'],
  [2, ['int'], 'fix: Did you mean init?'],
  [2, ['new'], 'fix: Did you mean pinwheel init?'],
  [2, ['create'], 'fix: Did you mean pinwheel init?'],
  [2, ['serve'], 'fix: Did you mean pinwheel dev?'],
  [2, ['test'], 'fix: Did you mean pinwheel try?'],
  [2, ['export'], 'fix: Did you mean pinwheel lock'],
  [2, ['search', 'num'], 'fix: Did you mean pinwheel packages, or pinwheel when?'],
  [2, ['show', 'numpy'], 'fix: Did you mean pinwheel why, or pinwheel evidence?'],
  [2, ['deploy'], 'fix: Run npx wrangler deploy'],
  [2, ['help', 'login'], 'fix: Run npx wrangler login'],
  [2, ['clean'], 'fix: Nothing is left but the folders that you named'],
  [3, ['-C', 'nowhere', 'target', ...TARGET], 'error: nowhere could not be read: ENOENT'],
  [3, ['target', ...TARGET, '-o', '/dev/full'], 'error: /dev/full cannot be used: ENOSPC'],
  [
    3,
    ['resolve', 'flask', '--index', '--offline', ...TARGET],
    'error: https://pypi.org/simple/flask/ is not on this machine, and --offline uses no network.',
  ],
  [
    3,
    ['target', '--config', 'wrangler.toml'],
    'error: wrangler.toml could not be read: there is no such file.',
  ],
  [3, ['resolve', '-r', 'requirements.txt', ...TARGET], 'error: requirements.txt could not be read'],
  [3, ['resolve', '-r', '.', ...TARGET], 'error: . could not be read: it is a folder.'],
])('exit code %i: %j', async (code, args, says) => {
  const ended = await pinwheel.run(args);
  expect(ended).toMatchObject({ code, stderr: expect.stringContaining(says) });
  // Without an answer, standard output is empty.
  expect(ended.stdout === '').toBe(code !== 0);
});

test.each<[args: string[], message: string, word: string | null, command: string | null, fix: string]>([
  [
    ['resolve', 'fastapi', '--json', '--frob'],
    "unknown option '--frob'",
    '--frob',
    'resolve',
    'See pinwheel resolve --help.',
  ],
  [['resolv', '--format', 'json'], "unknown command 'resolv'", 'resolv', null, 'Did you mean resolve?'],
  [['xyzzy', '--json'], "unknown command 'xyzzy'", 'xyzzy', null, 'See pinwheel --help.'],
  [
    ['when', '--format=json'],
    "missing required argument 'requirement'",
    null,
    'when',
    'See pinwheel when --help.',
  ],
])('%j is misuse, said as JSON', async (args, message, word, command, fix) => {
  const { code, stdout, stderr } = await pinwheel.run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(JSON.parse(stderr)).toEqual({
    severity: 'error',
    code: 'wrong_usage',
    problem: 'not_understood',
    message,
    detail: message,
    word,
    near: fix.startsWith('Did') ? fix : null,
    command,
    fix,
    fixes: [{ kind: 'advice', text: fix }],
  });
});

test('every issue is shown, each with its fix', async () => {
  const { stderr } = await pinwheel.run(['target', '--date', '2025-9-1', '--flag', 'python_wrkers']);
  expect(stderr).toMatchInlineSnapshot(`
    "error: Invalid compatibility date: 2025-9-1
      fix: Write it as 2025-09-01.
    error: No such compatibility flag: python_wrkers
      fix: Did you mean python_workers?
    error: The python_workers compatibility flag is required to use Python.
      fix: Add python_workers.
           Give --flag python_workers, or list it in compatibility_flags of a wrangler file.
    "
  `);
});

test('without a date, the message says how to give one', async () => {
  const { stderr } = await pinwheel.run(['resolve', 'fastapi', '--flag', 'python_workers']);
  expect(stderr).toMatchInlineSnapshot(`
    "error: Worker must specify compatibilityDate.
      fix: Give a compatibility date or a package flag.
           Give --date YYYY-MM-DD and --flag, or name a wrangler file with --config.
    error: The python_workers compatibility flag is required to use Python.
    "
  `);
});

test('--version prints the version of the package', async () => {
  expect(await pinwheel.run(['--version'])).toEqual({
    code: 0,
    stdout: `${packageJson.version}\n`,
    stderr: '',
  });
});

const WRANGLER = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n';

test('-C runs in another folder, and -o writes the answer into a file of it', async () => {
  const cwd = await pinwheel.folderWith({ 'api/wrangler.toml': WRANGLER });
  const { stdout } = await pinwheel.run(['target', '--json', ...TARGET], { cwd });
  const args = ['-C', 'api', 'target', '--json', '--as-of', '2026-11-20', '-o', 'target.json'];
  expect(await pinwheel.run(args, { cwd })).toMatchObject({ code: 0, stdout: '' });
  expect(await readFile(join(cwd, 'api/target.json'), 'utf8')).toBe(stdout);
  // What has no answer leaves the file as it is; findings are an answer.
  expect((await pinwheel.run([...args, '--revision', '0'], { cwd })).code).toBe(1);
  expect(await readFile(join(cwd, 'api/target.json'), 'utf8')).toBe(stdout);
  await writeFile(join(cwd, 'api/entry.py'), 'import pandas\n');
  expect((await pinwheel.run(['check', 'api', '--json', '-o', 'check.json'], { cwd })).code).toBe(1);
  expect(JSON.parse(await readFile(join(cwd, 'check.json'), 'utf8')).totals.errors).toBe(2);
});

test('commands that are proposed keep -C', async () => {
  const cwd = await pinwheel.folderWith({
    'api/wrangler.toml': WRANGLER,
    'api/requirements.txt': 'pydantic\n',
  });
  const proposed = async (...args: string[]) => {
    const { stdout } = await pinwheel.run(args, { cwd });
    const [, words] = /pinwheel (-C api .*)\n$/.exec(stdout) ?? [];
    return words?.split(' ') ?? [stdout];
  };
  const vendor = await proposed('-C', 'api', 'resolve', 'pydantic', '-v');
  expect(vendor).toEqual(['-C', 'api', 'vendor', 'pydantic']);
  const ended = await pinwheel.run([...vendor, '--dry-run'], { cwd });
  expect(ended.code, ended.stderr).toBe(0);
  const diff = await proposed('outdated', '-C', 'api');
  expect(diff.slice(0, 4)).toEqual(['-C', 'api', 'diff', '--to']);
  const { stderr } = await pinwheel.run(['remove', 'annotated-types', '--config', 'api/wrangler.toml'], {
    cwd,
  });
  const [, why = ''] = /needs it: pinwheel (.*)\n$/.exec(stderr) ?? [];
  expect((await pinwheel.run(why.split(' '), { cwd })).stdout).toContain('pydantic');
  const index = ['--index-url', 'https://u:secret@127.0.0.1:1/simple/'];
  const plain = ['--index-url', 'https://127.0.0.1:1/simple/'];
  expect(await proposed('-C', 'api', 'resolve', ...index)).toEqual(['-C', 'api', 'vendor', ...plain]);
  expect((await pinwheel.run([...diff, '--json'], { cwd })).stdout).toContain('"from":{');
});

test('the user and password in the URL of a wheel go to its server, and nothing shows them', async () => {
  const got: unknown[] = [];
  const origin = await serve(({ headers }, response) => {
    got.push(headers.authorization);
    response.writeHead(404).end();
  });
  const wheel = `x @ ${origin.replace('//', '//u:secret@')}/x-1.0-py3-none-any.whl`;
  const texts = [wheel, `${wheel} ; oops`, `${wheel} ; python_version > "4"`, `x[a @ ${wheel.slice(4)}`];
  const ended = await Promise.all(
    texts.flatMap((text) => [
      pinwheel.run(['resolve', text, 'idna', ...TARGET]),
      pinwheel.run(['resolve', text, 'idna', ...TARGET, '--json']),
    ]),
  );
  expect(ended[0]).toMatchObject({ code: 3, stderr: expect.stringContaining(`${origin}/x-1.0-py3-none`) });
  expect(got[0]).toBe(`Basic ${btoa('u:secret')}`);
  expect(JSON.stringify(ended)).not.toContain('secret');
});

test('the command that writes a lock keeps the options that decide what is in it', async () => {
  const cwd = await pinwheel.folderWith({
    'my api/wrangler.toml': WRANGLER,
    'my api/requirements.txt': 'first\n',
  });
  await mkdir(join(cwd, 'my wheels'));
  for (const name of ['first', 'second'])
    await writeFile(join(cwd, `my wheels/${name}-1.0-py3-none-any.whl`), makeWheel(name, '1.0'));
  const options = ['--find-links', '../my wheels', '--unpin', 'first', '--as-of', '2026-11-20'];
  const words = ['-C', 'my api', 'lock', ...options];
  const written = "pinwheel -C 'my api' lock --as-of 2026-11-20 --find-links '../my wheels' --unpin first";
  const checked = await pinwheel.run([...words, '--check'], { cwd });
  expect(checked.stderr).toContain(`There is no pylock.toml.\n  fix: Write it: ${written}\n`);
  expect(await pinwheel.run(words, { cwd })).toMatchObject({ code: 0 });
  await writeFile(join(cwd, 'my api/requirements.txt'), 'first\nsecond\n');
  const index = ['--index-url', 'https://u:secret@127.0.0.1:1/simple/'];
  const { stderr } = await pinwheel.run(['-C', 'my api', 'vendor', '--dry-run', ...options, ...index], {
    cwd,
  });
  expect(stderr).toContain('pylock.toml is stale');
  expect(stderr).toContain(
    "lock --as-of 2026-11-20 --find-links '../my wheels' --index-url https://127.0.0.1:1/simple/ --unpin first\n",
  );
  // Also for sync, which prints none.
  await writeFile(
    join(cwd, 'my api/pylock.toml'),
    'lock-version = "1.0"\ncreated-by = "uv"\npackages = []\n',
  );
  const foreign = await pinwheel.run(['-C', 'my api', 'sync', '--lock', ...options], { cwd });
  expect(foreign.stderr).toContain('or print a lock: pinwheel lock --format pylock\n');
});

test('PINWHEEL_REGISTRY names the registry, unless --registry does', async () => {
  const env = { PINWHEEL_REGISTRY: 'registry.example' };
  const { stderr } = await pinwheel.run(['target', ...TARGET], { env });
  expect(stderr).toContain('error: registry.example is not the URL');
  const other = await pinwheel.run(['target', ...TARGET, '--registry', 'other.example'], { env });
  expect(other.stderr).toContain('error: other.example is not the URL');
});

test.each([
  [true, false, 'leave out --registry'],
  [false, true, 'unset PINWHEEL_REGISTRY'],
  [true, true, 'leave out --registry and unset PINWHEEL_REGISTRY'],
])('a registry that does not answer is left out where it is named: %j, %j', async (option, variable, way) => {
  const { origin } = ending(await closedOrigin());
  const args = option ? ['--registry', origin] : [];
  const env = variable ? { PINWHEEL_REGISTRY: origin } : {};
  const { stderr } = await pinwheel.run(['target', ...TARGET, ...args], { env });
  expect(stderr).toContain(`, or ${way} to use the bundled data.\n`);
});

test.each(['wrangler.toml', 'pyproject.toml', 'pylock.toml'])(
  '%s in UTF-16 is named as such, with a byte order mark and without',
  async (name) => {
    const cwd = await pinwheel.folderWith({});
    for (const mark of ['\ufeff', '']) {
      await writeFile(join(cwd, name), Buffer.from(`${mark}[project]\nname = "a"\n`, 'utf16le'));
      const args = name === 'wrangler.toml' ? ['target'] : ['resolve', '-r', name, ...TARGET];
      expect(await pinwheel.run(args, { cwd })).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: ${name} is UTF-16.\n  fix: Save it as UTF-8.\n`,
      });
    }
  },
);

test('requirements in UTF-16 without a byte order mark are named as such', async () => {
  const cwd = await pinwheel.folderWith({});
  await writeFile(join(cwd, 'requirements.txt'), Buffer.from('pyyaml\n', 'utf16le'));
  expect(await pinwheel.run(['resolve', '-r', 'requirements.txt', ...TARGET], { cwd })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: requirements.txt is UTF-16.\n  fix: Save it as UTF-8.\n',
  });
});

describe('the help', () => {
  test('has headings, and what operators need is by itself', async () => {
    const headings = (text: string) => [...text.matchAll(/^(\S.*):$/gm)].map(([, heading]) => heading);
    const { stdout } = await pinwheel.run(['--help']);
    const sections = ['Options', 'Output', 'Advanced', 'Questions', 'Projects'];
    const operators = 'For operators of registries';
    expect(headings(stdout)).toEqual([...sections, operators, 'Others', 'Examples', 'Exit codes']);
    const [, listed] = stdout.split(`${operators}:`);
    expect([...listed!.split('Others:')[0]!.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)).toEqual([
      'log',
      'prove',
      'publish',
    ]);
    const resolve = (await pinwheel.run(['help', 'resolve'])).stdout;
    expect(headings(resolve)).toEqual([
      ...['Arguments', 'Question', 'Sources', 'Output', 'Advanced', 'Examples'],
    ]);
    const advanced = resolve.split('Advanced:')[1]!;
    for (const option of ['--as-of', '--revision', '--experimental']) expect(advanced).toContain(option);
  });

  const OTHERS = ['completion', 'dev', 'help', 'init'];

  test('of every command has examples, --json if it answers, and at most 80 columns', async () => {
    const whole = await pinwheel.run(['--help']);
    expect(whole.stdout).toContain('\nExamples:\n  pinwheel resolve');
    expect(whole.stdout).not.toContain('\x1b');
    expect(await pinwheel.run(['help'])).toEqual(whole);
    const commands = [...whole.stdout.matchAll(/^ {2}(?!pinwheel)([a-z][a-z-]*) /gm)].map(
      ([, name]) => name!,
    );
    expect(commands).toContain('explain-lock');
    for (const command of commands) {
      const help = await pinwheel.run([command, '--help']);
      const { code, stdout, stderr } = help;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`\\nExamples:\\n  .*pinwheel ${command}\\b`));
      expect([command, /^ {2}--json /m.test(stdout)]).toEqual([command, !OTHERS.includes(command)]);
      expect(stdout).not.toContain('default: []');
      // A backslash at the end of a line of a template joins it with the next one.
      expect(stdout).not.toMatch(/^ {2}pinwheel .*\S {5}-/m);
      for (const line of (whole.stdout + stdout).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('of an option is below it on a terminal of forty columns', async () => {
    const stdout = await onFortyColumns('sync', '--help');
    expect(stdout).toContain(
      '\n  --force\n      replace that folder even if\n      pinwheel did not create it\n',
    );
    expect(stdout).toContain('\nA folder that has exactly the packages\nof the answer stays as it is.\n');
  });

  test('of resolve names the settings and the variables of its options', async () => {
    const { stdout } = await pinwheel.run(['help', 'resolve']);
    const words = stdout.split(/[\s,.:]+/);
    const named = Object.entries(GIVEN_FIELDS as Fields).filter(
      ([name, field]) => field.kept && words.includes(optionOf(name, field)),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const [name, field] of named) {
      expect(words).toEqual(expect.arrayContaining([settingOf(name, field), variableOf(name, field)]));
    }
  });

  test('is that of help, too', async () => {
    for (const command of ['resolve', 'completion']) {
      expect(await pinwheel.run(['help', command])).toEqual(await pinwheel.run([command, '--help']));
    }
    expect(await pinwheel.run(['help', 'resolv'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: There is no command resolv.\n  fix: Did you mean resolve?\n',
    });
  });
});

test.each([
  ['target', 'No compatibility date selects\npython_3.13_packages_2025_10_20: vendor\nits packages.'],
  ['evidence numpy', 'Pyodide 0.29.0 in npm’s Pyodide in Node,\n2026-11-26'],
])('sentences and headings of %s fit forty columns', async (command, text) => {
  expect(await onFortyColumns(...command.split(' '), '--flag', 'python_3.13_packages_2025_10_20')).toContain(
    text,
  );
});

/** The output of a command on a terminal of forty columns. */
async function onFortyColumns(...args: string[]): Promise<string> {
  const narrow = `import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(terminal, 65536):
        sys.stdout.buffer.write(data)
except OSError:
    pass
`;
  const command = [process.execPath, pinwheel.script, ...args, '--no-color'];
  const { stdout } = await promisify(execFile)('python3', ['-c', narrow, ...command]);
  expect(stdout).not.toContain('\x1b');
  return stdout.replaceAll('\r', '');
}

describe('escape codes', () => {
  const args = ['resolve', 'fastapi', 'numpy', ...TARGET];

  test('none if standard output is not a terminal', async () => {
    for (const env of [{}, { CI: '1' }, { NO_COLOR: '1' }, { FORCE_COLOR: '' }]) {
      const { stdout } = await pinwheel.run(args, { env: { ...env, TERM: 'xterm-256color' } });
      expect(stdout).not.toContain('\x1b');
    }
  });

  test('none from the input', async () => {
    const hostile = 'a\x1b[31mb\u202e\x9b';
    const cwd = await pinwheel.folderWith({
      'wrangler.toml': `compatibility_date = "${'\\u202e\\u001b[2J'}"\n[env."\\u001b[2J"]\n`,
      'r.txt': `${hostile}\n--index\x1b[2J\n`,
    });
    for (const args of [
      [`--${hostile}`],
      [hostile],
      ['resolve', hostile, ...TARGET],
      ['resolve', '-r', 'r.txt', ...TARGET],
      ['resolve', '-r', hostile, ...TARGET],
      ['resolve', 'fastapi', '--format', hostile],
      ['target', '--date', hostile, '--flag', hostile],
      ['target', '--revision', hostile, '--flag', 'a'],
      ['target', '--registry', hostile],
      ['target', '--config', `${hostile}.toml`],
      ['target', '--env', hostile],
      ['target'],
      ['packages', hostile, ...TARGET],
    ]) {
      const { code, stderr } = await pinwheel.run(args, { cwd });
      expect(code).toBeGreaterThan(0);
      expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });
});

test('a closed pipe ends the command silently', async () => {
  const child = spawn(process.execPath, [pinwheel.script, 'packages', '--json', ...TARGET]);
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test.each([
  ['once', ''],
  ['again while it cleans up', "process.once('exit', () => process.kill(process.pid, 'SIGINT'))"],
])('Ctrl-C ends with 130: %s', async (_, preload) => {
  // It waits for standard input, and says first that it read the wrangler file.
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': '' });
  const words = ['--import', `data:text/javascript,${preload}`, pinwheel.script, 'resolve', '-r', '-'];
  const child = spawn(process.execPath, words, { cwd });
  child.stderr.once('data', () => child.kill('SIGINT'));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
});
