/**
 * Writes test/fixtures/pip-answers.json: what pip answers to the lists of some seeds, beside those already in it.
 *
 *     node test/resolver/solver/record-pip-answers.ts FIRST_SEED LAST_SEED
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { askPip } from './ask-pip.ts';
import { listOf, realProjects } from './real-projects.ts';
import { serveIndex } from './served-index.ts';

const FILE = new URL('../../fixtures/pip-answers.json', import.meta.url);
const AT_ONCE = 10;

const [first, last] = process.argv.slice(2).map(Number) as [number, number];
const answers = new Map(Object.entries(readAnswers()));
const projects = realProjects();
const served = await serveIndex(projects, { payload: 0 });
try {
  for (let start = first; start <= last; start += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, last + 1 - start) }, (_, at) => start + at);
    const found = await askPip(
      served.url,
      seeds.map((seed) => listOf(seed, projects)),
    );
    for (const [at, seed] of seeds.entries()) answers.set(String(seed), found[at]!);
    const lines = [...answers].sort(([a], [b]) => Number(a) - Number(b));
    const json = lines
      .map(([seed, answer]) => `  ${JSON.stringify(seed)}: ${JSON.stringify(answer)}`)
      .join(',\n');
    writeFileSync(FILE, `{\n${json}\n}\n`);
    console.log(`seeds ${start} to ${seeds.at(-1)}`);
  }
} finally {
  await served.stop();
}

function readAnswers(): Record<string, string[] | null> {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return {};
  }
}
