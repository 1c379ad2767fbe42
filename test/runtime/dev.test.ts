/** `pinwheel dev`: a project on workerd as it is edited. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { saidBy } from '../../cli/worker/said.ts';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { answering, CACHE, NO_WHEELHOUSE, useWorkshop, WRANGLER, wheelhouse } from './project.ts';
import { serve } from './workerd.ts';
import { WRANGLER_ENVIRONMENT } from './wrangler.ts';

if (wheelhouse === null) console.log(`pinwheel dev --set ${NO_WHEELHOUSE}`);

const workshop = useWorkshop();

/** Asks again until the answer is the expected one, up to the limit of the test. */
async function answers(url: string, expected: RegExp, child: ChildProcess, said: () => string) {
  for (;;) {
    const text = await fetch(url).then(
      (response) => response.text(),
      () => '',
    );
    if (expected.test(text)) return;
    if (child.exitCode !== null) throw new Error(said());
    await setTimeout(200);
  }
}

/** The last group of an expression, once a process has said it. */
async function saying(expected: string | RegExp, child: ChildProcess, said: () => string): Promise<string> {
  for (;;) {
    const found = said().match(expected)?.at(-1);
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error(said());
    await setTimeout(100);
  }
}

test('serves, builds again as files are edited, and shows the tracebacks of the project', async () => {
  const folder = await workshop.copy(join(root, 'examples/hello'));
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await mkdir(join(folder, 'shared'));
  const project = (name: string) => `[project]\nname = "${name}"\nversion = "1"\n`;
  await writeFile(join(folder, 'shared/pyproject.toml'), project('acme-shared'));
  await writeFile(join(folder, 'shared/acme_shared.py'), 'VALUE = "ours"\n');
  const sources = '[tool.uv.sources]\nacme-shared = { path = "shared" }\n';
  await writeFile(
    join(folder, 'pyproject.toml'),
    `${project('hello')}dependencies = ["acme-shared"]\n${sources}`,
  );
  await symlink(join(root, 'node_modules/wrangler'), join(folder, 'node_modules/wrangler'));
  await writeFile(join(folder, '.dev.vars'), 'SECRET = "the secret"\n');
  const env = WRANGLER_ENVIRONMENT;
  const set = wheelhouse === null ? [] : ['--set', wheelhouse];
  const words = ['dev', folder, '--port', '0', '--ip', '127.0.0.1', '--cache', CACHE, ...set];
  const child = spawn(process.execPath, [workshop.pinwheel.script, ...words], { env });
  const ended = once(child, 'exit');
  const said = saidBy(child);
  const entry = join(folder, 'src/entry.py');
  const shared = join(folder, 'shared/acme_shared.py');
  const first = await readFile(entry, 'utf8');
  try {
    const origin = await saying(/Ready on (http:\S+)\n/, child, said);
    const answer = (expected: RegExp) => answers(origin, expected, child, said);
    await answer(/^Hello world!$/);
    await writeFile(entry, first.replace('Hello world!', 'Hello again!'));
    await answer(/^Hello again!$/);
    await writeFile(entry, first.replace('"Hello world!"', 'self.env.SECRET'));
    await answer(/^the secret$/);
    await writeFile(entry, first.replace('"Hello world!"', '__import__("acme_shared").VALUE'));
    await answer(/^ours$/);
    await writeFile(shared, 'VALUE = "edited"\n');
    await answer(/^edited$/);
    // Settings change, again and again: a variable that is longer and shorter.
    const settings = join(folder, 'wrangler.toml');
    const before = await readFile(settings, 'utf8');
    await writeFile(entry, first.replace('"Hello world!"', 'getattr(self.env, "WORD", "no word")'));
    await answer(/^no word$/);
    for (const word of ['one', 'another', 'two', 'a longer one', '3']) {
      await writeFile(settings, `${before}[vars]\nWORD = "${word}"\n`);
      await answer(new RegExp(`^${word}$`));
    }
    // A requirement is added.
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other/pyproject.toml'), project('acme-other'));
    await writeFile(join(folder, 'other/acme_other.py'), 'VALUE = "required"\n');
    await writeFile(
      join(folder, 'pyproject.toml'),
      `${project('hello')}dependencies = ["acme-shared", "acme-other"]\n${sources}acme-other = { path = "other" }\n`,
    );
    await writeFile(entry, first.replace('"Hello world!"', '__import__("acme_other").VALUE'));
    await answer(/^required$/);
    // Why a build fails is printed, without wrangler's words, and is the answer until the next edit.
    await writeFile(entry, first.replace('class Default', 'class Default Default'));
    await answer(/^entry could not be imported:[\s\S]+line 4[\s\S]+SyntaxError: invalid syntax\n$/);
    const failure = said().slice(said().lastIndexOf('error: entry could not be imported'));
    expect(failure.slice(0, failure.indexOf('fix: ')).split('\n').length).toBeLessThan(8);
    expect(said()).not.toMatch(/Custom build failed|telemetry|\[object/);
    await writeFile(entry, first.replace('"Hello world!"', 'breakpoint()'));
    await answer(/a Worker has no terminal for breakpoint\(\): print/);
    await writeFile(
      entry,
      first.replace(
        'return Response("Hello world!")',
        'return helper()\n\n\ndef helper():\n    return 1 / 0',
      ),
    );
    await answer(/ZeroDivisionError/);
    await saying('ZeroDivisionError: division by zero', child, said);
    const traceback = said().slice(said().lastIndexOf('Traceback (most recent call last)'));
    expect(traceback).toMatch(
      /File "entry\.py", line \d+, in fetch[\s\S]+File "entry\.py", line \d+, in helper/,
    );
    expect(traceback).toContain('return 1 / 0');
    expect(traceback).not.toContain('/lib/pinwheel');
    expect(traceback).not.toContain('pyodide');
    // Nothing of it is what wrangler deploys.
    await expect(readFile(join(folder, '.wrangler/deploy/config.json'))).rejects.toThrow();
  } finally {
    child.kill();
    await ended;
  }
});

onlyInAll(
  'dev and the command that build prints serve the secrets of a project, and with the last date that workerd accepts',
  async () => {
    const find = createRequire(createRequire(import.meta.url).resolve('wrangler/package.json'));
    const [, ...day] = /^1\.(\d{4})(\d\d)(\d\d)/.exec(find('workerd').version)!.map(Number);
    const daysAfter = (days: number) =>
      new Date(Date.UTC(day[0]!, day[1]! - 1, day[2]! + days)).toISOString().slice(0, 10);
    const folder = await workshop.project(
      {
        'src/entry.py': answering('', 'self.env.SECRET'),
        '.env': 'SECRET = "the secret"\n',
      },
      WRANGLER.replace('2025-11-02', daysAfter(8)),
    );
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const remark = `accepts compatibility dates until ${daysAfter(7)}: on this machine, the Worker runs with that date instead of ${daysAfter(8)}.`;
    const built = await workshop.build(folder, '--no-snapshot');
    expect(built.code, built.stderr).toBe(0);
    expect(built.stderr).toContain(remark);
    // workerd itself says which one is its last.
    await expect(serve(join(folder, 'dist/worker'), {}, find('workerd').default)).rejects.toThrow(
      `the newest date supported by this server binary is "${daysAfter(7)}"`,
    );
    const [, printed] = /^Try it: (.* --env-file .*)$/m.exec(built.stdout)!;
    const dev = [workshop.pinwheel.script, 'dev', '--no-snapshot', '--cache', CACHE];
    for (const command of [printed!, [process.execPath, ...dev].join(' ')]) {
      const child = spawn('sh', ['-c', `${command} --port 0 --ip 127.0.0.1`], {
        cwd: folder,
        env: WRANGLER_ENVIRONMENT,
        // A group of its own, which ends as one: npx starts others.
        detached: true,
      });
      const ended = once(child, 'exit');
      const said = saidBy(child);
      try {
        await answers(await saying(/Ready on (http:\S+)\n/, child, said), /^the secret$/, child, said);
        expect(said().includes(remark)).toBe(command !== printed);
      } finally {
        process.kill(-child.pid!);
        await ended;
      }
    }
  },
);

test('without wrangler, and with one that lacks workerd', async () => {
  const folder = await workshop.project({ 'src/entry.py': '' });
  const dev = () => workshop.pinwheel.run(['dev', folder], { env: { PATH: '' } });
  const none = await dev();
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('it is neither in node_modules nor on the path.');
  expect(none.stderr).toContain('fix: Install it with npm install --save-dev wrangler.');
  const below = await workshop.pinwheel.run(['dev'], { cwd: join(folder, 'src'), env: { PATH: '' } });
  expect(below.stderr).toContain(`pinwheel dev needs wrangler for ${folder}: `);
  await mkdir(join(folder, 'node_modules/wrangler'), { recursive: true });
  await writeFile(join(folder, 'node_modules/wrangler/package.json'), '{"bin": {"wrangler": "x.js"}}');
  const lame = await dev();
  expect(lame.code).toBe(1);
  expect(lame.stderr).toContain('lacks its workerd.');
});
