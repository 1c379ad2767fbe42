/**
 * `npm run bench`: measures speed, always compared with something known in the same run. Read the ratios: absolute
 * figures depend on the machine. With `--check`, exits with 1 if a goal is missed.
 */
import { parseArgs } from 'node:util';
import { orUsage } from '../../scripts/command.ts';
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

const USAGE = `npm run bench [-- PART …] [--check]

Parts: ${Object.keys(parts).join(', ')}`;
const { chosen, check } = orUsage(USAGE, () => {
  const options = { check: { type: 'boolean', default: false } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}`);
  const isChosen = (name: string) => positionals.length === 0 || positionals.includes(name);
  return { chosen: Object.entries(parts).filter(([name]) => isChosen(name)), check: values.check };
});

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
process.exit(missed > 0 && check ? 1 : 0);
