/** The built command line, installed like by npm, and run as a child process. */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newFolder, writeFiles } from '../common/own.ts';
import { builtCommand } from '../common/package.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** By default an empty folder. */
  cwd?: string;
  /** Standard input, empty by default. */
  input?: string;
  /** Replaces the environment of this machine; by default, the cache is that of the installation. */
  env?: Record<string, string>;
}

export interface Pinwheel {
  /** The installed script. */
  script: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** A new folder with these files. */
  folderWith(files: Record<string, string>): Promise<string>;
}

const { NODE_EXTRA_CA_CERTS } = process.env;
/** The certificates with which this machine reaches npm. */
const certificates = NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS };

/** A copy of the installation, in which files can be replaced; by default in a new folder. */
export async function copyOfPinwheel(copy = newFolder()): Promise<string> {
  await cp(await builtCommand(), copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** @param installed by default the installation of all tests; do not change that */
export async function usePinwheel(installed?: string): Promise<Pinwheel> {
  const home = newFolder();
  const empty = join(home, 'empty');
  await mkdir(empty);
  installed ??= await builtCommand();
  const script = join(installed, 'dist/pinwheel.js');
  const usual = {
    XDG_CACHE_HOME: join(home, 'cache'),
    // Compilation is a third of a command's time.
    NODE_COMPILE_CACHE: join(dirname(installed), 'compiled'),
    ...certificates,
  };
  return {
    script,
    run: (args, { cwd = empty, input = '', env = {} } = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [script, ...args], {
          cwd,
          env: { ...usual, ...env } as unknown as NodeJS.ProcessEnv,
        });
        const ended: Ended = { code: null, stdout: '', stderr: '' };
        for (const stream of ['stdout', 'stderr'] as const) {
          child[stream].setEncoding('utf8').on('data', (text: string) => {
            ended[stream] += text;
          });
        }
        child.on('error', reject).on('close', (code) => resolve({ ...ended, code }));
        child.stdin.on('error', () => {}).end(input);
      }),
    async folderWith(files) {
      const folder = await mkdtemp(join(home, 'folder-'));
      await writeFiles(folder, files);
      return folder;
    },
  };
}

/** For commands that run pip: the environment of this machine, with its index. */
export const ofThisMachine = (): Record<string, string> => {
  const { XDG_CACHE_HOME: _, ...rest } = process.env;
  return rest as Record<string, string>;
};

/** Output without what changes with every publication. */
export function withoutRevision(text: string): string {
  return text.replace(/revision \d+/g, 'revision N');
}

/** The target that most cases ask for. */
export const TARGET = ['--date', '2025-11-02', '--flag', 'python_workers', '--as-of', '2026-11-20'];

/** The same files, with an entrypoint in the main module: one that is computed, of which nothing more is known. */
export const withEntrypoint = (files: Record<string, string>): Record<string, string> => ({
  ...files,
  ...('src/entry.py' in files && { 'src/entry.py': `${files['src/entry.py']}\nDefault = entrypoint()\n` }),
});

/** A wrangler file of a Python Worker, with further lines. */
export const wranglerToml = (date = '2025-11-02', flags = ['python_workers'], more = '') =>
  `main = "src/entry.py"\ncompatibility_date = "${date}"\ncompatibility_flags = ${JSON.stringify(flags)}\n${more}`;
