/**
 * Adds pip's answers to the lists of some seeds to test/fixtures/pip-answers.jsonl.gz.
 *
 *     node test/resolver/solver/record-pip-answers.ts FIRST_SEED LAST_SEED
 */
import { askPip } from './ask-pip.ts';
import { readPipAnswers, writePipAnswers } from './pip-answers.ts';
import { listOf, realProjects } from './real-projects.ts';
import { serveIndex } from './served-index.ts';

const AT_ONCE = 10;

const [first, last] = process.argv.slice(2).map(Number) as [number, number];
const answers = readPipAnswers();
const projects = realProjects();
const served = await serveIndex(projects, { payload: 0 });
try {
  for (let start = first; start <= last; start += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, last + 1 - start) }, (_, at) => start + at);
    const found = await askPip(
      served.url,
      seeds.map((seed) => listOf(seed, projects)),
    );
    for (const [at, seed] of seeds.entries()) answers.set(seed, found[at]!);
    writePipAnswers(answers);
    console.log(`seeds ${start} to ${seeds.at(-1)}`);
  }
} finally {
  await served.stop();
}
