/** File names of wheels (PEP 427), and how well a runtime can run them (PEP 425). */
import { remembered } from '../remembered.ts';
import { isName } from '../requirements/name.ts';
import { emscriptenOf } from './platform.ts';

export interface WheelName {
  /** As the file name writes it. */
  project: string;
  version: string;
  /** The build tag, which begins with a digit; mostly empty. */
  build: string;
  /** The parts of the compressed tag set: any Python with any ABI on any platform of these. */
  pythons: string[];
  abis: string[];
  platforms: string[];
}

/** The most characters of a file name. Wheels in this registry have shorter ones. */
export const LONGEST_FILENAME = 300;

const VERSION = /^[0-9a-z.!+_]+$/i;
const TAGS = /^[0-9a-z_]+(\.[0-9a-z_]+)*$/;

/** The parts of a wheel's file name, all of them of inert ASCII; undefined for any other file. */
export function parseWheelName(filename: string): WheelName | undefined {
  if (filename.length > LONGEST_FILENAME || !filename.endsWith('.whl')) return undefined;
  const parts = filename.slice(0, -'.whl'.length).split('-');
  const build = parts.length === 6 ? parts.splice(2, 1)[0]! : '';
  if (build !== '' && !/^\d[0-9a-z_.]*$/i.test(build)) return undefined;
  if (parts.length !== 5) return undefined;
  const [project, version, ...tags] = parts as [string, string, string, string, string];
  if (!isName(project) || !VERSION.test(version) || !tags.every((tag) => TAGS.test(tag))) return undefined;
  const [pythons, abis, platforms] = tags.map((tag) => tag.split('.')) as [string[], string[], string[]];
  return { project, version, build, pythons, abis, platforms };
}

/**
 * Whether a file is for every platform, by the tags of its name: Cloudflare's archives keep those of the wheels that
 * they were. Null without tags, which modules of the standard library and split-off tests may lack.
 */
export function isPure({ filename }: { filename: string }): boolean | null {
  const tags = parseWheelName(filename.replace(/\.tar\.gz$/, '.whl'));
  return tags ? tags.platforms.includes('any') : null;
}

/** The part of a package set or runtime that decides which wheels run. */
export interface Runner {
  /** Such as `3.13.2`. */
  python: string;
  /** `2025_0`, or before Pyodide had numbered ABIs, the same as `platform`. */
  abi: string;
  /** Such as `emscripten_4_0_9` or `pyemscripten_2026_0`. */
  platform: string;
  /** For a Python that is not Pyodide: its tags, such as `cp313-cp313-manylinux_2_28_x86_64`, and their priority. */
  tags?: ReadonlyMap<string, number>;
}

/** Whether a runtime can run a wheel, by the wheel's tags. */
export function canRun(runner: Runner, wheel: WheelName): boolean {
  return fitOf(runner, wheel) > 0;
}

/** How well a wheel's tags fit a runtime, in `packaging`'s order; 0 if it cannot run there. */
export function fitOf(runner: Runner, { pythons, abis, platforms }: WheelName): number {
  const tags = runner.tags ?? tagsOf(runner);
  const fits = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => tags.get(`${python}-${abi}-${platform}`) ?? 0)),
  );
  return Math.max(0, ...fits);
}

/** The tags of a Pyodide, as `packaging.tags` would list them there, with their priority. */
const tagsOf = remembered(({ python, abi, platform }: Runner): ReadonlyMap<string, number> => {
  const minor = Math.min(99, Number(python.split('.')[1]));
  const emscripten = emscriptenOf(platform);
  const numbered = abi === platform ? [] : [`pyemscripten_${abi}`, `pyodide_${abi}`];
  const names = emscripten === null ? numbered : [...numbered, `emscripten_${emscripten}`];
  const platforms = names.map((name) => `${name}_wasm32`);
  const older = Array.from({ length: minor }, (_, at) => minor - 1 - at);
  const pure = [`py3${minor}`, 'py3', ...older.map((version) => `py3${version}`)];
  const own = `cp3${minor}`;
  const native = [
    ...[own, 'abi3', 'none'].map((name) => `${own}-${name}`),
    // The stable ABI began with 3.2.
    ...older.filter((version) => version >= 2).map((version) => `cp3${version}-abi3`),
    ...pure.map((python) => `${python}-none`),
  ];
  const tags = [
    ...native.flatMap((tag) => platforms.map((platform) => `${tag}-${platform}`)),
    ...[own, ...pure].map((python) => `${python}-none-any`),
  ];
  return new Map(tags.map((tag, at) => [tag, tags.length - at]));
});
