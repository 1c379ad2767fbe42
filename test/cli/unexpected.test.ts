import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { TARGET, usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

/** Breaks a function that every command uses. */
const throwing = (error: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`Array.prototype.flatMap = () => { throw ${error}; };`)}`;
const NODE_OPTIONS = throwing("new Error('bo\\x1bom')");

test('are reported in three lines', async () => {
  const { code, stdout, stderr } = await pinwheel.run(['target', ...TARGET], { env: { NODE_OPTIONS } });
  expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    'error: Unexpected error: bo\\u{1b}om',
    `  This is a bug in pinwheel ${packageJson.version} (Node ${process.versions.node}). Please report it with the command line.`,
    '  fix: Run it again with DEBUG=pinwheel to see where it happened, and report that too.',
    '',
  ]);
});

test('are reported with a stack trace if DEBUG names pinwheel', async () => {
  const env = { NODE_OPTIONS, DEBUG: 'other,pinwheel' };
  const { code, stderr } = await pinwheel.run(['target', ...TARGET], { env });
  expect(code).toBe(70);
  expect(stderr).toMatch(/^error: Unexpected error: .*\n.*\n\s+at /);
  expect(stderr.length).toBeLessThan(4_000);
});

test('of a connection are not said to be of a file', async () => {
  const refused = "Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' })";
  const env = { NODE_OPTIONS: throwing(refused) };
  const { code, stderr } = await pinwheel.run(['target', ...TARGET], { env });
  expect([code, stderr]).toEqual([70, expect.stringMatching(/^error: Unexpected error: connect\n/)]);
});
