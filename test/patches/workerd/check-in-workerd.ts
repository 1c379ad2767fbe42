/** Runs the checks of a client inside workerd: all for which a Worker has the traits, with those marked W. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checks, titles } from '../checks.ts';
import type { Outcome, Outcomes } from '../hosts.ts';
import { startServer, type TestServer } from '../server.ts';
import { runInWorkerd, workerdTraits } from './workerd-host.ts';

export interface Subject {
  /** The name of the module in the titles of its checks. */
  name: string;
  checks: Checks;
  wheels(): Promise<string[]>;
  /** The titles of the checks marked W. */
  points: number[];
}

export function checkInWorkerd({ name, checks, wheels, points }: Subject): void {
  describe('patched in a Worker', () => {
    let server: TestServer;
    let outcome: Outcome<Outcomes>;
    beforeAll(async () => {
      server = await startServer();
      outcome = await runInWorkerd({ server, ...checks, wheels: await wheels(), imports: `import ${name}` });
    });
    afterAll(() => server.close());

    test.each(titles(checks, workerdTraits))('W %s', (title) => {
      expect(outcome.result[title]).toBeNull();
    });

    test('every point marked W is among them', () => {
      const ran = Object.keys(outcome.result).join('\n');
      for (const point of points) expect(ran).toContain(`${name} ${point}:`);
    });

    test('nothing was printed', () => {
      expect(outcome.printed).toBe('');
    });
  });
}
