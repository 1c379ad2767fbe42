/** What else a question would have to ask for to have an answer: more of the index, and newer uploads. */
import type { FixOf } from '../issues/fixes.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { type Attempt, attempt } from './attempt.ts';
import { type Derivation, derivationOf, unmetIn } from './derivation.ts';
import { Facts } from './facts.ts';
import type { PackageWorld } from './world.ts';

/** Attempts at most. */
const MOST_ATTEMPTS = 24;

interface Change {
  /** Names of the set that come from the index instead. */
  unpin: readonly string[];
  /** Projects of which uploads until a day count. */
  newer: ReadonlyMap<string, string>;
}

/**
 * The change with which requirements have an answer, without anything that is not needed for it; null if there is none,
 * or it is not found soon.
 */
export async function changeFor(
  derivation: Derivation,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<FixOf<'take_from_index'> | null> {
  const unpin = new Set<string>();
  const newer = new Map<string, string>();
  let left = MOST_ATTEMPTS;
  let found: Attempt;
  for (let blamed = derivation; ; blamed = derivationOf(found.solution.proof, found.world)) {
    const before = unpin.size + newer.size;
    for (const name of pinsIn(blamed)) if (world.input.index) unpin.add(name);
    for (const [name, day] of tooNewIn(blamed)) if (!newer.has(name)) newer.set(name, day);
    if (unpin.size + newer.size === before || left-- === 0) return null;
    found = await attempt(...changed(world, { unpin: [...unpin], newer }, requirements));
    if (found.solution.ok) break;
  }
  const isEnough = async () =>
    unpin.size + newer.size > 0 &&
    left-- > 0 &&
    (await attempt(...changed(world, { unpin: [...unpin], newer }, requirements))).solution.ok;
  for (const name of [...unpin].sort()) {
    unpin.delete(name);
    if (!(await isEnough())) unpin.add(name);
  }
  for (const [name, day] of [...newer]) {
    newer.delete(name);
    if (!(await isEnough())) newer.set(name, day);
  }
  const uploads = [...newer].sort().map(([project, day]) => ({ project, day }));
  return { kind: 'take_from_index', packages: [...unpin].sort(), newer: uploads };
}

/** What an attempt with a change takes. */
function changed(
  { input, facts }: PackageWorld,
  { unpin, newer }: Change,
  requirements: readonly DirectRequirement[],
): Parameters<typeof attempt> {
  const ends = [...newer].map(([name, day]) => [name, Date.parse(day) + 86_400_000 - 1] as const);
  const asked = {
    ...input.asked,
    unpin: new Set([...input.asked.unpin, ...unpin]),
    exclude_newer_package: new Map([...input.asked.exclude_newer_package, ...ends]),
  };
  const other = { ...input, asked };
  return [other, requirements, newer.size > 0 ? new Facts(other, facts.effort) : facts];
}

function pinsIn(derivation: Derivation): string[] {
  return unmetIn(derivation).flatMap(({ name, unmet }) => (unmet.kind === 'pinned' ? name : []));
}

/** By name, the first day on which a version was uploaded that would do: it moves least. */
function tooNewIn(derivation: Derivation): [name: string, day: string][] {
  return unmetIn(derivation).flatMap(({ name, unmet }) => {
    const tooNew =
      unmet.kind === 'no_version' ? unmet.left_out.filter((one) => one.reason === 'too_new') : [];
    const moment = tooNew.at(-1)?.detail;
    return moment === undefined ? [] : [[name, new Date(moment).toISOString().slice(0, 10)]];
  });
}
