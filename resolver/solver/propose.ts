/** Proposals if there is no answer. Each is tried before it is made. */

import { fixesMeant, meantBy } from '../closure/closure.ts';
import type { Fix } from '../issues/fix.ts';
import { advice, type FixOf, requirementFixes } from '../issues/fixes.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { changeFor } from './change.ts';
import { type Derivation, unmetIn } from './derivation.ts';
import { TooMuchEffort } from './effort.ts';
import type { PackageWorld } from './world.ts';

/** @param change what was tried, and gives an answer */
export function proposeFixes(
  derivation: Derivation,
  world: PackageWorld,
  change: FixOf<'take_from_index'> | null,
): Fix[] {
  return (
    ofUnknown(derivation, world) ??
    (change && [change]) ??
    withoutIndex(derivation, world) ??
    ofSource(derivation) ??
    []
  );
}

/** A change that gives an answer; null too if finding out takes too long. */
export async function findChange(
  derivation: Derivation,
  world: PackageWorld,
  requirements: readonly DirectRequirement[],
): Promise<FixOf<'take_from_index'> | null> {
  try {
    return await changeFor(derivation, world, requirements);
  } catch (error) {
    if (error instanceof TooMuchEffort) return null;
    throw error;
  }
}

/** For an unknown name: similar names, or packages with a module of that name. */
function ofUnknown(derivation: Derivation, { input: { set } }: PackageWorld): Fix[] | null {
  const unknown = unmetIn(derivation).find(({ unmet }) => unmet.kind === 'unknown' && unmet.set !== '');
  const fixes = unknown ? fixesMeant(unknown.name, meantBy(unknown.name, set)) : [];
  return fixes.length > 0 ? fixes : null;
}

function withoutIndex(derivation: Derivation, { input }: PackageWorld): Fix[] | null {
  const unmet = unmetIn(derivation);
  const isBeyond = unmet.some((one) => one.unmet.kind === 'unknown');
  const pinned = unmet.find((one) => one.unmet.kind === 'pinned');
  if (!input.index?.url && !isBeyond && pinned) {
    const { name, requirement } = pinned;
    const isAsked = derivation.some(
      ({ because }) => because.kind === 'requirement' && because.requirement === requirement,
    );
    const here = isAsked ? requirementFixes(name, [name], 'pinned') : [];
    return [...here, { kind: 'use_index', requirement: null, packages: [name] }];
  }
  return !input.index?.url && isBeyond ? [{ kind: 'use_index', requirement: null, packages: [] }] : null;
}

/** If only a source distribution satisfies the requirement. */
function ofSource(derivation: Derivation): Fix[] | null {
  for (const { name, unmet } of unmetIn(derivation)) {
    const found =
      unmet.kind === 'no_version' ? unmet.left_out.find(({ reason }) => reason === 'no_wheel') : undefined;
    if (!found) continue;
    const command = `pip wheel --no-deps ${name}==${found.version}`;
    const text = `If ${name} is pure Python, build a wheel of it (${command}), and require it by its URL: ${name} @ https://….`;
    return [advice(text)];
  }
  return null;
}
