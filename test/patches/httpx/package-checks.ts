/** A package that uses httpx, tested with upstream's on CPython and with the patched one in Pyodide. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checks, titles } from '../checks.ts';
import { type Host, type Outcome, type Outcomes, run, traits } from '../hosts.ts';
import { wheels } from '../python-packages.ts';
import { startServer, type TestServer } from '../server.ts';
import { HTTPX, IDNA, patchedHttpx } from './wheels.ts';

export interface PackageOnHttpx {
  /** Its pinned requirement, for pip. */
  requirement: string;
  /** Its dependencies in Pyodide. */
  needed: readonly string[];
  /** The other hosts, beside CPython. */
  hosts: readonly Exclude<Host, 'cpython'>[];
  checks: Checks;
  /** The newest release that does not need it. */
  pyodide?: string;
}

export function describePackage({ requirement, needed, hosts, checks, pyodide }: PackageOnHttpx): void {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const names = hosts.map((host): [string, Host] => [
    `patched in ${host.replace('pyodide', 'Pyodide')}`,
    host,
  ]);
  describe.each<[name: string, host: Host]>([['upstream on CPython', 'cpython'], ...names])(
    '%s',
    (_, host) => {
      let outcome: Outcome<Outcomes>;
      beforeAll(async () => {
        const packages =
          host === 'cpython'
            ? [HTTPX, requirement]
            : [await patchedHttpx(), ...(await wheels([IDNA, requirement, ...needed]))];
        const release = pyodide === undefined ? {} : { pyodide };
        outcome = await run(host, { server, ...checks, wheels: packages, ...release });
      });

      test.each(titles(checks, traits[host]))('%s', (title) => {
        expect(outcome.result[title]).toBeNull();
      });

      test('nothing was printed', () => {
        expect(outcome.printed).toBe('');
      });
    },
  );
}
