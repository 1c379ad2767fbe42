/** The patched httpx in Chromium without stack switching, where synchronous code uses XMLHttpRequest. */
import { beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../browser/chromium.ts';
import { ending } from '../../common/own.ts';
import { browserTraits, type Context, filesOf, runInChromium } from '../browser/run-in-chromium.ts';
import { checksIn, titles } from '../checks.ts';
import type { Outcome, Outcomes } from '../hosts.ts';
import { startServer } from '../server.ts';
import { httpxOnEmscripten } from './wheels.ts';

const checks = checksIn(import.meta.url, /^browser_checks\.py$/);
const contexts: Context[] = ['worker', 'window'];
const outcomes = new Map<Context, Outcome<Outcomes>>();

beforeAll(async () => {
  const carried = { ...checks, wheels: await httpxOnEmscripten() };
  const server = ending(await startServer(await filesOf(carried)));
  const browser = ending(await launchChromium());
  for (const context of contexts) {
    outcomes.set(context, await runInChromium(browser, context, server, carried));
  }
});

describe.each(contexts)('in a %s', (context) => {
  test.each(titles(checks, browserTraits(context)))('%s', (title) => {
    expect(outcomes.get(context)!.result[title]).toBeNull();
  });

  test('every check has run, and nothing was printed', () => {
    const { result, printed } = outcomes.get(context)!;
    expect(printed).toBe('');
    expect(Object.keys(result)).toEqual(titles(checks, browserTraits(context)));
  });
});
