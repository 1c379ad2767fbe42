/**
 * Load, made by wrk: many requests at once over kept-alive connections of HTTP/1.1, no pipelining. Those on npm
 * take longer over a request than the servers that they are to measure.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newFolder } from '../common/own.ts';
import { findProgram, type Program } from './debian.ts';
import { cpuOf, workerdAt } from './workerd-cpu.ts';

export interface Load {
  /**
   * Requests for each second of the processor that the thread of workerd took: what one core would answer if it did
   * nothing else, so that other programs on the machine count little.
   */
  rate: number;
  requests: number;
  bytes: number;
}

const CONNECTIONS = 32;
/** Long enough to notice that a connection is silent. */
const TIMEOUT_S = 10;

/** Requests the lines of a file in turn, and reports the result at the end. */
const SCRIPT = `
local requests, at = {}, 0
function init(args)
  for path in io.lines(args[1]) do requests[#requests + 1] = wrk.format('GET', path) end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format('\\n{"requests":%d,"bytes":%d,"failed":%d}\\n', summary.requests, summary.bytes, failed))
end
`;

let program: Promise<Program> | undefined;

/** Sends GETs of `paths`, in turn, for `seconds`, a whole number. Throws if one of them fails. */
export async function load(
  origin: URL,
  paths: readonly string[],
  seconds: number,
  headers: Record<string, string> = {},
): Promise<Load> {
  program ??= findProgram('wrk', ['wrk', 'libluajit-5.1-2']);
  const { path, env } = await program;
  const folder = newFolder();
  const [script, list] = [join(folder, 'script.lua'), join(folder, 'paths')];
  await Promise.all([writeFile(script, SCRIPT), writeFile(list, paths.join('\n'))]);
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const [threads, connections, timeout] = ['-t1', `-c${CONNECTIONS}`, `--timeout=${TIMEOUT_S}s`];
  const args = [threads, connections, timeout, `-d${seconds}s`, '-s', script, ...given, origin.href, list];
  const workerd = workerdAt(origin);
  const before = cpuOf(workerd).thread;
  const { stdout } = await promisify(execFile)(path, args, { env: { ...process.env, ...env } });
  const taken = (cpuOf(workerd).thread - before) / 1000;
  const { requests, bytes, failed } = JSON.parse(stdout.trim().split('\n').at(-1)!);
  if (failed > 0) throw new Error(`${failed} of ${requests} requests failed: ${stdout}`);
  return { requests, bytes, rate: requests / taken };
}
