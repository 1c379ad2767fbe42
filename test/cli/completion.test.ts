/** Completion in real shells: each sources the script and completes a line. */
import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { usePinwheel } from './pinwheel.ts';
import { haveShells } from './shells.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const pinwheel = await usePinwheel();
let folder: string;
const scripts = {} as Record<Shell, string>;
beforeAll(async () => {
  await haveShells(...SHELLS);
  for (const shell of SHELLS) {
    const { code, stdout, stderr } = await pinwheel.run(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    scripts[shell] = stdout;
  }
  folder = await pinwheel.folderWith({
    ...scripts,
    // The project whose package set the names are of.
    'wrangler.toml': 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n',
    'with space.txt': '',
    'sub/x': '',
    'bin/pinwheel': `#!/bin/sh\nexec '${process.execPath}' '${pinwheel.script}' "$@"\n`,
  });
  await chmod(join(folder, 'bin/pinwheel'), 0o755);
});

/** The output of a program in the shell's language. */
function run(shell: Shell, program: string, ...args: string[]): Promise<string> {
  const options = shell === 'bash' ? ['--norc', '--noprofile'] : shell === 'zsh' ? ['-f'] : ['--no-config'];
  return new Promise((resolve, reject) => {
    const env = {
      PATH: `${folder}/bin:${process.env.PATH}`,
      HOME: folder,
      TERM: 'dumb',
    } as unknown as NodeJS.ProcessEnv;
    const line = [...options, '-c', program, ...args];
    const child = execFile(shell, line, { cwd: folder, env, timeout: 600_000 }, (error, stdout, stderr) =>
      error || stderr !== '' ? reject(new Error(stderr, { cause: error })) : resolve(stdout),
    );
    child.stdin?.end();
  });
}

/** A pseudo-terminal gets the line, the Tab key and Return, and runs the completed line. */
const ZSH = `
zmodload zsh/zpty
zpty terminal zsh -f -i
await() { while zpty -r terminal line; do [[ $line == *$1* ]] && return; done }
setup='PS1=; autoload -U compinit; compinit -D -u; source ./zsh'
zpty -w terminal "$setup; "'pinwheel() { print -r -- "r""an:$*" }; print rea""dy'
await ready$'\\r'
zpty -w -n terminal "$1"$'\\t\\n'
await ran:
print -r -- "\${\${line##*ran:}%%$'\\r'*}"
zpty -d terminal
`;

const complete: Record<Shell, (line: string) => Promise<string[]>> = {
  async bash(line) {
    const words = line.split(' ');
    const program = `source ./bash; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pinwheel
      for reply in "\${COMPREPLY[@]}"; do echo "$reply"; done`;
    return (await run('bash', program, 'bash', ...words)).split('\n').filter(Boolean);
  },
  async zsh(line) {
    return [(await run('zsh', ZSH, 'zsh', line)).trim()];
  },
  async fish(line) {
    const replies = await run('fish', `source ./fish; complete -C ${JSON.stringify(line)}`);
    return replies
      .split('\n')
      .filter(Boolean)
      .map((reply) => reply.split('\t')[0]!);
  },
};

const COMMANDS = 'help check resolve target packages why when diff vendor completion'.split(' ');

describe.each(['bash', 'fish'] as const)('%s', (shell) => {
  test('offers the commands', async () => {
    expect(await complete[shell]('pinwheel ')).toEqual(expect.arrayContaining(COMMANDS));
    expect(await complete[shell]('pinwheel res')).toEqual(['resolve']);
  });

  test.each<[line: string, offered: string[]]>([
    ['pinwheel resolve --for', ['--format']],
    ['pinwheel resolve --format py', ['pylock', 'pyodide-lock']],
    ['pinwheel target --format p', []],
    ['pinwheel packages num --flag python_3.13_packages_2025_09', ['python_3.13_packages_2025_09_22']],
    ['pinwheel resolve fastapi --re', ['--registry', '--requirements', '--revision']],
    ['pinwheel target --config wr', ['wrangler.toml']],
    ['pinwheel resolve -r with', ['with space.txt']],
    ['pinwheel vendor --to su', ['sub']],
    ['pinwheel explain-lock wr', ['wrangler.toml']],
    ['pinwheel build su', ['sub']],
    ['pinwheel completion z', ['zsh']],
    ['pinwheel resolve --date ', []],
    ['pinwheel resolve pydantic-', ['pydantic-core']],
    ['pinwheel why numpy jinj', ['jinja2']],
    ['pinwheel help pac', ['packages']],
  ])('completes %s', async (line, offered) => {
    const replies = (await complete[shell](line)).map((reply) => reply.replace(/\/$/, ''));
    expect(replies.sort()).toEqual(offered);
  });
});

describe('zsh', () => {
  test.each<[line: string, completed: string]>([
    ['pinwheel compl', 'completion'],
    ['pinwheel resolve --fo', 'resolve --format'],
    ['pinwheel resolve --format pyo', 'resolve --format pyodide-lock'],
    ['pinwheel target --flag python_3.13_packages_2025_09', 'target --flag python_3.13_packages_2025_09_22'],
    ['pinwheel target --config wr', 'target --config wrangler.toml'],
    ['pinwheel resolve -r with', 'resolve -r with space.txt'],
    ['pinwheel vendor --to su', 'vendor --to sub'],
    ['pinwheel completion fi', 'completion fish'],
    ['pinwheel resolve jinj', 'resolve jinja2'],
    ['pinwheel help pac', 'help packages'],
  ])('completes %s', async (line, completed) => {
    expect(await complete.zsh(line)).toEqual([completed]);
  });
});

test('every command and every option of the help is there', async () => {
  const { stdout } = await pinwheel.run(['--help']);
  const named = [...stdout.matchAll(/^ {2}(?!pinwheel)([a-z]+) /gm)].map(([, name]) => name!);
  expect(named).toEqual(expect.arrayContaining(COMMANDS));
  for (const command of named) {
    const help = (await pinwheel.run([command, '--help'])).stdout;
    const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option!);
    expect(options).toContain('--help');
    const offered = await complete.bash(`pinwheel ${command} --`);
    expect(offered.sort()).toEqual(options.sort());
  }
});

test('the shell interprets nothing else in a script', async () => {
  for (const shell of SHELLS) expect(scripts[shell]).not.toMatch(/\$\(rm|`|undefined|\[object/);
});
