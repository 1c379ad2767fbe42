import { openIndex } from '../../resolver/solver/index.ts';
import { root } from '../../scripts/root.ts';
import { askPip, askSolver } from '../resolver/solver/ask-pip.ts';
import { shortly } from '../resolver/solver/made-index.ts';
import { readPipAnswers } from '../resolver/solver/pip-answers.ts';
import { listOf, realProjects } from '../resolver/solver/real-projects.ts';
import { serveIndex } from '../resolver/solver/served-index.ts';
import { atMost, line, median, type Report, ratio } from './report.ts';
import { sizeOf } from './size.ts';

const LIMIT = 8_000;
/** Lists with an answer of ten packages or more, and lists without an answer: pip takes a second or more for each. */
const WITH = 6;
const WITHOUT = 2;
const ROUNDS = 5;
/** The largest list whose members have an answer together. */
const LARGEST = 200;

/**
 * Solves requirements with an index of real projects, over HTTP on loopback: cold, with every page and METADATA
 * fetched, and warm, with what an index object keeps. pip's own resolver solves the same lists on the same server, in
 * one process for all of them, so that its start does not count. It keeps nothing: a dry run has no warm form.
 */
export async function benchSolver(report: Report): Promise<void> {
  const projects = realProjects();
  const served = await serveIndex(projects, { payload: 0 });
  try {
    const known = [...readPipAnswers()];
    const large = known.filter(([, answer]) => answer !== null && answer.length >= 10).slice(0, WITH);
    const none = known.filter(([, answer]) => answer === null).slice(0, WITHOUT);
    const lists = [...large, ...none].map(([seed]) => listOf(seed, projects));
    await askPip(served.url, [['six']]);
    let started = performance.now();
    const theirs = await askPip(served.url, lists);
    const pip = (performance.now() - started) / lists.length;

    const warm = openIndex({ url: served.url });
    const cold: number[] = [];
    const kept: number[] = [];
    served.log.length = 0;
    for (const list of lists) {
      started = performance.now();
      await askSolver(list, openIndex({ url: served.url }));
      cold.push(performance.now() - started);
      await askSolver(list, warm);
    }
    const requests = served.log.length / 2 / lists.length;
    for (let round = 0; round < ROUNDS; round++) {
      started = performance.now();
      for (const list of lists) await askSolver(list, warm);
      kept.push((performance.now() - started) / lists.length);
    }
    const answered = theirs.filter((answer) => answer !== null).length;
    line(
      `${lists.length} lists over ${Object.keys(projects).length} projects, ${answered} of which have an answer;`,
    );
    const coldly = cold.reduce((sum, milliseconds) => sum + milliseconds, 0) / cold.length;
    line(
      `pip ${pip.toFixed(0)} ms a list; ours cold ${coldly.toFixed(0)} ms with ${requests.toFixed(0)} requests,`,
    );
    line(`warm ${median(kept).toFixed(1)} ms, median of ${ROUNDS} rounds`);
    report(ratio("lists solved, warm : pip's resolver", pip / median(kept), 20));

    const names = Object.keys(projects);
    const largest: string[] = [];
    for (const name of names) {
      if (largest.length === LARGEST) break;
      if ((await askSolver([...largest, name], warm)).ok) largest.push(name);
    }
    started = performance.now();
    const packages = shortly(await askSolver(largest, warm)).length;
    line(
      `the largest list: ${largest.length} requirements, ${packages} packages, ${(performance.now() - started).toFixed(0)} ms warm`,
    );
    await askSolver(['django'], warm);
    served.log.length = 0;
    await askSolver(['django'], openIndex({ url: served.url }));
    report(atMost('a cold Django, in requests', served.log.length, 12));
  } finally {
    await served.stop();
  }
  const core = `export * from './resolver/index.ts';`;
  const [alone, solver, client] = await Promise.all([
    sizeOfCode(core),
    sizeOfCode(`${core} export { solve } from './resolver/solver/index.ts';`),
    sizeOfCode(`${core} export { solve, openIndex } from './resolver/solver/index.ts';`),
  ]);
  line(`the client of indexes, for those who have no index of their own: ${kB(client - solver)} more`);
  report(atMost('the solver beside the resolver, minified and gzipped', solver - alone, LIMIT, kB));
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** Without code that is loaded on demand, which explains issues and reads zips. */
async function sizeOfCode(contents: string): Promise<number> {
  const { gzipped } = await sizeOf({
    stdin: { contents, resolveDir: root, sourcefile: 'entry.js' },
    plugins: [
      {
        name: 'on-demand',
        setup: ({ onResolve }) =>
          onResolve({ filter: /./ }, ({ kind, path }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined,
          ),
      },
    ],
  });
  return gzipped;
}
