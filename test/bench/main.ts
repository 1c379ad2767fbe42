/**
 * `npm run bench`: what is fast and how fast, always beside something people know, in one run. Ratios are what
 * to read: absolute figures belong to the machine. With `--check`, ends with 1 where a goal is missed.
 */
import { benchCheck } from './check.ts';
import { benchCommandLine } from './cli.ts';
import { benchClosure } from './closure.ts';
import { benchManySets } from './many-sets.ts';
import { benchMatrix } from './matrix.ts';
import { benchPatches } from './patches.ts';
import type { Comparison } from './report.ts';
import { benchRequests } from './requests.ts';
import { benchRuntime } from './runtime.ts';
import { benchSimple } from './simple.ts';
import { benchSize } from './size.ts';
import { benchSolver } from './solver.ts';
import { benchTime } from './time.ts';
import { benchWheels } from './wheels.ts';

const parts = {
  closure: benchClosure,
  time: benchTime,
  size: benchSize,
  solver: benchSolver,
  requests: benchRequests,
  'many-sets': benchManySets,
  simple: benchSimple,
  wheels: benchWheels,
  matrix: benchMatrix,
  patches: benchPatches,
  runtime: benchRuntime,
  cli: benchCommandLine,
  check: benchCheck,
};

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const chosen = Object.entries(parts).filter(([name]) => asked.length === 0 || asked.includes(name));
if (chosen.length === 0) {
  console.error(`npm run bench [-- ${Object.keys(parts).join(' | ')}] [--check]`);
  process.exit(2);
}

let missed = 0;
for (const [name, bench] of chosen) {
  console.log(`\n${name}`);
  await bench((comparison: Comparison) => {
    const { what, figure, goal, met } = comparison;
    if (!met) missed++;
    console.log(`  ${met ? 'met   ' : 'MISSED'}  ${what.padEnd(62)} ${figure}   (goal: ${goal})`);
  });
}
console.log(`\n${missed === 0 ? 'every goal met' : `${missed} missed`}`);
process.exit(missed > 0 && process.argv.includes('--check') ? 1 : 0);
