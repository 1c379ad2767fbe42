/** Runs the checks of a package on every host that it supports. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Checks, titles } from './checks.ts';
import { type Host, type Outcome, type Outcomes, run, traits } from './hosts.ts';
import { NEWEST, OLDEST } from './pyodide-releases.ts';
import { useServer } from './server.ts';
import { runInWorkerd, workerdTraits } from './workerd/workerd-host.ts';

export interface Subject {
  name: string;
  host: Host | 'workerd';
  /** The version of Pyodide; by default, the installed one. */
  version?: string;
  packages(): Promise<string[]>;
}

/** The wheels of a package: upstream's requirement, the patched file, and this with its dependencies on Emscripten. */
interface Wheels {
  upstream: string;
  patched(): Promise<string>;
  onEmscripten(): Promise<string[]>;
}

/**
 * Upstream's wheel on CPython, and the patched one on CPython, in Pyodide and in a Worker; in `npm run test:all`, in a
 * Pyodide of each ABI.
 */
export function subjectsOf({ upstream, patched, onEmscripten }: Wheels): Subject[] {
  return [
    { name: 'upstream on CPython', host: 'cpython', packages: async () => [upstream] },
    { name: 'patched on CPython', host: 'cpython', packages: async () => [await patched()] },
    { name: 'patched in Pyodide', host: 'pyodide', packages: onEmscripten },
    {
      name: 'patched in Pyodide without stack switching',
      host: 'pyodide without stack switching',
      packages: onEmscripten,
    },
    ...(process.env.TEST_ALL ? [OLDEST, NEWEST] : []).map((version) => ({
      name: `patched in Pyodide ${version}`,
      host: 'pyodide' as const,
      version,
      packages: onEmscripten,
    })),
    { name: 'patched in a Worker', host: 'workerd', packages: onEmscripten },
  ];
}

/** @param module the module of the package */
export function testSubjects(module: string, checks: Checks, subjects: readonly Subject[]): void {
  const server = useServer();
  const outcomes = new Map<string, Outcome<Outcomes>>();
  const traitsOf = (host: Subject['host']) => (host === 'workerd' ? workerdTraits : traits[host]);
  beforeAll(async () => {
    const waiting = [...subjects];
    const runRest = async () => {
      for (let subject = waiting.shift(); subject; subject = waiting.shift()) {
        const { name, host, version, packages } = subject;
        const question = { server, ...checks, wheels: await packages() };
        const outcome =
          host === 'workerd'
            ? runInWorkerd({ ...question, imports: `import ${module}` })
            : run(host, version ? { ...question, pyodide: version } : question);
        outcomes.set(name, await outcome);
      }
    };
    // They wait for much of the time.
    await Promise.all([runRest(), runRest()]);
  });

  describe.each(subjects)('$name', ({ name, host }) => {
    test.each(titles(checks, traitsOf(host)))('%s', (title) => {
      expect(outcomes.get(name)!.result[title]).toBeNull();
    });

    test('every check has run', () => {
      expect(Object.keys(outcomes.get(name)!.result)).toEqual(titles(checks, traitsOf(host)));
    });

    test('nothing was printed', () => {
      expect(outcomes.get(name)!.printed).toBe('');
    });
  });
}
