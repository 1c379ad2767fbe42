/** File names of wheels (PEP 427), and which of them a package set's runtime can run (PEP 425). */
import { isName } from '../../resolver/requirements/name.ts';

export interface WheelName {
  /** As the file name writes it. */
  project: string;
  version: string;
  /** The parts of the compressed tag set: any Python with any ABI on any platform of these. */
  pythons: string[];
  abis: string[];
  platforms: string[];
}

/** In characters. Longer names are no wheel of this registry, whatever they end in. */
const LONGEST_FILENAME = 300;

const VERSION = /^[0-9a-z.!+_]+$/i;
const TAGS = /^[0-9a-z_]+(\.[0-9a-z_]+)*$/;

/** The parts of a wheel's file name, all of them of inert ASCII; undefined for any other file. */
export function parseWheelName(filename: string): WheelName | undefined {
  if (filename.length > LONGEST_FILENAME || !filename.endsWith('.whl')) return undefined;
  const parts = filename.slice(0, -'.whl'.length).split('-');
  if (parts.length === 6) {
    const [build] = parts.splice(2, 1);
    if (!/^\d[0-9a-z_.]*$/i.test(build!)) return undefined;
  }
  if (parts.length !== 5) return undefined;
  const [project, version, ...tags] = parts as [string, string, string, string, string];
  if (!isName(project) || !VERSION.test(version) || !tags.every((tag) => TAGS.test(tag))) return undefined;
  const [pythons, abis, platforms] = tags.map((tag) => tag.split('.')) as [string[], string[], string[]];
  return { project, version, pythons, abis, platforms };
}

/** What of a package set decides which wheels run. */
export interface Runner {
  /** Such as `3.13.2`. */
  python: string;
  /** `2025_0`, or before Pyodide had numbered ABIs, the same as `platform`. */
  abi: string;
  /** Such as `emscripten_4_0_9`. */
  platform: string;
}

/** Whether the runtime of a package set can run a wheel, by the wheel's tags. */
export function canRun({ python, abi, platform }: Runner, wheel: WheelName): boolean {
  const minor = Number(python.split('.')[1]);
  const names = abi === platform ? [platform] : [platform, `pyodide_${abi}`, `pyemscripten_${abi}`];
  const native = wheel.platforms.some((one) => names.some((name) => one === `${name}_wasm32`));
  const anywhere = wheel.platforms.includes('any');
  if (!native && !anywhere) return false;

  return wheel.pythons.some((tag) => {
    const [, kind, version] = /^(py|cp)3(\d{0,2})$/.exec(tag) ?? [];
    if (kind === undefined) return false;
    const own = kind === 'cp' && version === String(minor);
    const generic = kind === 'py' && Number(version) <= minor;
    const stable = kind === 'cp' && version !== '' && Number(version) >= 2 && Number(version) <= minor;
    return wheel.abis.some(
      (name) =>
        (name === 'none' && (own || generic)) ||
        (native && name === 'abi3' && stable) ||
        (native && name === tag && own),
    );
  });
}
