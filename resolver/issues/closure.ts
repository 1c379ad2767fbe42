/** Issues of requirements that can be read and cannot be satisfied. */
import { printable } from '../text/printable.ts';
import { define, type FieldsOf, type Named } from './define.ts';
import type { Fix } from './fix.ts';
import { advice, isMove } from './fixes.ts';
import { WRITTEN } from './requirements.ts';

const UNMET = {
  ...WRITTEN,
  /** Canonical. */
  package: 'string',
  /** The set of the target, by its package flag. */
  package_set: 'string',
} as const;

const UNMET_PIN = {
  ...UNMET,
  /** The newest pin that satisfies the requirement's version in any set; null if there is none. */
  available: 'object | null' as Named<{ package_set: string; version: string } | null>,
} as const;

/** `near` are packages of the set with nearly that name, `providers` those with a module of that name. */
const UNKNOWN = { ...UNMET_PIN, near: 'string[]', providers: 'string[]' } as const;
const CONFLICT = { ...UNMET_PIN, pinned: 'string' } as const;
/** `chain`: from the requested package to the one that depends on what is missing. */
const MISSING = { ...UNMET, chain: 'string[]' } as const;

/** The changes of the question that were found to do, the nearest first; null if nothing was looked for. */
export interface Tried {
  fixes: readonly Fix[] | null;
}

export const unknownPackage = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_package',
  UNKNOWN,
  (fields: FieldsOf<typeof UNKNOWN> & Tried) => {
    const { requirement, package: name, package_set, fixes } = fields;
    const isOfNoUse = fixes?.some(({ kind }) => kind === 'leave_out') === true;
    const proposed = fixes && [...fixes, ...(isOfNoUse ? [] : onlyAlone(fields, fixes))];
    return [
      `The package set ${package_set} has no package "${name}".`,
      proposed &&
        (proposed.some(isSaid) ? proposed : [...proposed, { kind: 'use_index', requirement, packages: [] }]),
    ];
  },
);

export const versionConflict = /* @__PURE__ */ define(
  'unanswerable',
  'version_conflict',
  CONFLICT,
  (fields: FieldsOf<typeof CONFLICT> & Tried) => {
    const { requirement, package: name, package_set, pinned, fixes } = fields;
    const message = `${printable(requirement)} cannot be satisfied: the package set ${package_set} pins ${name} ${pinned}.`;
    if (fixes === null) return [message, null];
    const here = fixes.filter(({ kind }) => kind === 'set_requirement');
    const proposed = [...fixes.filter((fix) => !here.includes(fix)), ...onlyAlone(fields, fixes)];
    if (!proposed.some(isSaid)) proposed.push({ kind: 'use_index', requirement, packages: [name] });
    return [message, [...proposed, ...here]];
  },
);

export const meaninglessMarker = /* @__PURE__ */ define(
  'malformed',
  'meaningless_marker',
  /** `comparison`: the part of the marker that compares what cannot be compared. */
  { ...WRITTEN, package: 'string', comparison: 'string' },
  ({ requirement, comparison }) => [
    `The marker of ${printable(requirement)} cannot be evaluated: ${printable(comparison)}.`,
    'Compare a variable of PEP 508 with a value of its kind.',
  ],
);

export const missingDependency = /* @__PURE__ */ define(
  'unanswerable',
  'missing_dependency',
  MISSING,
  (fields: FieldsOf<typeof MISSING> & Tried) => {
    const needs = fields.chain.map((name) => `which ${name} needs`).reverse();
    return [
      `The package set ${fields.package_set} has no package "${fields.package}", ${needs.join(', ')}.`,
      fields.fixes && [advice('The package set is incomplete.'), ...fields.fixes],
    ];
  },
);

/** Another date or set may lack the package of an issue, if only other requirements of the question need it there. */
const isSaid = (fix: Fix) => !isMove(fix) || fix.has.length > 0;

/** A fix if a set has the package alone, but no target has it together with all the rest. */
function onlyAlone({ package: name, available }: FieldsOf<typeof UNMET_PIN>, fixes: readonly Fix[]): Fix[] {
  if (!available || fixes.some((fix) => isMove(fix) && fix.has.length > 0)) return [];
  const { package_set, version } = available;
  return [advice(`${package_set} pins ${name} ${version}, but no target satisfies all requirements.`)];
}

export type UnmetIssue = ReturnType<
  typeof unknownPackage | typeof versionConflict | typeof meaninglessMarker | typeof missingDependency
>;
