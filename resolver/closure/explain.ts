/** The reporter: failures in, prose out. What it proposes was found by looking, never guessed. */
import type { Target } from '../answer.ts';
import { changeDays } from '../compatibility/change-days.ts';
import { addDays, dayNumber } from '../compatibility/date.ts';
import { selectTarget, type TargetQuestion } from '../compatibility/target.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Issue } from '../issue.ts';
import { parseRequirement } from '../requirements/requirement.ts';
import { satisfies } from '../requirements/specifier.ts';
import { didYouMean } from '../text/nearest.ts';
import { printable } from '../text/printable.ts';
import type { Failure } from './failure.ts';

/**
 * One version of a package, in one set.
 *
 * @example
 * ```ts
 * import catalog from 'pinwheel-py/data/catalog.json' with { type: 'json' };
 * import { type Pin, satisfies, parseSpecifier } from 'pinwheel-py';
 *
 * const pins: Pin[] = [{ flag: catalog.sets[0]!.flag, version: '1.26.4' }];
 * pins.filter(({ version }) => satisfies(version, [parseSpecifier('<2')!])).length; // → 1
 * ```
 */
export interface Pin {
  /** The package flag of the set. */
  flag: string;
  version: string;
}

export interface ExplainContext {
  view: CatalogView;
  question: TargetQuestion;
  target: Target;
  /** Every version that some set pins, by canonical name. */
  pins: ReadonlyMap<string, readonly Pin[]>;
}

/** The names of which `explain` wants to know every pin. */
export function namesToLookUp(failures: readonly Failure[]): string[] {
  return [...new Set(failures.map((failure) => failure.name))];
}

export function explain(failure: Failure, context: ExplainContext): Issue {
  const flag = context.target.package_set.flag;
  switch (failure.code) {
    case 'unknown_package': {
      const near = moduleOf(failure.name, failure.providers) ?? didYouMean(failure.near);
      return {
        kind: 'unanswerable',
        code: failure.code,
        message: `The package set ${flag} has no package "${failure.name}".`,
        fix: sentences(near, elsewhere(failure, context)) ?? notInAnySet(failure.name),
      };
    }
    case 'version_conflict':
      return {
        kind: 'unanswerable',
        code: failure.code,
        message: `${printable(failure.requirement)} cannot hold: the package set ${flag} pins ${failure.name} ${failure.pinned}.`,
        fix: sentences(
          elsewhere(failure, context) ??
            `No package set pins a version that ${printable(failure.requirement)} admits.`,
          `To stay with this set, ask for ${failure.name} without the version, or for ${failure.name}==${failure.pinned}.`,
        ),
      };
    case 'meaningless_marker':
      return {
        kind: 'malformed',
        code: failure.code,
        message: `The marker of ${printable(failure.requirement)} compares what cannot be compared: ${printable(failure.comparison)}.`,
        fix: 'Compare a variable of PEP 508, such as python_version or sys_platform, with a value of its kind.',
      };
    case 'missing_dependency':
      return {
        kind: 'unanswerable',
        code: failure.code,
        message: `The package set ${flag} has no package "${failure.name}", ${failure.chain
          .map((name) => `which ${name} needs`)
          .reverse()
          .join(', ')}.`,
        fix: sentences(
          'The issue is in the package set.',
          elsewhere({ ...failure, requirement: failure.name }, context),
        ),
      };
  }
}

/** Where a requirement does hold: by which date with the same flags, and by which package flags. */
function elsewhere(failure: { name: string; requirement: string }, context: ExplainContext): string | null {
  const parsed = parseRequirement(failure.requirement);
  const specifiers = parsed.ok ? parsed.value.specifiers : [];
  const pins = (context.pins.get(failure.name) ?? []).filter(
    (pin) => context.view.sets.has(pin.flag) && satisfies(pin.version, specifiers),
  );
  if (pins.length === 0) return null;
  return sentences(byDate(pins, context), byFlag(failure.name, pins, context));
}

/**
 * Tries every day on which the choice of runtime or default set changes, and each day before, and takes the
 * nearest that does.
 */
function byDate(pins: readonly Pin[], { view, question, target }: ExplainContext): string | null {
  const pinned = new Map(pins.map((pin) => [pin.flag, pin.version]));
  const distance = (day: string) => Math.abs(dayNumber(day) - dayNumber(target.compatibility_date));
  const days = changeDays(view, question.as_of).flatMap((day) => [day, addDays(day, -1)]);
  for (const day of days.sort((a, b) => distance(a) - distance(b))) {
    const outcome = selectTarget(view, { ...question, compatibility_date: day });
    const flag = outcome.ok ? outcome.value.package_set.flag : '';
    const version = pinned.get(flag);
    if (version !== undefined) return `With the compatibility date ${day}, ${flag} brings ${version}.`;
  }
  return null;
}

/** Names the newest set that would do, of the same ABI where there is one. */
function byFlag(name: string, pins: readonly Pin[], { view, target }: ExplainContext): string {
  const key = ({ flag }: Pin) => {
    const { abi, released } = view.sets.get(flag)!;
    return `${abi === target.runtime.abi ? 1 : 0} ${released} ${flag}`;
  };
  const best = pins.reduce((a, b) => (key(a) > key(b) ? a : b));
  const more = pins.length - 1;
  const others =
    more === 0 ? '' : ` (${more === 1 ? 'one other set' : `${more} other sets`} would do as well)`;
  return `The compatibility flag ${best.flag} brings ${name} ${best.version}${others}.`;
}

/** For those who ask for a module by the name that it is imported by. */
export function moduleOf(name: string, providers: readonly string[]): string | null {
  if (providers.length === 0) return null;
  return `The module ${name} comes with ${providers.join(' or ')}: ask for that.`;
}

function notInAnySet(name: string): string {
  return `No package set has ${name}: a pure-Python package can be vendored with the Worker instead.`;
}

function sentences(...parts: (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null);
  return said.length > 0 ? said.join(' ') : null;
}
