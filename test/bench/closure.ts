import { loadPyodide } from 'pyodide';
import type { PackageSet } from '../../resolver/catalog.ts';
import { resolveClosure } from '../../resolver/closure/closure.ts';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { resolve } from '../../resolver/closure/resolve.ts';
import { selectTarget } from '../../resolver/compatibility/target.ts';
import { viewCatalog } from '../../resolver/compatibility/view.ts';
import { parseRequirement } from '../../resolver/requirements/requirement.ts';
import { loadCatalog, loadDocument } from '../../scripts/import/data-files.ts';
import { atMost, line, median, type Report } from './report.ts';

const ROOTS = ['fastapi', 'pandas', 'aiohttp', 'matplotlib'];
const ROUNDS = 15;
const CALLS = 4_000;

/** The loader inside Pyodide: what its own `loadPackage` walks, without an answer's reasons. */
interface PackageManager {
  recursiveDependencies(names: string[]): Map<string, unknown>;
}

/** A warm closure with its reasons against the bare dependency walk of Pyodide's own loader, on the same lock. */
export async function benchClosure(report: Report): Promise<void> {
  const pyodide = await loadPyodide();
  const { packageManager } = (pyodide as unknown as { _api: { packageManager: PackageManager } })._api;
  const catalog = await loadCatalog();
  const row = catalog.sets.find(({ runtime }) => runtime === pyodide.version)!;
  const set = prepareSet((await loadDocument({ kind: 'set', name: row.flag })) as PackageSet);
  const viewed = viewCatalog(catalog);
  if (!viewed.ok) throw new Error('data/ has no catalog');
  const view = viewed.value;
  const question = {
    compatibility_date: null,
    compatibility_flags: [row.flag],
    as_of: '2026-11-20',
    requirements: ROOTS,
  };
  const target = selectTarget(view, question);
  if (!target.ok) throw new Error(target.issues[0]!.message);
  const parsed = ROOTS.map((text) => {
    const outcome = parseRequirement(text);
    if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
    return outcome.value;
  });
  const source = { openSet: async () => set, readPins: async () => new Map() };

  const theirs = () => packageManager.recursiveDependencies(ROOTS).size;
  const ours = () => {
    const closure = resolveClosure(view, target.value, set, parsed);
    return closure.ok ? closure.value.packages.length : 0;
  };
  const whole = async () => {
    const outcome = await resolve(view, question, source);
    return outcome.ok ? outcome.value.packages.length : 0;
  };
  if (theirs() !== ours() || ours() !== (await whole())) throw new Error('the closures are not the same');

  const times: Record<'theirs' | 'ours' | 'whole', number[]> = { theirs: [], ours: [], whole: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.theirs.push(time(theirs));
    times.ours.push(time(ours));
    const started = performance.now();
    for (let call = 0; call < CALLS; call++) await whole();
    times.whole.push(((performance.now() - started) * 1000) / CALLS);
  }
  const [pyodideTime, pinwheelTime, wholeTime] = [times.theirs, times.ours, times.whole].map(median) as [
    number,
    number,
    number,
  ];
  line(`${ours()} packages of Pyodide ${pyodide.version}, median of ${ROUNDS} rounds of ${CALLS} calls:`);
  line(
    `Pyodide's bare walk ${pyodideTime.toFixed(1)} µs; our closure with its reasons ${pinwheelTime.toFixed(1)} µs;`,
  );
  line(`the whole question, from flags and texts to the answer, ${wholeTime.toFixed(1)} µs`);
  const what = "closure with reasons : Pyodide's bare walk";
  report(atMost(what, pinwheelTime / pyodideTime, 1, (ratio) => `${ratio.toFixed(2)} of its time`));
}

/** Microseconds a call. */
function time(call: () => number): number {
  const started = performance.now();
  let sum = 0;
  for (let at = 0; at < CALLS; at++) sum += call();
  if (sum === 0) throw new Error('nothing was measured');
  return ((performance.now() - started) * 1000) / CALLS;
}
