/** Files that the command line writes for pip, installed by the machine's pip and by the newest. */
import { writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ofThisMachine, type Pinwheel, usePinwheel } from '../cli/pinwheel.ts';
import { newFolder } from '../common/own.ts';
import { runIn } from '../common/project-copy.ts';
import { downloadWheel } from './pip-wheels.ts';
import { type ServedSet, serveSet, TEST_FLAG } from './served-set.ts';

let served: ServedSet;
let pinwheel: Pinwheel;
let folder: string;
const commands: Record<'machine' | 'newest', string[]> = { machine: ['-m', 'pip'], newest: [] };

beforeAll(async () => {
  const newest = await downloadWheel('pip');
  commands.newest = [join(newest.path, 'pip')];
  [served, pinwheel] = await Promise.all([serveSet('0.29.5'), usePinwheel()]);
});
beforeEach(async () => {
  folder = newFolder();
});
afterEach(async () => {
  served.proxy.accept = undefined;
});

/** The closure of httpx, which is made of pure wheels, in a format. */
async function write(format: 'requirements' | 'pylock', flag = TEST_FLAG): Promise<string> {
  const args = ['resolve', 'httpx', '--flag', flag, '--format', format, '--registry', served.proxy.origin];
  const { code, stdout, stderr } = await pinwheel.run(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** What pip would install from a file, without the machine's settings. */
async function dryRun(which: keyof typeof commands, file: string, ...more: string[]) {
  const own = ['--isolated', '--no-cache-dir', '--disable-pip-version-check', '--retries=0'];
  const args = ['install', ...own, '--dry-run', '--ignore-installed', '-r', file, ...more];
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (name.startsWith('PIP_')) delete env[name];
  env.PIP_CONFIG_FILE = devNull;
  const { stdout, ...run } = await runIn('.', env, 'python3', [...commands[which], ...args]);
  const line = /^Would install (.*)$/m.exec(stdout)?.[1] ?? '';
  return { ...run, would: line.split(' ').sort() };
}

/** A Pinwheel-built set: only the registry's index has its httpx. */
const OWN = 'python_3.14_packages_2026_11_20';
const PATCHED_HTTPX = /^httpx-0\.28\.1\+pinwheel\.\d+$/;

/** The options of the command that a requirements file names. */
function optionsOf(text: string): string[] {
  return /^# Install: pip install (.*) -r requirements\.txt$/m.exec(text)![1]!.split(' ');
}

function pinsOf(text: string): string[] {
  return [...text.matchAll(/^([\w-]+)==(\S+)/gm)].map(([, name, version]) => `${name}-${version}`).sort();
}

describe.each(['machine', 'newest'] as const)('the %s pip', (which) => {
  test('installs requirements with hashes, and checks all of them', async () => {
    const text = await write('requirements');
    expect(pinsOf(text).length).toBe(7);
    expect(text.match(/--hash=sha256:/g)?.length).toBe(7);
    const file = join(folder, 'requirements.txt');
    await writeFile(file, text);
    const index = `--index-url=${served.proxy.origin}/simple/${TEST_FLAG}/`;
    // In this mode, pip rejects requirements without a hash, and dependencies that are not listed.
    const run = await dryRun(which, file, index, '--require-hashes');
    expect(run.code, run.stderr).toBe(0);
    expect(run.would.map((pin) => pin.replaceAll('_', '-'))).toEqual(pinsOf(text));

    await writeFile(
      file,
      text.replace(/(?<=^idna.*sha256:)../m, (digits) => (digits === '00' ? '11' : '00')),
    );
    const spoiled = await dryRun(which, file, index);
    expect(spoiled.code).not.toBe(0);
    expect(spoiled.stderr).toMatch(/DO NOT MATCH THE HASHES|hashes are required/i);
  });
});

describe.each(['machine', 'newest'] as const)('the %s pip', (which) => {
  test('installs a Pinwheel-built wheel from the index that the requirements name', async () => {
    const text = await write('requirements', OWN);
    expect(text.split('\n')[2]).toBe(`--index-url ${served.proxy.origin}/simple/${OWN}/`);
    const file = join(folder, 'requirements.txt');
    // Not all that httpx needs, as in sets whose lock does not have all that wheels need.
    await writeFile(file, text.replace(/^idna.*\n/m, ''));
    for (const accept of [undefined, 'text/html']) {
      served.proxy.accept = accept;
      const run = await dryRun(which, file, ...optionsOf(text));
      expect(run.code, run.stderr).toBe(0);
      expect(run.would).toEqual([expect.stringMatching(PATCHED_HTTPX)]);
    }
  });
});

describe('the newest pip', () => {
  test.each(['from a registry', 'that was built here'])(
    'installs a Pinwheel-built wheel %s by its URL in pylock.toml',
    async (from) => {
      const args = ['resolve', 'httpx', '--flag', OWN, '--format', 'pylock'];
      const here = from === 'that was built here' ? await pinwheel.run(args, { env: ofThisMachine() }) : null;
      const text = here?.stdout ?? (await write('pylock', OWN));
      expect(text).toMatch(/^patched = \{by = "pinwheel", patch = "httpx", /m);
      const local = text.replace(/^(environments|requires-python) = .*\n/gm, '');
      const file = join(folder, 'pylock.toml');
      await writeFile(
        file,
        local.replace(/\[\[packages\]\]\nname = "idna"\n(?:.+\n)+/, '').replace(/^dependencies = .*\n/m, ''),
      );
      const run = await dryRun('newest', file, '--no-index', '--no-deps');
      expect(run.code, run.stderr).toBe(0);
      expect(run.would).toEqual([expect.stringMatching(PATCHED_HTTPX)]);
    },
  );

  test('installs pylock.toml for its runtime, and for no other', async () => {
    const text = await write('pylock');
    const file = join(folder, 'pylock.toml');
    await writeFile(file, text);
    const elsewhere = await dryRun('newest', file);
    expect(elsewhere.code).not.toBe(0);
    expect(elsewhere.stderr).toContain('Cannot select requirements from pylock file');

    // The same lock, for this machine.
    const here = text.replace(/^(environments|requires-python) = .*\n/gm, '');
    await writeFile(file, here);
    const run = await dryRun('newest', file, '--no-index');
    expect(run.code, run.stderr).toBe(0);
    const pins = pinsOf(await write('requirements'));
    expect(run.would.map((pin) => pin.replaceAll('_', '-'))).toEqual(pins);

    await writeFile(
      file,
      here.replace(/(?<=name = "idna-.*sha256 = ")../, (digits) => (digits === '00' ? '11' : '00')),
    );
    const spoiled = await dryRun('newest', file, '--no-index');
    expect(spoiled.code).not.toBe(0);
    expect(spoiled.stderr).toMatch(/DO NOT MATCH THE HASHES/);
  });
});
