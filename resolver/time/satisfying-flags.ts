/** The package flags whose sets satisfy a requirement, and what workerd needs to run them. */
import type { Runtime } from '../answer.ts';
import { findFlagChange } from '../compatibility/flag-change.ts';
import { runtimeOf, runtimeOfSet } from '../compatibility/runtime.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { WhenFlag } from './answers.ts';
import type { Probe } from './probe.ts';
import { type TimeQuestion, workerdFlagsOf } from './question.ts';
import { abiSpans } from './targets.ts';

/** How workerd runs an ABI at the last date. */
interface Carrier {
  runtime: Runtime;
  workerd_flags: string[];
}

export function satisfyingFlags(view: CatalogView, question: TimeQuestion, probe: Probe): WhenFlag[] {
  const spans = abiSpans(view, question);
  const carriers = new Map<string, Carrier | null>();
  const satisfying: WhenFlag[] = [];
  for (const set of view.sets.values()) {
    const { flag, abi, released } = set;
    // The search for flags is expensive, and depends only on the ABI.
    if (!carriers.has(abi)) carriers.set(abi, carrierOf(view, question, abi));
    const carrier = carriers.get(abi) ?? null;
    const runtime = carrier?.runtime ?? runtimeOfSet(set);
    const { holds, version } = probe(flag, runtime);
    if (!holds) continue;
    const workerd_flags = carrier?.workerd_flags ?? null;
    const workerd_dates = spans.filter(({ value }) => value === abi).map(({ from, to }) => ({ from, to }));
    satisfying.push({ flag, version, released, runtime, workerd_flags, workerd_dates });
  }
  return satisfying;
}

function carrierOf(view: CatalogView, question: TimeQuestion, abi: string): Carrier | null {
  const flags = workerdFlagsOf(question);
  const change = findFlagChange(view, question.as_of, flags, (release) => release.abi === abi);
  return change && { runtime: runtimeOf(change.selected.release), workerd_flags: change.flags };
}
