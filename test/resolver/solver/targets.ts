/** Questions for several Pythons, and their answers in short. */
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import {
  type HostPython,
  type SliceQuestion,
  solveTargets,
  type TargetSlice,
} from '../../../resolver/solver/index.ts';
import { makeIndex, makeSet, type Pins, type Projects } from './made-index.ts';

const HOST: HostPython = {
  markers: {
    implementation_name: 'cpython',
    implementation_version: '3.11.7',
    os_name: 'posix',
    platform_machine: 'x86_64',
    platform_python_implementation: 'CPython',
    platform_release: '6.1',
    platform_system: 'Linux',
    platform_version: '#1',
    python_full_version: '3.11.7',
    python_version: '3.11',
    sys_platform: 'linux',
  },
  tags: ['cp311-cp311-manylinux_2_17_x86_64', 'py3-none-any'],
};

export function worker(
  name: string,
  requirements: string[],
  projects: Projects,
  pins: Pins = {},
): SliceQuestion {
  const set = makeSet(pins);
  const target = { compatibility_date: '2026-10-01', runtime: set, package_set: set };
  return { name, target, set: prepareSet(set), requirements, index: makeIndex(projects) };
}

export const host = (requirements: string[], projects: Projects): SliceQuestion => ({
  ...worker('host', requirements, projects),
  host: HOST,
});

const shortly = ({ name, answer, moved }: TargetSlice) => ({
  name,
  packages: answer.packages.map((member) => `${member.name}==${member.version}`).sort(),
  moved: moved.map((move) => `${move.name} ${move.alone} to ${move.version}`),
});

export async function shared(...questions: SliceQuestion[]) {
  const outcome = await solveTargets(questions);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failures));
  return { slices: outcome.slices.map(shortly), unshared: outcome.unshared };
}
