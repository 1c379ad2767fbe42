/** The front page in Chromium: its weight, its first paint compared with the same page as static files, and typing. */
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { launchChromium } from '../browser/chromium.ts';
import { startBareWorker } from './bare-worker.ts';
import { atMost, line, median, type Report } from './report.ts';

const ROUNDS = 15;
const THROTTLE = 4;
const FRAME_MS = 16;
const shortly = (number: number) => String(Math.round(number * 1000) / 1000);
const SEARCHES = ['numpy', 'PIL', 'scikit', 'a', 'langchain', 'nothing'];

export async function benchMatrix(report: Report): Promise<void> {
  const [registry, browser] = await Promise.all([startLocalRegistry(), launchChromium()]);
  const url = await registry.miniflare.unsafeGetDirectURL('pinwheel');
  const textOf = async (path: string) => (await fetch(new URL(path, url))).text();
  const html = await textOf('/');
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  const rows = /data-rows="([^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&');
  const texts = [html, await textOf(rows), ...(await Promise.all(files.map(textOf)))];
  const weight = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  const style = files.find((path) => path.endsWith('.css'))!;
  const bare = await startBareWorker(`
    const type = (of) => ({ headers: { 'content-type': of + '; charset=utf-8' } });
    const style = ${JSON.stringify(await textOf(style))};
    const page = ${JSON.stringify(withoutScripts(html))};
    export default {
      fetch: ({ url }) => url.endsWith('.css') ? new Response(style, type('text/css')) : new Response(page, type('text/html')),
    };`);
  try {
    report(atMost('/ with its style and scripts, gzipped, in bytes', weight, 45_000));
    const paints = { matrix: [] as number[], plain: [] as number[] };
    const shifts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const matrix = await load(browser, url);
      paints.matrix.push(matrix.paint);
      shifts.push(matrix.shift);
      paints.plain.push((await load(browser, bare.url)).paint);
    }
    const [matrix, plain] = [median(paints.matrix), median(paints.plain)];
    line(
      `first paint after ${matrix.toFixed(0)} ms, of the same as static files after ${plain.toFixed(0)} ms (medians)`,
    );
    report(
      atMost('first paint later than of the same page as static files, in ms', matrix - plain, 100, shortly),
    );
    report(atMost('layout shift', Math.max(...shifts), 0, shortly));
    const tasks = await type(browser, url);
    line(`${tasks.length} letters, the processor ${THROTTLE} × slower:`);
    report(atMost('from a letter to its paint, median, in ms', median(tasks), FRAME_MS, shortly));
    const tail = tasks.toSorted((a, b) => a - b)[Math.floor(tasks.length * 0.9)]!;
    line(`nine of ten within ${tail.toFixed(1)} ms, the slowest ${Math.max(...tasks).toFixed(1)} ms`);
  } finally {
    await browser.close();
    await registry.stop();
    await bare.stop();
  }
}

/** The same page with the same style, from a constant: the difference is the cost of scripts and rendering. */
function withoutScripts(html: string): string {
  return html.replace(/<script src[^>]*><\/script>/g, '');
}

async function load(browser: Browser, url: URL): Promise<{ paint: number; shift: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(url.href, { waitUntil: 'load' });
  const measured = await page.evaluate(async () => {
    const shift = await new Promise<number>((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(sum), 300);
    });
    return { shift, paint: performance.getEntriesByName('first-contentful-paint')[0]!.startTime };
  });
  await context.close();
  return measured;
}

/** The work of the main thread for each letter: handlers, style, layout and paint, without waiting for a frame. */
async function type(browser: Browser, url: URL): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url.href);
  await page.locator('table[data-whole]').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  const tasks: number[] = [];
  for (const search of [...SEARCHES, ...SEARCHES]) {
    for (const letter of search) tasks.push(await workOf(page, session, letter));
    await page.locator('#_search').fill('');
    await settled(page);
  }
  await page.close();
  return tasks;
}

async function workOf(page: Page, session: CDPSession, letter: string): Promise<number> {
  const before = await taskTime(session);
  await page.keyboard.press(letter);
  await settled(page);
  return (await taskTime(session)) - before;
}

/** Two frames later all is painted. */
function settled(page: Page): Promise<void> {
  return page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

async function taskTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = (name: string) => metrics.find((candidate) => candidate.name === name)!.value;
  return (seconds('ScriptDuration') + seconds('LayoutDuration') + seconds('RecalcStyleDuration')) * 1000;
}
