/** Proposals if there is no answer. Each is tried before it is made. */

import { meantBy } from '../closure/select.ts';
import { moduleHint } from '../issues/closure.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { ASK_AN_INDEX } from '../text/ask-an-index.ts';
import { didYouMean } from '../text/nearest.ts';
import { type Change, changeFor } from './change.ts';
import { type Derivation, unmetIn } from './derivation.ts';
import { TooMuchEffort } from './effort.ts';
import type { PackageWorld } from './world.ts';

/** @param change what was tried, and gives an answer */
export function proposeFix(
  derivation: Derivation,
  world: PackageWorld,
  change: Change | null,
): string | null {
  return (
    sayUnknown(derivation, world) ??
    (change && sayChange(change)) ??
    sayNoIndex(derivation, world) ??
    saySource(derivation)
  );
}

/** A change that gives an answer; null too if finding out takes too long. */
export async function findChange(
  derivation: Derivation,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<Change | null> {
  try {
    return await changeFor(derivation, world, requirements);
  } catch (error) {
    if (error instanceof TooMuchEffort) return null;
    throw error;
  }
}

/** For an unknown name: similar names, or packages with a module of that name. */
function sayUnknown(derivation: Derivation, { input: { set } }: PackageWorld): string | null {
  const unknown = unmetIn(derivation).find(({ unmet }) => unmet.kind === 'unknown' && unmet.set !== '');
  if (!unknown) return null;
  const { providers, near } = meantBy(unknown.name, set);
  return providers.length > 0 ? moduleHint(unknown.name, providers) : didYouMean(near);
}

function sayNoIndex(derivation: Derivation, { input }: PackageWorld): string | null {
  const unmet = unmetIn(derivation);
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
  for (const { name, unmet } of unmetIn(derivation)) {
    const found =
      unmet.kind === 'no_version' ? unmet.left_out.find(({ reason }) => reason === 'no_wheel') : undefined;
    if (!found) continue;
    const command = `pip wheel --no-deps ${name}==${found.version}`;
    return `If ${name} is pure Python, build a wheel of it (${command}), and require it by its URL: ${name} @ https://….`;
  }
  return null;
}

function sayChange({ unpin, newer }: Change): string {
  const names = [...newer.keys()].sort();
  const parts = [
    names.length > 0 ? `newer uploads of ${names.join(' and ')} count` : '',
    unpin.length > 0 ? `${unpin.join(' and ')} come from the index` : '',
  ];
  const options = [
    ...names.map((name) => `--exclude-newer-package ${name}=${newer.get(name)}`),
    ...unpin.map((name) => `--unpin ${name}`),
  ];
  return `Let ${parts.filter(Boolean).join(', and ')}: ${options.join(' ')}.`;
}
