/** Small worlds by seed, in which conflicts are frequent: some have an answer, some have none. */
import { Random } from '../requirements/random.ts';
import type { Pins, Projects } from './made-index.ts';

export interface RandomWorld {
  projects: Projects;
  pins: Pins;
  requirements: string[];
}

const VERSIONS = ['0.9', '1.0', '1.0.post1', '1.1', '2.0', '2.1', '3.0'];
const SPECIFIERS = [
  '',
  '',
  '>=1.0',
  '>=1.1',
  '>=2',
  '<2',
  '<3',
  '==1.*',
  '~=1.0',
  '==2.0',
  '!=1.1',
  '>1.0',
  '>=1,<2.1',
  '==9',
];

export function randomWorld(seed: number): RandomWorld {
  const random = new Random(seed);
  const names = Array.from({ length: 3 + random.below(7) }, (_, at) => `p${at}`);
  const requirement = (among: readonly string[]) => {
    const extra = random.chance(10) ? '[x]' : '';
    const marker = random.chance(5) ? '; sys_platform == "win32"' : '';
    return `${random.pick(among)}${extra}${random.pick(SPECIFIERS)}${marker}`;
  };
  const projects: Projects = {};
  const pins: Pins = {};
  for (const name of names) {
    const versions = VERSIONS.filter(() => random.chance(55));
    const releases = versions.map((version) => {
      const requires = Array.from({ length: random.below(4) }, () => requirement(names));
      if (random.chance(15)) requires.push(`${random.pick(names)}${random.pick(SPECIFIERS)}; extra == "x"`);
      return [version, { requires }] as const;
    });
    if (releases.length > 0) projects[name] = Object.fromEntries(releases);
    if (random.chance(20)) pins[name] = [random.pick(VERSIONS), ...names.filter(() => random.chance(15))];
  }
  const requirements = Array.from({ length: 1 + random.below(4) }, () => requirement(names));
  return { projects, pins, requirements };
}
