/**
 * `npm run bench`: measures speed, always compared with something known in the same run. Read the ratios: absolute
 * figures depend on the machine. With `--check`, exits with 1 if a goal is missed.
 */
import { benchCheck } from './check.ts';
import { benchCommandLine } from './cli.ts';
import { benchClosure } from './closure.ts';
import { benchCost } from './cost.ts';
import { benchEvidence } from './evidence.ts';
import { benchFirstLooks } from './first-looks.ts';
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
  cost: benchCost,
  evidence: benchEvidence,
  'first-looks': benchFirstLooks,
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
