/** The oracle: the same question as clauses for a SAT solver, with every version of every project. */
import Logic from 'logic-solver';
import { evaluateMarker, markerEnvironment } from '../../../resolver/requirements/marker.ts';
import { parseRequirement, type Requirement } from '../../../resolver/requirements/requirement.ts';
import { satisfies } from '../../../resolver/requirements/specifier.ts';
import { releaseOf } from './made-index.ts';
import type { RandomWorld } from './random-world.ts';

const environment = markerEnvironment({ python: '3.13.2', platform: 'emscripten_4_0_9' });

/** Whether some choice of versions satisfies all requirements. */
export function isSatisfiable(world: RandomWorld): boolean {
  const solver = new Logic.Solver();
  requireWorld(solver, world, '');
  return solver.solve() !== null;
}

/** The same for two targets, which have the same versions of common packages, except for names that may differ. */
export function isSatisfiableTogether(
  worlds: [RandomWorld, RandomWorld],
  apart: ReadonlySet<string>,
): boolean {
  const solver = new Logic.Solver();
  const [ones, others] = worlds.map((world, at) => requireWorld(solver, world, `${at} `)) as [Names, Names];
  for (const [name, versions] of ones) {
    if (apart.has(name)) continue;
    for (const version of versions) {
      for (const other of others.get(name) ?? []) {
        if (version !== other) solver.forbid(Logic.and(`0 ${name}@${version}`, `1 ${name}@${other}`));
      }
    }
  }
  return solver.solve() !== null;
}

type Names = Map<string, string[]>;

/** Returns the versions by name. */
function requireWorld(
  solver: InstanceType<typeof Logic.Solver>,
  { projects, pins, requirements }: RandomWorld,
  prefix: string,
): Names {
  const names = new Set([...Object.keys(projects), ...Object.keys(pins)]);
  const versionsOf = (name: string) => (pins[name] ? [pins[name][0]] : Object.keys(projects[name] ?? {}));
  const demand = ({ name, extras, specifiers }: Requirement) => {
    const fit = versionsOf(name).filter((version) => satisfies(version, specifiers));
    return [
      Logic.or(fit.map((version) => `${prefix}${name}@${version}`)),
      ...extras.map((extra) => Logic.or(fit.map((version) => `${prefix}${name}[${extra}]@${version}`))),
    ];
  };
  const holding = (texts: readonly string[], extra: string) =>
    texts.map(read).filter(({ marker }) => marker === null || evaluateMarker(marker, environment, extra));

  for (const name of names) {
    solver.require(Logic.atMostOne(versionsOf(name).map((version) => `${prefix}${name}@${version}`)));
    for (const version of versionsOf(name)) {
      const [plain, extended] = [`${prefix}${name}@${version}`, `${prefix}${name}[x]@${version}`];
      const pin = pins[name];
      // The index has METADATA of the same version, which the set lacks.
      const written = projects[name]?.[version];
      const requires = written ? (releaseOf(written).requires ?? []) : [];
      const outside = (requirement: Requirement) => !pins[requirement.name];
      const depends = pin ? pin.slice(1).filter((dependency) => dependency !== name) : [];
      const known = depends.some((dependency) => !pins[dependency]) ? holding(requires, '') : [];
      const plainly = pin
        ? [
            ...depends.map(read),
            ...known.filter((requirement) => outside(requirement) && depends.includes(requirement.name)),
          ]
        : holding(requires, '');
      for (const clause of plainly.flatMap(demand)) solver.require(Logic.implies(plain, clause));
      solver.require(Logic.implies(extended, plain));
      // An extra adds requirements that do not hold without it.
      const added = holding(requires, 'x').filter(
        ({ marker }) => marker && !evaluateMarker(marker, environment),
      );
      for (const clause of added.flatMap(demand)) solver.require(Logic.implies(extended, clause));
    }
  }
  for (const clause of holding(requirements, '').flatMap(demand)) solver.require(clause);
  return new Map([...names].map((name) => [name, versionsOf(name)]));
}

function read(text: string): Requirement {
  const parsed = parseRequirement(text);
  if (!parsed.ok) throw new Error(parsed.issues[0]!.message);
  return parsed.value;
}
