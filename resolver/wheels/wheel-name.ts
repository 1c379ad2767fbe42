/** File names of wheels (PEP 427), and how well a runtime can run them (PEP 425). */
import { isName } from '../requirements/name.ts';

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

/** In characters. Wheels in this registry have shorter names. */
const LONGEST_FILENAME = 300;

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

/** The part of a package set or runtime that decides which wheels run. */
export interface Runner {
  /** Such as `3.13.2`. */
  python: string;
  /** `2025_0`, or before Pyodide had numbered ABIs, the same as `platform`. */
  abi: string;
  /** Such as `emscripten_4_0_9`. */
  platform: string;
  /** For a Python that is not Pyodide: its tags, such as `cp313-cp313-manylinux_2_28_x86_64`, and their priority. */
  tags?: ReadonlyMap<string, number>;
}

/** Whether a runtime can run a wheel, by the wheel's tags. */
export function canRun(runner: Runner, wheel: WheelName): boolean {
  return fitOf(runner, wheel) > 0;
}

/**
 * How well a wheel's tags fit a runtime, 0 if it cannot run there: wheels for its platform are before wheels
 * for any, for its own ABI before the stable one, and for its Python before older ones, as in `packaging`'s order.
 */
export function fitOf({ python, abi, platform, tags }: Runner, wheel: WheelName): number {
  if (tags) return fitOfTags(tags, wheel);
  const minor = Number(python.split('.')[1]);
  const names = abi === platform ? [platform] : [platform, `pyodide_${abi}`, `pyemscripten_${abi}`];
  const native = wheel.platforms.some((one) => names.some((name) => one === `${name}_wasm32`));
  const anywhere = wheel.platforms.includes('any');
  if (!native && !anywhere) return 0;

  const fits = wheel.pythons.flatMap((tag) => {
    const [, kind, digits] = /^(py|cp)3(\d{0,2})$/.exec(tag) ?? [];
    if (kind === undefined) return [];
    const version = Number(digits);
    const own = kind === 'cp' && digits === String(minor);
    const generic = kind === 'py' && version <= minor;
    const stable = kind === 'cp' && digits !== '' && version >= 2 && version <= minor;
    // `py3` is before the `py3x` of older Pythons, and after that of this one.
    const age = digits === '' ? 1 : minor - version + (own || version === minor ? 0 : 1);
    return wheel.abis.map((name) => {
      if (native && name === tag && own) return 900;
      if (native && name === 'abi3' && stable) return 800 - age;
      if (name !== 'none' || !(own || generic)) return 0;
      return (native ? 600 : 200) + (own ? 100 : 0) - age;
    });
  });
  return Math.max(0, ...fits);
}

function fitOfTags(tags: ReadonlyMap<string, number>, { pythons, abis, platforms }: WheelName): number {
  const fits = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => tags.get(`${python}-${abi}-${platform}`) ?? 0)),
  );
  return Math.max(0, ...fits);
}
