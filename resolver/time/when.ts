/** When a requirement is satisfied: at which compatibility dates, and with which package flags. */

import { allOf } from '../all-of.ts';
import { ANSWER_VERSION } from '../answer-version.ts';
import type { PreparedSet } from '../closure/prepare.ts';
import type { ResolveSource } from '../closure/resolve.ts';
import { meantBy } from '../closure/select.ts';
import { isPackageFlag, nearestSets } from '../compatibility/package-set.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue, Outcome } from '../issue.ts';
import { moduleHint } from '../issues/closure.ts';
import { parseRequirement } from '../requirements/requirement.ts';
import { didYouMean } from '../text/nearest.ts';
import type { WhenAnswer } from './answers.ts';
import { type Probe, probeOf, type Verdict } from './probe.ts';
import { flagsOf, type TimeQuestion } from './question.ts';
import { satisfyingFlags } from './satisfying-flags.ts';
import { targetSpans } from './targets.ts';
import { flagsOnly, nowhere, remarksOf } from './when-remarks.ts';

/**
 * When is a requirement satisfied?
 *
 * @example
 * ```ts
 * import type { WhenQuestion } from 'pinwheel-py';
 *
 * const question: WhenQuestion = {
 *   requirement: 'polars>=1',
 *   compatibility_flags: ['python_workers', 'no_python_workers_314'],
 *   as_of: '2026-11-20',
 * };
 * question.requirement; // → 'polars>=1'
 * ```
 */
export interface WhenQuestion extends TimeQuestion {
  /** A PEP 508 requirement. */
  requirement: string;
}

/**
 * Every interval of compatibility dates in which a requirement is satisfied with the question's flags, up to `as_of`
 * and exact to the day, and every package flag whose set satisfies it. Only the requirement itself counts, not what its
 * package needs. Sets are opened only to find names similar to an unknown one. An unreadable requirement or question is
 * an outcome with issues; one that no date satisfies is an answer without intervals.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import { type Catalog, viewCatalog, when } from 'pinwheel-py';
 *
 * const view = viewCatalog(catalog as Catalog);
 * if (!view.ok) throw new Error(view.issues[0]?.message);
 * const pins = [{ flag: 'python_3.13_packages_2025_08_08', version: '0.3.27' }];
 * const answer = await when(
 *   view.value,
 *   { requirement: 'langchain>=0.3', as_of: '2026-11-20' },
 *   {
 *     readPins: async () => new Map([['langchain', pins]]),
 *     openSet: () => Promise.reject(new Error('no set is needed')),
 *   },
 * );
 * answer.ok && [answer.value.first, answer.value.last]; // → ['2025-09-29', '2026-09-07']
 * ```
 */
export async function when(
  view: CatalogView,
  question: WhenQuestion,
  source: ResolveSource,
): Promise<Outcome<WhenAnswer>> {
  const asked = allOf(targetSpans(view, question), parseRequirement(question.requirement));
  if (!asked.ok) return asked;
  const [spans, requirement] = asked.value;
  const { name } = requirement;
  const newest = spans.at(-1)!.value;
  const pins = ((await source.readPins([name])).get(name) ?? []).filter(({ flag }) => view.sets.has(flag));
  const verdicts: Verdict[] = [];
  const hold = probeOf(requirement, pins);
  const probe: Probe = (...place) => {
    const verdict = hold(...place);
    verdicts.push(verdict);
    return verdict;
  };

  const intervals: WhenAnswer['intervals'] = [];
  const flag_intervals: WhenAnswer['flag_intervals'] = [];
  const isPinned = flagsOf(question).some(isPackageFlag);
  for (const { from, to, value } of spans) {
    const { runtime, package_set } = value;
    const { holds, version } = probe(package_set.flag, runtime);
    if (holds) intervals.push({ from, to, package_set, version, runtime });
    if (holds || isPinned) continue;
    const sets = [...view.sets.values()].filter(({ abi, flag }) => {
      return abi === runtime.abi && hold(flag, runtime).holds;
    });
    const [first, ...others] = nearestSets(view, runtime, sets).map(({ flag }) => flag);
    if (first === undefined) continue;
    const { version: found } = hold(first, runtime);
    flag_intervals.push({ from, to, flag: first, others: others.length, version: found, runtime });
  }
  const flags = satisfyingFlags(view, question, probe);
  const diagnostics = remarksOf(requirement, verdicts);
  if (intervals.length === 0) {
    const meaningless = verdicts.flatMap(({ issues }) => issues).find(isMeaningless);
    if (meaningless && flags.length === 0) return { ok: false, issues: [meaningless] };
    if (flags.length > 0) diagnostics.push(flagsOnly(requirement));
    else {
      const set = pins.length > 0 ? null : await source.openSet(newest.package_set);
      const hint = set && hintAt(name, set);
      diagnostics.push(nowhere(requirement, pins, hint));
    }
  }
  diagnostics.push(...newest.diagnostics.filter(({ code }) => code === 'forecast'));
  return {
    ok: true,
    value: {
      registry: view.stamp,
      answer_version: ANSWER_VERSION,
      requirement: requirement.text,
      compatibility_flags: [...flagsOf(question)],
      as_of: question.as_of,
      intervals,
      flag_intervals,
      first: intervals[0]?.from ?? null,
      last: intervals.at(-1)?.to ?? null,
      flags,
      diagnostics,
    },
  };
}

/** Similar names, for a name that no set has. */
function hintAt(name: string, set: PreparedSet): string | null {
  const { providers, near } = meantBy(name, set);
  return providers.length > 0 ? moduleHint(name, providers) : didYouMean(near);
}

/** The issue of a marker that is undefined in every runtime. */
function isMeaningless({ code }: Issue): boolean {
  return code === 'meaningless_marker';
}
