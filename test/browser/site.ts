/** One registry with the real data and one browser, which all tests of the pages share. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Locator, Page, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { newFolder } from '../common/own.ts';
import { copySeededState } from '../common/registry.ts';
import { launchChromium } from './chromium.ts';
import { plantHostileSet } from './hostile-set.ts';

export interface Opened {
  page: Page;
  response: Response;
  /** Messages on the console, requests to other hosts, and errors: none, if all is well. */
  problems: string[];
}

/** A small set, and a question whose answer has it. */
export const FLAG = 'python_3.13_packages_2025_08_08';
export const QUESTION = 'date=2025-11-02&flag=python_workers&as_of=2026-11-20';

/** A Pinwheel-built set, and its base. */
export const PINWHEEL_FLAG = 'python_3.14_packages_2026_11_20';
export const BASE_FLAG = 'python_3.14_packages_2026_09_14';

/** Only a failing test waits for so long. */
export const POLL = { timeout: 120_000 };

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let registry: LocalRegistry;
let browser: Browser;
/** By width. */
const tabs = new Map<number, Page>();
/** Pages that `open` has opened, by the options of their context. */
const free = new Map<string, Page[]>();
const taken: { page: Page; options: BrowserContextOptions }[] = [];

/** Call it once in each file whose tests use the site. */
export function useSite(): void {
  beforeAll(async () => {
    const persist = newFolder();
    await copySeededState(persist);
    [registry, browser] = await Promise.all([startLocalRegistry({ persist }), launchChromium()]);
    await plantHostileSet(registry);
  });
  afterEach(async () => {
    await Promise.all(taken.splice(0).map(({ page, options }) => leave(page, options)));
  });
  afterAll(async () => {
    await browser?.close();
    for (const opened of [tabs, free]) opened.clear();
    await registry?.stop();
  });
}

/** Puts `work` before a registry whose D1 has lost the packages of its sets, but not its catalog. */
export async function withoutMembers(work: () => Promise<void>): Promise<void> {
  const db = await registry.miniflare.getD1Database('DB');
  await db.prepare('alter table pins rename to lost_pins').run();
  try {
    await work();
  } finally {
    await db.prepare('alter table lost_pins rename to pins').run();
  }
}

export function urlOf(path: string): URL {
  return new URL(path, registry.url);
}

export function fetchPage(path: string, init?: RequestInit): Promise<globalThis.Response> {
  return fetch(urlOf(path), init);
}

/**
 * Opens a page in a tab that no other page of this test is in. Error pages are opened, too. Tabs with the same options
 * are reused, because a new one takes several times as long as a page: only the HTTP cache remains of earlier pages.
 */
export async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const page = free.get(JSON.stringify(options))?.pop() ?? (await newTab(options));
  taken.push({ page, options });
  return openIn(page, path);
}

async function newTab(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(POLL.timeout);
  return context.newPage();
}

/** Resets a tab to the state of a new one. */
async function leave(page: Page, options: BrowserContextOptions): Promise<void> {
  page.removeAllListeners();
  await page.goto('about:blank');
  await page.emulateMedia({ media: null, colorScheme: options.colorScheme ?? 'light' });
  await page.mouse.move(0, 0);
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Network.clearBrowserCache');
  await protocol.detach();
  const key = JSON.stringify(options);
  free.set(key, [...(free.get(key) ?? []), page]);
}

/** Opens a page in a tab that stays: in a fraction of the time, if nothing depends on what was there before. */
export async function openInTab(width: number, path: string): Promise<Opened> {
  let page = tabs.get(width);
  if (!page) {
    page = await browser.newPage({ viewport: { width, height: 800 } });
    page.setDefaultTimeout(POLL.timeout);
    tabs.set(width, page);
  }
  page.removeAllListeners();
  await page.emulateMedia({ colorScheme: 'light' });
  return openIn(page, path);
}

async function openIn(page: Page, path: string): Promise<Opened> {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource') || message.location().url !== page.url()) {
      problems.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => void problems.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && origin !== registry.url.origin) problems.push(`request: ${request.url()}`);
  });
  const response = (await page.goto(urlOf(path).href))!;
  return { page, response, problems };
}

/**
 * What `press` copies, and the words that announce it. They are gone after two seconds, which is less than a busy machine
 * may take to look, so they are waited for from before.
 */
export async function copied(
  page: Page,
  press: () => Promise<void>,
): Promise<{ announced: string; text: string }> {
  const waiting = await page.evaluateHandle(() => {
    const said = document.getElementById('_said')!;
    const announced = new Promise<string>((resolve) => {
      new MutationObserver(() => {
        if (said.textContent.startsWith('Copied')) resolve(said.textContent);
      }).observe(said, { childList: true });
    });
    // In an object, because a promise would be waited for.
    return { announced };
  });
  await press();
  const announced = await waiting.evaluate((it) => it.announced);
  return { announced, text: await page.evaluate(() => navigator.clipboard.readText()) };
}

/** Serious and critical findings of axe, by default of all its rules. */
export async function seriousIssues(page: Page, rules?: string[]): Promise<unknown[]> {
  await page.evaluate(axe);
  return page.evaluate(async (only) => {
    const { run } = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations } = await run(only ? { runOnly: only } : {});
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html).slice(0, 5) }));
  }, rules);
}

/** The pixels by which a page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The visible texts that end beyond the page's margins, but for those in what scrolls. */
export function textsOutside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const main = document.querySelector('main')!.getBoundingClientRect();
    const isApart = (element: Element | null): boolean => {
      if (!element) return false;
      const { clipPath, overflowX } = getComputedStyle(element);
      return clipPath !== 'none' || overflowX === 'auto' || isApart(element.parentElement);
    };
    const outside: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      range.selectNodeContents(text);
      const { left, right, bottom, width } = range.getBoundingClientRect();
      const isInside = left >= main.left - 1 && right <= main.right + 1;
      const isShown = text.data.trim() !== '' && width > 0 && bottom > 0;
      if (isShown && !isInside && !isApart(text.parentElement)) outside.push(text.data.trim());
    }
    return outside;
  });
}

/** The dates that two lines share, in all that unfolds, but for those of code and of the matrix. */
export function brokenDates(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const broken: string[] = [];
    const texts = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      if (text.parentElement!.closest('code, pre, .matrix, [href^=http]')) continue;
      for (const { 0: date, index } of text.data.matchAll(/\d{4}-\d\d-\d\d/g)) {
        range.setStart(text, index);
        range.setEnd(text, index + date.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => top));
        if (lines.size > 1) broken.push(text.data.trim());
      }
    }
    return broken;
  });
}

/** Title, description and image that previews of a page show. */
export function previewOf(page: Page): Promise<Record<'title' | 'description' | 'image', string | null>> {
  return page.evaluate(() => {
    const said = (name: string) =>
      document.querySelector(`meta[property="og:${name}"]`)?.getAttribute('content') ?? null;
    return { title: said('title'), description: said('description'), image: said('image') };
  });
}

/** Visible rows of the matrix, or of the packages of a set. */
export function visibleRows(page: Page): Locator {
  return page.locator(':is(#_matrix, #_table) tbody tr:visible');
}
