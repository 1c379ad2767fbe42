/** Once more inside workerd: every check of a client that a Worker has the traits for, those marked W among them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checks, titles } from '../checks.ts';
import type { Outcome, Outcomes } from '../hosts.ts';
import { startServer, type TestServer } from '../server.ts';
import { runInWorkerd, workerdTraits } from './workerd-host.ts';

export interface Subject {
  /** Of the module, as its checks' titles name it. */
  name: string;
  checks: Checks;
  wheels(): Promise<string[]>;
  /** The points that are marked W. */
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
