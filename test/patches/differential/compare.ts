/**
 * Sends the same requests with upstream's client on CPython and with the patched one on fetch to the same server. What
 * arrives there and what the client reports are equal, except for the listed differences, each of which must occur.
 */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { run } from '../hosts.ts';
import { type TestServer, useServer } from '../server.ts';
import { runInWorkerd } from '../workerd/workerd-host.ts';
import { type Arrived, type Difference, level, type View } from './records.ts';

export interface Comparison {
  /** The name of the module. */
  client: string;
  /** Where the patched one runs: in Pyodide on Node, or in a Worker. */
  host: 'pyodide' | 'workerd';
  /** Python files; the function `compare(origin, other)` of `differential.py` returns what the client reports. */
  sources: URL[];
  /** The wheels, as `run` takes them, for CPython and for the other host. */
  upstream(): Promise<string[]>;
  patched(): Promise<string[]>;
  arrivals: readonly Difference<Arrived>[];
  views: readonly Difference<View>[];
  /** With fewer records than these, the script did not do its work. */
  atLeast: { arrivals: number; views: number };
}

interface Run {
  arrivals: Arrived[];
  views: View[];
}

export function compareClients(comparison: Comparison): void {
  const server = useServer();
  let upstream: Run;
  let patched: Run;
  beforeAll(async () => {
    upstream = await record(server, 'cpython', comparison, await comparison.upstream());
    patched = await record(server, comparison.host, comparison, await comparison.patched());
  });

  const compare = <Member extends keyof Run>(
    member: Member,
    differences: readonly Difference<Run[Member][number]>[],
  ) => {
    const leveled = (from: Run, taken = differences) => level(from[member] as Run[Member][number][], taken);
    test('is equal except for the listed differences', () => {
      expect(upstream[member].length).toBeGreaterThanOrEqual(comparison.atLeast[member]);
      expect(leveled(patched)).toEqual(leveled(upstream));
    });
    test.each(differences)('differs in: $what', ({ what }) => {
      const others = differences.filter((difference) => difference.what !== what);
      expect(leveled(patched, others)).not.toEqual(leveled(upstream, others));
    });
  };
  describe('what the server saw', () => compare('arrivals', comparison.arrivals));
  describe('what the client shows', () => compare('views', comparison.views));
}

async function record(
  server: TestServer,
  host: 'cpython' | 'pyodide' | 'workerd',
  { client, sources }: Comparison,
  wheels: string[],
): Promise<Run> {
  server.arrivals.length = 0;
  const question = {
    server,
    sources: sources.map((source) => fileURLToPath(source)),
    modules: ['differential'],
    function: 'compare',
    arguments: { origin: server.origin, other: server.other },
    wheels,
  };
  const { result, printed } =
    host === 'workerd'
      ? await runInWorkerd<View[]>({ ...question, imports: `import ${client}` })
      : await run<View[]>(host, question);
  expect(printed).toBe('');
  const arrivals = server.arrivals.map(({ body, ...rest }) => ({ ...rest, body: body.toString('base64') }));
  return { arrivals, views: result };
}
