/**
 * The same question has the same bytes everywhere: from the library in Node, with the bundled data and with a registry;
 * from the registry on workerd, by GET and by POST; from the command line; and from the library in Chromium, bundled by
 * esbuild and by Vite, and in a Worker.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import type { Page } from 'playwright-core';
import { build as buildWithVite } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { sharedRegistry } from '../common/registry.ts';
import questionsJson from '../fixtures/questions.json' with { type: 'json' };
import { type Installed, installPackage } from '../package/installed.ts';
import { bytesOf, forBody, forCommandLine, forLibrary, forQuery, type Question } from './asked.ts';

const questions = questionsJson as Question[];

let installed: Installed;
let registry: URL;
let expected: Map<string, string>;
/** The installed library with its bundled data, which all others are compared with. */
let answerFromFiles: (question: Question) => Promise<string>;

beforeAll(async () => {
  [installed, registry] = await Promise.all([installPackage(), sharedRegistry()]);
  const { createResolver } = await importInstalled<typeof import('../../resolver/index.ts')>('dist/index.js');
  const readData = async (path: string) =>
    JSON.parse(await readFile(join(installed.project, 'node_modules/pinwheel-py/data', path), 'utf8'));
  const library = createResolver({
    catalog: () => readData('catalog.json'),
    openSet: ({ flag }) => readData(`sets/${flag}.json`),
  });
  answerFromFiles = async (question) =>
    bytesOf(await library.safeResolve({ ...forLibrary(question), revision: question.revision }));
  expected = new Map();
  for (const question of questions) expected.set(question.name, await answerFromFiles(question));
});

/** A module of the installed package. */
function importInstalled<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(installed.project, 'node_modules/pinwheel-py', path)).href);
}

describe.each(questions)('$name', (question) => {
  test('the library, from files', () => {
    const answer = JSON.parse(expected.get(question.name)!);
    if (question.codes) {
      expect(answer.map(({ code }: { code: string }) => code)).toEqual(question.codes);
    } else expect(answer.packages).toBeInstanceOf(Array);
  });

  test('the library, from a registry', async () => {
    const { createClient } =
      await importInstalled<typeof import('../../resolver/client.ts')>('dist/client.js');
    const client = createClient({ registry: registry.href });
    const outcome = await client.safeResolve({ ...forLibrary(question), revision: question.revision });
    expect(bytesOf(outcome)).toBe(expected.get(question.name));
  });

  test('the library, from the bundled data', async () => {
    const { createResolver } =
      await importInstalled<typeof import('../../resolver/bundled.ts')>('dist/bundled.js');
    const outcome = await createResolver().safeResolve({
      ...forLibrary(question),
      revision: question.revision,
    });
    expect(bytesOf(outcome)).toBe(expected.get(question.name));
  });

  test('the registry, by GET and by POST', async () => {
    const url = new URL(`/v1/resolve`, registry);
    const body = forBody(question);
    const headers = { 'content-type': 'application/json' };
    for (const response of [
      await fetch(`${url}?${forQuery(question)}`),
      await fetch(url, { method: 'POST', headers, body }),
    ]) {
      const text = await response.text();
      expect(response.ok ? text : JSON.stringify(JSON.parse(text).errors)).toBe(expected.get(question.name));
    }
  });

  test('the command line', async () => {
    const { code, stdout, stderr } = await installed.run('node', [
      'node_modules/pinwheel-py/dist/pinwheel.js',
      ...forCommandLine(question),
    ]);
    const issues = stderr.trim().split('\n').filter(Boolean);
    const said = issues.map((line) => line.replace(/^\{"severity":"error",/, '{'));
    expect(code === 0).toBe(question.codes === undefined);
    if (question.codes_of_command) {
      expect(issues.map((line) => JSON.parse(line).code)).toEqual(question.codes_of_command);
      return;
    }
    expect(code === 0 ? stdout.trimEnd() : `[${said.join(',')}]`).toBe(expected.get(question.name));
  });
});

/** A program for a browser or a Worker, which returns the bytes of each answer. */
const programOf = (start: string) => `
${start}
export async function answerAll(registry, questions) {
  const pinwheel = open(registry);
  const answers = [];
  for (const question of questions) {
    const outcome = await pinwheel.safeResolve(question);
    answers.push(JSON.stringify(
      outcome.ok ? outcome.value : outcome.issues.map(({ kind: _, ...issue }) => issue),
    ));
  }
  return answers;
}
`;

/** The source of the documents. */
const PROGRAMS = {
  'a registry': programOf(
    "import { createClient } from 'pinwheel-py/client'; const open = (registry) => createClient({ registry });",
  ),
  'the data that it carries': programOf(
    "import { createResolver } from 'pinwheel-py/bundled'; const open = () => createResolver();",
  ),
};
const asked = questions.map((question) => ({ ...forLibrary(question), revision: question.revision }));

describe.each(Object.entries(PROGRAMS))('in Chromium, from %s', (_, program) => {
  let page: Page;
  beforeAll(async () => {
    await installed.write({ 'program.js': program });
    const browser = await launchChromium();
    // The registry's own policy forbids scripts that are added to its pages.
    page = await browser.newPage({ bypassCSP: true });
    return () => browser.close();
  });

  /** Runs a program that is a script, whose exports are in a global variable. */
  async function answersOf(script: string): Promise<string[]> {
    await page.goto(new URL('/healthz', registry).href);
    await page.addScriptTag({ content: script });
    const url = registry.href;
    return page.evaluate(`program.answerAll(${JSON.stringify(url)}, ${JSON.stringify(asked)})`);
  }

  test('the library, bundled by esbuild', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(installed.project, 'program.js')],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      globalName: 'program',
      platform: 'browser',
    });
    expect(await answersOf(outputFiles[0]!.text)).toEqual([...expected.values()]);
  });

  test('the library, bundled by Vite', async () => {
    const output = await buildWithVite({
      root: installed.project,
      configFile: false,
      logLevel: 'error',
      build: { write: false, lib: { entry: 'program.js', formats: ['iife'], name: 'program' } },
    });
    const [built] = output as { output: { code: string }[] }[];
    expect(await answersOf(built!.output[0]!.code)).toEqual([...expected.values()]);
  });
});

test.each(Object.entries(PROGRAMS))('the library in a Worker, from %s', async (_, program) => {
  const worker = `${program}
  export default {
    async fetch(request) {
      const { registry, asked } = await request.json();
      return Response.json(await answerAll(registry, asked));
    },
  };`;
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir: installed.project },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
  });
  const modules = [{ type: 'ESModule' as const, path: 'worker.js', contents: outputFiles[0]!.text }];
  const options = { name: 'consumer', compatibilityDate: '2026-09-01', modules };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [options] }));
  try {
    const body = JSON.stringify({ registry: registry.href, asked });
    const response = await miniflare.dispatchFetch('http://consumer/', { method: 'POST', body });
    expect(await response.json()).toEqual([...expected.values()]);
  } finally {
    await miniflare.dispose();
  }
});
