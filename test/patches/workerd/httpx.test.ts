/** Once more inside workerd: every check of httpx that a Worker has the traits for, those marked W among them. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, type Outcomes, titles } from '../hosts.ts';
import { IDNA, patchedHttpx } from '../httpx/wheels.ts';
import { wheels } from '../python-packages.ts';
import { startServer, type TestServer } from '../server.ts';
import { runInWorkerd, workerdTraits } from './workerd-host.ts';

const checks = fileURLToPath(new URL('../httpx/httpx_checks.py', import.meta.url));
const sources = [checks, fileURLToPath(new URL('../checks.py', import.meta.url))];

describe('patched in a Worker', () => {
  let server: TestServer;
  let outcome: Outcome<Outcomes>;
  beforeAll(async () => {
    server = await startServer();
    const packages = [await patchedHttpx(), ...(await wheels([IDNA]))];
    outcome = await runInWorkerd({ server, sources, module: 'httpx_checks', wheels: packages });
  });
  afterAll(() => server.close());

  test.each(titles(checks, workerdTraits))('W %s', (title) => {
    expect(outcome.result[title]).toBeNull();
  });

  test('every point marked W is among them', () => {
    const ran = Object.keys(outcome.result).join('\n');
    for (const point of [1, 2, 6, 16]) expect(ran).toContain(`httpx ${point}:`);
  });

  test('nothing was printed', () => {
    expect(outcome.printed).toBe('');
  });
});
