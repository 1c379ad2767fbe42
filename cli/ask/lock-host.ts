/** Asks a CPython for its marker values, and for the wheel tags that it supports. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { HostPython } from '../../resolver/solver/index.ts';
import { outOfReach } from '../common/failure.ts';

/** Nearly every Python has packaging, or pip's copy of it. */
const SCRIPT = `
import json
try:
    from packaging import markers, tags
except ImportError:
    from pip._vendor.packaging import markers, tags
print(json.dumps({"markers": markers.default_environment(), "tags": [str(tag) for tag in tags.sys_tags()]}))`;

const MOST_OUTPUT = 16_000_000;

export async function describeHost(program: string): Promise<HostPython> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-c', SCRIPT], { maxBuffer: MOST_OUTPUT });
    return JSON.parse(stdout) as HostPython;
  } catch (error) {
    const [last = ''] = String((error as { stderr?: string }).stderr || (error as Error).message)
      .trim()
      .split('\n')
      .slice(-1);
    const fix = 'Name a Python that has pip, as in --targets host=.venv/bin/python, or leave out host.';
    throw outOfReach(`${program} did not report its Python version: ${last}`, fix, error);
  }
}
