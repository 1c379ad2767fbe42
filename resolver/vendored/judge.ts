/** Checks vendored packages against their target. */
import type { Diagnostic, Runtime, Target } from '../answer.ts';
import { remark, run, type SaidFixes } from '../issues/fixes.ts';
import type { Finding } from '../python/finding.ts';
import type { Host } from '../python/project.ts';
import { canRun, parseWheelName } from '../wheels/wheel-name.ts';
import type { Installed, InstalledPackage, ReadMarker } from './folder.ts';

export interface VendoredContext {
  folder: string;
  target: Target;
  /** The members of the package set that the requirements need, by canonical name. */
  closure: ReadonlyMap<string, { version: string }>;
  /** Whether that is everything they need. If some come from an index, the rest is unknown. */
  isWhole: boolean;
  /** Canonical names of packages that belong there though no requirement needs them: Workers' SDK. */
  expected: ReadonlySet<string>;
  /** Whether something else fills the folder before the Worker is deployed, as pywrangler does. */
  filledLater: boolean;
  marker: ReadMarker | null;
}

/** The context that a host gives to every folder of a project. */
export function vendoredContext(
  { target, facts, closure, packages }: Host,
  requirements: readonly { name: string }[],
  { isWhole, fetchesLater }: { isWhole: boolean; fetchesLater: boolean },
): Omit<VendoredContext, 'folder' | 'marker'> {
  // Packages of the runtime are not vendored.
  const needed = [...closure.keys()].flatMap((name) => {
    const member = packages.named(name);
    return member?.kind === 'package' ? [[name, { version: member.version }] as const] : [];
  });
  return {
    target,
    closure: new Map(needed),
    isWhole,
    expected: new Set([...facts.sdk.packages, ...requirements.map(({ name }) => name)]),
    filledLater: fetchesLater || target.package_set.delivery.by === 'workerd',
  };
}

const vendor = (text = 'Run pinwheel vendor again.') => [run('pinwheel vendor', text)];

/** Everything that is wrong with a folder for a target, each with the path that it is about. */
export function vendoredFindings(installed: Installed, context: VendoredContext): Finding[] {
  const { folder } = context;
  const at = (path: string, remark: Diagnostic): Finding => ({ ...remark, path, line: 1, column: 1 });
  const broken = unrunnable(installed, context);
  const findings = [
    ...broken.map(({ path, name: _, ...remark }) => at(`${folder}/${path}`, remark)),
    ...vendoredForAnother(context).map((remark) => at(folder, remark)),
  ];
  for (const entry of installed.packages) {
    if (broken.some(({ path }) => path === entry.path)) continue;
    const remark = differingVersion(entry, context) ?? leftOver(entry, context);
    if (remark) findings.push(at(`${folder}/${entry.path}`, remark));
  }
  return [...findings, ...missing(installed, context).map((remark) => at(folder, remark))];
}

/**
 * The compiled files that the runtime cannot load: one for each package, by the tags of its wheel and by the names of
 * its files, and one for each file of no package. Where these leave it open, as archives do, the marker says for which
 * ABI the folder was filled.
 */
export function unrunnable(
  { packages, stray }: Installed,
  { target, closure, marker }: Pick<VendoredContext, 'target' | 'closure' | 'marker'>,
): (Diagnostic & { path: string; name: string | null })[] {
  const { runtime, package_set } = target;
  const can = `which Python ${runtime.python} of Pyodide ${runtime.pyodide} (ABI ${runtime.abi}) cannot load.`;
  const broken: (Diagnostic & { path: string; name: string | null })[] = [];
  const report = (path: string, name: string | null, message: string, fix: SaidFixes) =>
    broken.push({ ...remark('error', 'vendored_abi', message, fix), path, name });
  const filledFor = marker && marker.target.runtime.abi !== runtime.abi ? marker.target.runtime : null;
  const byMarker = filledFor && `Python ${filledFor.python}, ABI ${filledFor.abi}`;
  for (const vendored of packages) {
    const isUntagged = vendored.tags.length === 0 && vendored.compiled.length > 0;
    const built = unrunnableBuild(vendored, runtime) ?? (isUntagged ? byMarker : null);
    if (built === null) continue;
    const pinned = closure.get(vendored.name);
    const message = `${vendored.name} ${vendored.version} is built for ${built}, ${can}`;
    const fix = pinned
      ? vendor(
          `Vendor ${vendored.name} ${pinned.version} of ${package_set.flag} instead: run pinwheel vendor again.`,
        )
      : `Vendor a version of ${vendored.name} for ABI ${runtime.abi}, or leave it out.`;
    report(vendored.path, vendored.name, message, fix);
  }
  for (const path of stray) {
    const built = unloadableName(path, runtime) ?? byMarker;
    if (built === null) continue;
    const message = `This file is built for ${built}, ${can}`;
    const fix = `Replace it with a build for ABI ${runtime.abi}, or remove it.`;
    report(path, null, message, fix);
  }
  return broken;
}

/** The platform of a package's build, if the runtime cannot run it. */
function unrunnableBuild(
  { name, version, tags, compiled }: InstalledPackage,
  runtime: Runtime,
): string | null {
  for (const path of compiled) {
    const built = unloadableName(path, runtime);
    if (built !== null) return built;
  }
  const wheels = tags.flatMap((tag) => parseWheelName(`${name}-${version}-${tag}.whl`) ?? []);
  if (wheels.length === 0 || wheels.some((wheel) => canRun(runtime, wheel))) return null;
  return tags.join(', ');
}

/** The platform of an extension module, if its name says that the runtime cannot load it. */
function unloadableName(path: string, { python }: Runtime): string | null {
  const [, minor, platform] = /\.cpython-3(\d+)[a-z]*-([\w-]+)\.so$/.exec(path) ?? [];
  if (minor === undefined)
    return /\.(?:pyd|dll)$/.test(path) ? 'Windows' : /\.dylib$/.test(path) ? 'macOS' : null;
  const isEmscripten = platform === 'wasm32-emscripten';
  if (isEmscripten && python.startsWith(`3.${minor}.`)) return null;
  return isEmscripten ? `Python 3.${minor}` : `Python 3.${minor} on ${platform}`;
}

function vendoredForAnother({ folder, target, marker }: VendoredContext): Diagnostic[] {
  if (!marker || marker.package_set.digest === target.package_set.digest) return [];
  const { runtime } = marker.target;
  const then = `Python ${runtime.python}, ABI ${runtime.abi}, and ${marker.package_set.flag}`;
  const now = `Python ${target.runtime.python}, ABI ${target.runtime.abi}, and ${target.package_set.flag}`;
  const message = `${folder} was vendored for ${then}; this target has ${now}.`;
  const fix = vendor('Run pinwheel vendor again for this target.');
  return [remark('warning', 'vendored_for_another_target', message, fix)];
}

function differingVersion({ name, version }: InstalledPackage, context: VendoredContext): Diagnostic | null {
  const pinned = context.closure.get(name)?.version;
  if (pinned === undefined || pinned === version) return null;
  const message = `${name} ${version} is vendored, but ${context.target.package_set.flag} pins ${pinned}.`;
  return remark('warning', 'vendored_version', message, vendor());
}

function leftOver({ name }: InstalledPackage, context: VendoredContext): Diagnostic | null {
  const { closure, expected, folder, isWhole } = context;
  if (!isWhole || closure.has(name) || expected.has(name)) return null;
  const message = `${name} is vendored, but nothing requires it.`;
  const fix = `Require it, or remove it from ${folder}.`;
  return remark('info', 'vendored_leftover', message, fix);
}

/** The required packages that the folder lacks, if the folder is not empty. */
function missing({ packages }: Installed, { closure, folder, filledLater }: VendoredContext): Diagnostic[] {
  if (filledLater || packages.length === 0) return [];
  const there = new Set(packages.map(({ name }) => name));
  return [...closure].flatMap(([name, { version }]) => {
    if (there.has(name)) return [];
    const message = `The requirements need ${name} ${version}, but ${folder} does not have it.`;
    return remark('error', 'not_vendored', message, vendor());
  });
}
