import { execFile } from 'node:child_process';
import pc from 'picocolors';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Fetched, PinnedFile } from '../../../cli/packages/download.ts';
import { progressBar, progressLines } from '../../../cli/print/progress.ts';
import { newFolder } from '../../common/own.ts';
import { makeWheel } from '../../zip.ts';
import { ASK, createWorld, type World } from './vendor-world.ts';

const pinned = (name: string): PinnedFile => ({
  name,
  version: '1.0',
  filename: `${name}-1.0.whl`,
  sha256: name,
  size: null,
  url: '',
  kind: 'wheel',
});
const came = (size: number, received = size): Fetched => ({ path: '', size, received, replaced: false });

describe('a bar', () => {
  const ERASE = '\r\x1b[2K';

  /** A bar for two files on a screen of so many columns, its output, and its clock. */
  function paint(columns = 80) {
    const painted: string[] = [];
    const clock = { now: 1_000 };
    const screen = { columns, colors: pc.createColors(false) };
    const bar = progressBar(
      2,
      screen,
      (text) => painted.push(text),
      () => clock.now,
    );
    return { bar, painted, clock };
  }

  test('counts a file that cannot be had', () => {
    const { bar, painted, clock } = paint();
    bar.here(pinned('a'), 500_000, 1_000_000);
    clock.now += 100;
    bar.skipped(pinned('a'));
    bar.end();
    expect(painted[1]).toBe(`${ERASE}Fetching  [############------------] 1 of 2 files, 0 B`);
  });

  test('shows the progress of everything', () => {
    const { bar, painted, clock } = paint();
    const tick = () => {
      clock.now += 100;
    };
    bar.here(pinned('a'), 500_000, 1_000_000);
    tick();
    bar.here(pinned('b'), 200_000, null);
    tick();
    bar.fetched(pinned('a'), came(1_000_000));
    tick();
    bar.fetched(pinned('b'), came(2_000_000));
    tick();
    bar.unpacked(pinned('a'));
    tick();
    bar.end();
    expect(painted).toEqual([
      `${ERASE}Fetching  [######------------------] 0 of 2 files, 500 kB`,
      `${ERASE}Fetching  [######------------------] 0 of 2 files, 700 kB`,
      `${ERASE}Fetching  [############------------] 1 of 2 files, 1.2 MB`,
      `${ERASE}Unpacking [------------------------] 0 of 2 files, 3.0 MB`,
      `${ERASE}Unpacking [############------------] 1 of 2 files, 3.0 MB`,
      ERASE,
    ]);
  });

  test('is painted ten times a second at most', () => {
    const { bar, painted, clock } = paint();
    for (let at = 0; at < 1_000; at++) {
      bar.here(pinned('a'), at, 1_000);
      clock.now += 1;
    }
    expect(painted).toHaveLength(10);
  });

  test('is removed at the end, and does not appear without downloads', () => {
    const { bar, painted } = paint();
    bar.end();
    expect(painted).toEqual([]);
    bar.here(pinned('a'), 1, 2);
    bar.end();
    bar.end();
    expect(painted.slice(1)).toEqual([ERASE]);
    expect(process.listeners('exit').length).toBeLessThan(10);
  });

  test('fits into its line', () => {
    for (const columns of [1, 20, 40, 80]) {
      const { bar, painted } = paint(columns);
      bar.here(pinned('a'), 1, 2);
      expect(painted[0]!.slice(ERASE.length).length).toBeLessThan(Math.max(2, columns));
      bar.end();
    }
  });
});

test('lines name the source of each file', () => {
  const written: string[] = [];
  const lines = progressLines((text) => written.push(text));
  lines.fetched(pinned('a'), came(12_345));
  lines.fetched(pinned('b'), came(12_345, 0));
  lines.fetched(pinned('c'), came(12_345, 345));
  lines.fetched({ ...pinned('d'), filename: 'd\x1b[2J.whl' }, came(0));
  expect(written).toEqual([
    'Downloaded: a-1.0.whl, 12 kB\n',
    'In the cache: b-1.0.whl\n',
    'Downloaded: c-1.0.whl, the last 345 B of 12 kB\n',
    'Downloaded: d\\u{1b}[2J.whl, 0 B\n',
  ]);
});

describe('on a terminal', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld((shelf) => {
      for (const name of ['one', 'two']) shelf.add(`${name}-1.0-py3-none-any.whl`, makeWheel(name, '1.0'));
    });
  });

  const PTY = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

  /** All that the command writes to a terminal. */
  async function run(env: Record<string, string>): Promise<string> {
    const cwd = newFolder();
    const words = ['vendor', 'one', 'two', ...ASK, '--cache', 'cache'];
    const command = [process.execPath, world.pinwheel.script, ...words];
    return new Promise((resolve, reject) => {
      const options = { cwd, env: { ...process.env, NO_COLOR: '', ...env } };
      const child = execFile('python3', ['-c', PTY, ...command], options, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
      child.stdin!.end();
    });
  }

  test('the report replaces the bar', async () => {
    const output = await run({ TERM: 'xterm' });
    expect(output).toContain('\r\x1b[2KFetching  [');
    expect(output).not.toContain('Downloaded:');
    expect(output).toContain('\x1b[1m2 packages\x1b[22m in python_modules');
    // Every line of the bar is painted over.
    const painted = output.split('\r\x1b[2K').slice(0, -1);
    expect(painted.join('')).toMatch(/^(Fetching |Unpacking)[^\n]*$/);
    expect(output.split('\r\x1b[2K').at(-1)!.startsWith('\x1b[2mPackage')).toBe(true);
  });

  test('without colours where NO_COLOR is set', async () => {
    const output = await run({ TERM: 'xterm', NO_COLOR: '1' });
    expect(output).toContain('\r\x1b[2KFetching  [');
    expect(output.replaceAll('\x1b[2K', '')).not.toContain('\x1b');
  });

  test('in lines if it cannot paint over', async () => {
    const output = await run({ TERM: 'dumb' });
    expect(output).not.toContain('\x1b');
    expect(output.match(/^Downloaded: \S+\.whl, \d+ B\r$/gm)).toHaveLength(2);
  });
});
