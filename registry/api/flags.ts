import * as z from 'zod';
import type { CatalogView } from '../../resolver/index.ts';
import type { CatalogFlag, CatalogSet } from '../../resolver/schemas.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { unknownName } from '../http/problem.ts';

const PackageFlag = z.strictObject({
  kind: z.literal('package_flag'),
  flag: z.string(),
  package_set: z.string().describe('A path to the set that the flag selects.'),
  python: z.string(),
  abi: z.string(),
  runtime: z.string(),
  released: z.string(),
  default_from: z.string().nullable(),
  since_revision: z.int(),
});

const CompatibilityFlag = z.strictObject({
  kind: z.literal('compatibility_flag'),
  flag: z.string().nullable().describe('The name that turns it on.'),
  disable: z.string().nullable().describe('The name that turns it off.'),
  enable_date: z.string().nullable().describe('The date from which it is on automatically.'),
  implied_by: z.array(z.string()).describe('Flags, any of which turns it on from `implied_date` on.'),
  implied_date: z.string().nullable(),
  experimental: z.boolean(),
  obsolete: z.boolean(),
  runtime: z.string().nullable().describe('The runtime that this release flag enables.'),
  since_revision: z.int().describe('The revision that introduced the flag as it is now.'),
});

export const FlagDescription = z
  .discriminatedUnion('kind', [CompatibilityFlag, PackageFlag])
  .meta({ id: 'Flag' });
export type FlagDescription = z.infer<typeof FlagDescription>;

export function describeFlag(view: CatalogView, fact: CatalogFlag): FlagDescription {
  const names = new Map(view.flags.map((flag) => [flag.field, flag.enable]));
  return {
    kind: 'compatibility_flag',
    flag: fact.enable,
    disable: fact.disable,
    enable_date: fact.enable_date,
    implied_by: fact.implied_by.map((field) => names.get(field) ?? field),
    implied_date: fact.implied_date,
    experimental: fact.experimental,
    obsolete: fact.obsolete,
    runtime: view.releases.get(fact.field)?.id ?? null,
    since_revision: fact.revision,
  };
}

function describePackageFlag(set: CatalogSet): FlagDescription {
  const { flag, python, abi, runtime, released, default_from, revision } = set;
  return {
    kind: 'package_flag',
    flag,
    package_set: `/v1/sets/${flag}`,
    python,
    abi,
    runtime,
    released,
    default_from,
    since_revision: revision,
  };
}

/** A compatibility flag by either of its names, or a package flag. */
export function answerFlag(view: CatalogView, flag: string): FlagDescription | Response {
  const fact = view.flagByName.get(flag)?.fact;
  if (fact) return describeFlag(view, fact);
  const set = view.sets.get(flag);
  if (set) return describePackageFlag(set);
  return unknownName('unknown_flag', flag, nearest(flag, [...view.flagByName.keys(), ...view.sets.keys()]));
}
