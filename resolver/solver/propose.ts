/** Proposals if there is no answer. Each is tried before it is made. */

import { meantBy } from '../closure/select.ts';
import { moduleHint } from '../issues/closure.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { parseDirectRequirement } from '../requirements/requirement.ts';
import { ASK_AN_INDEX } from '../text/ask-an-index.ts';
import { didYouMean } from '../text/nearest.ts';
import { attempt } from './attempt.ts';
import { type Derivation, type DerivationStep, derivationOf, type Unmet } from './derivation.ts';
import { TooMuchEffort } from './effort.ts';
import { Facts } from './facts.ts';
import type { PackageWorld } from './world.ts';

/** Attempts, and names unpinned, at most. */
const MOST_ATTEMPTS = 12;

type UnmetFact = { requirement: string; name: string; unmet: Unmet };

export async function proposeFix(
  derivation: Derivation,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<string | null> {
  const tried = async () =>
    (await sayNewer(derivation, world, requirements)) ?? (await sayUnpin(derivation, world, requirements));
  return (
    sayUnknown(derivation, world) ??
    (await tried().catch(nothingMore)) ??
    sayNoIndex(derivation, world) ??
    saySource(derivation)
  );
}

function nothingMore(error: unknown): null {
  if (error instanceof TooMuchEffort) return null;
  throw error;
}

function unmetOf(derivation: Derivation): UnmetFact[] {
  return derivation.flatMap(({ because }: DerivationStep) => {
    if (!('unmet' in because) || because.unmet === null) return [];
    const { requirement, unmet } = because;
    const parsed = parseDirectRequirement(requirement);
    return parsed.ok ? [{ requirement, name: parsed.value.name, unmet }] : [];
  });
}

/** For an unknown name: similar names, or packages with a module of that name. */
function sayUnknown(derivation: Derivation, { input: { set } }: PackageWorld): string | null {
  const unknown = unmetOf(derivation).find(({ unmet }) => unmet.kind === 'unknown' && unmet.set !== '');
  if (!unknown) return null;
  const { providers, near } = meantBy(unknown.name, set);
  return providers.length > 0 ? moduleHint(unknown.name, providers) : didYouMean(near);
}

function sayNoIndex(derivation: Derivation, { input }: PackageWorld): string | null {
  const unmet = unmetOf(derivation);
  const isBeyond = unmet.some((one) => one.unmet.kind === 'unknown');
  const pinned = unmet.find((one) => one.unmet.kind === 'pinned');
  if (!input.index?.url && !isBeyond && pinned) {
    const { name, requirement } = pinned;
    const isAsked = derivation.some(
      ({ because }) => because.kind === 'requirement' && because.requirement === requirement,
    );
    return `${isAsked ? `Ask for ${name} without the version. ` : ''}An index may have another: --index --unpin ${name}.`;
  }
  return !input.index?.url && isBeyond ? ASK_AN_INDEX : null;
}

/** If only a source distribution satisfies the requirement. */
function saySource(derivation: Derivation): string | null {
  for (const { name, unmet } of unmetOf(derivation)) {
    const found =
      unmet.kind === 'no_version' ? unmet.left_out.find(({ reason }) => reason === 'no_wheel') : undefined;
    if (!found) continue;
    const command = `pip wheel --no-deps ${name}==${found.version}`;
    return `If ${name} is pure Python, build a wheel of it (${command}), and require it by its URL: ${name} @ https://….`;
  }
  return null;
}

/** If the cut-off leaves out the needed version: the exception for one package that gives an answer. */
async function sayNewer(
  derivation: Derivation,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<string | null> {
  for (const { name, unmet } of unmetOf(derivation).slice(0, MOST_ATTEMPTS)) {
    const newer =
      unmet.kind === 'no_version' ? unmet.left_out.filter(({ reason }) => reason === 'too_new') : [];
    // The oldest of them moves least.
    const moment = newer.at(-1)?.detail;
    if (moment === undefined) continue;
    const day = new Date(moment).toISOString().slice(0, 10);
    const end = Date.parse(day) + 86_400_000 - 1;
    const { asked } = world.input;
    const exceptions = new Map([...asked.exclude_newer_package, [name, end]]);
    const input = { ...world.input, asked: { ...asked, exclude_newer_package: exceptions } };
    const { solution } = await attempt(input, requirements, new Facts(input, world.facts.effort));
    if (solution.ok) return `Let newer uploads of ${name} count: --exclude-newer-package ${name}=${day}.`;
  }
  return null;
}

/** If pins of the set conflict: the fewest names that have to come from the index instead. */
async function sayUnpin(
  derivation: Derivation,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<string | null> {
  const { input } = world;
  if (input.index === null) return null;
  const tryWith = (names: Iterable<string>) => {
    const asked = { ...input.asked, unpin: new Set([...input.asked.unpin, ...names]) };
    return attempt({ ...input, asked }, requirements, world.facts);
  };
  const unpin = new Set<string>();
  let left = MOST_ATTEMPTS;
  for (let blamed = pinsIn(derivation); blamed.length > 0 && left > 0; left--) {
    for (const name of blamed) unpin.add(name);
    const { solution, world: next } = await tryWith(unpin);
    if (solution.ok) break;
    blamed = pinsIn(derivationOf(solution.proof, next)).filter((name) => !unpin.has(name));
    if (blamed.length === 0) return null;
  }
  if (unpin.size === 0 || left === 0) return null;
  for (const name of [...unpin].sort()) {
    if (left-- <= 0 || unpin.size === 1) break;
    const fewer = [...unpin].filter((one) => one !== name);
    if ((await tryWith(fewer)).solution.ok) unpin.delete(name);
  }
  const names = [...unpin].sort();
  return `Let ${names.join(' and ')} come from the index: ${names.map((name) => `--unpin ${name}`).join(' ')}.`;
}

function pinsIn(derivation: Derivation): string[] {
  return unmetOf(derivation).flatMap(({ name, unmet }) => (unmet.kind === 'pinned' ? name : []));
}
