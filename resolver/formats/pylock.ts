/** Lock files of Python's installers: `pylock.toml` (PEP 751). */
import type { AskedIndex, Diagnostic, ResolveAnswer, ResolvedPackage, Target } from '../answer.ts';
import { minorOf } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { remark } from '../issues/fixes.ts';
import { invalidQuestion } from '../issues/question.ts';
import { INDEX_FIELDS, settingOf } from '../question/fields.ts';
import type { SolvedPackage } from '../solver/answer.ts';
import type { HostPython, TargetSlice } from '../solver/targets/solve-targets.ts';
import { sortedBy } from '../sorted-by.ts';
import { listed } from '../text/printable.ts';
import { emscriptenOf } from '../wheels/platform.ts';
import { byName, isWheel, type WrittenFile } from './file.ts';

const EMSCRIPTEN = "sys_platform == 'emscripten' and platform_machine == 'wasm32'";
const SHOWN = 5;

/**
 * A closure as a `pylock.toml`, for the target's Python on Emscripten and nothing else. `wheelUrl` gives each file's
 * absolute URL (see `fileUrls`), or the path of a wheel or a folder, relative to the lock, that begins with `./` or
 * `../`. The same closure has the same bytes on every day. The format knows wheels and source distributions, so other
 * archives (Cloudflare's `.tar.gz`, Pyodide's shared libraries and tests) are left out, and a diagnostic names them: as
 * an `archive`, installers would build them from source.
 * @example
 * ```ts
 * import { fileUrls, toPylock } from 'pinwheel-py';
 * import { createResolver } from 'pinwheel-py/bundled';
 * const question = { compatibility_flags: ['python_3.13_packages_2025_09_22'], requirements: ['idna'] };
 * const answer = await createResolver().resolve(question);
 * const urls = fileUrls(answer.packages, null);
 * const { text, diagnostics } = toPylock(answer, urls.ok ? urls.value : () => '');
 * text.split('\n')[0]; // → 'lock-version = "1.0"'
 * diagnostics; // → []
 * ```
 */
export function toPylock(
  { target, packages, index }: ResolveAnswer,
  wheelUrl: (member: ResolvedPackage) => string,
): WrittenFile {
  const { runtime, package_set } = target;
  const wheels = byName(packages.filter(isWheel));
  const locked = new Set(wheels.map(({ name }) => name));
  const lines = [
    ...headLines([EMSCRIPTEN], `==${minorOf(runtime.python)}.*`, wheels.length === 0),
    ...wheels.flatMap((resolved) => packageLines(resolved, locked, wheelUrl(resolved))),
    '',
    '[tool.pinwheel]',
    `compatibility_date = ${quote(target.compatibility_date)}`,
    `compatibility_flags = [${target.compatibility_flags.map(quote).join(', ')}]`,
    `pyodide = ${quote(runtime.pyodide)}`,
    `package_set = ${quote(package_set.flag)}`,
    `package_set_digest = ${quote(package_set.digest)}`,
    `delivery = ${quote(package_set.delivery.by)}`,
    ...(index ? indexLines(index) : []),
  ];
  const text = lines.map((line) => `${line}\n`).join('');
  return { text, diagnostics: leftOut(packages.filter((resolved) => !isWheel(resolved))) };
}

function packageLines(
  { name, version, depends, wheel }: ResolvedPackage,
  locked: ReadonlySet<string>,
  url: string,
): string[] {
  const { index, patched } = wheel;
  const dependencies = depends
    .filter((dependency) => locked.has(dependency))
    .map((dependency) => `{name = ${quote(dependency)}}`);
  const file = fileTable({ wheel }, url);
  const more = patched === null ? [] : ['[packages.tool.pinwheel]', `patched = ${inlineTable(patched)}`];
  return [...tableLines({ name, version, dependencies, index, file }), ...more];
}

function headLines(environments: readonly string[], python: string, isEmpty: boolean): string[] {
  return [
    'lock-version = "1.0"',
    `environments = [${environments.map(quote).join(', ')}]`,
    `requires-python = ${quote(python)}`,
    'created-by = "pinwheel"',
    ...(isEmpty ? ['packages = []'] : []),
  ];
}

interface Table {
  name: string;
  version: string;
  marker?: string | null;
  /** As TOML, like the file. */
  dependencies: readonly string[];
  index: string | null | undefined;
  file: string;
}

/** The lines of one package; null and empty values are left out. */
function tableLines({ name, version, marker, dependencies, index, file }: Table): string[] {
  const isFolder = file.startsWith(FOLDER);
  return [
    '',
    '[[packages]]',
    `name = ${quote(name)}`,
    // The code of a folder changes, and with it its version.
    ...(isFolder ? [] : [`version = ${quote(version)}`]),
    ...(marker ? [`marker = ${quote(marker)}`] : []),
    ...(dependencies.length > 0 ? [`dependencies = [${dependencies.join(', ')}]`] : []),
    ...(index ? [`index = ${quote(index)}`] : []),
    isFolder ? file : `wheels = [${file}]`,
  ];
}

const FOLDER = 'directory = ';

/** A wheel, or the folder whose code it has. */
function fileTable({ wheel }: Pick<ResolvedPackage, 'wheel'>, place: string): string {
  const { filename, sha256, size, upload_time = null } = wheel;
  const bytes = size === null ? '' : `, size = ${size}`;
  const uploaded = upload_time === null ? '' : `, upload-time = ${moment(upload_time)}`;
  const isPath = /^\.\.?\//.test(place);
  if (isPath && !place.endsWith('.whl')) return `${FOLDER}{path = ${quote(place)}}`;
  return `{name = ${quote(filename)}${uploaded}, ${isPath ? 'path' : 'url'} = ${quote(place)}${bytes}, hashes = {sha256 = ${quote(sha256)}}}`;
}

/** The settings of a question that gives the same answer again. */
function indexLines(index: AskedIndex): string[] {
  const written = (value: string | null) => (value === null ? 'false' : moment(value));
  const settings = INDEX_FIELDS.flatMap((name) => {
    const value = index[name];
    const key = settingOf(name);
    if (Array.isArray(value)) return value.length > 0 ? `${key} = [${value.map(quote).join(', ')}]` : [];
    if (value === null || typeof value === 'string') return `${key} = ${written(value)}`;
    const members = Object.entries(value).map(([project, until]) => `${quote(project)} = ${written(until)}`);
    return members.length > 0 ? `${key} = {${members.join(', ')}}` : [];
  });
  return [`${settingOf('index')} = ${quote(index.url)}`, ...settings];
}

function moment(text: string): string {
  return new Date(text).toISOString().replace('.000Z', 'Z');
}

function inlineTable(table: object): string {
  const members = Object.entries(table).map(([key, value]) => {
    const written =
      typeof value === 'string' ? quote(value) : typeof value === 'object' ? inlineTable(value) : value;
    return `${key} = ${written}`;
  });
  return `{${members.join(', ')}}`;
}

function leftOut(packages: readonly ResolvedPackage[]): Diagnostic[] {
  if (packages.length === 0) return [];
  const names = packages.map(({ name }) => name);
  const message = `Not in pylock.toml, which has no place for archives: ${listed(names, SHOWN)}.`;
  return [
    remark('warning', 'not_a_wheel', message, 'Use pyodide-lock.json, which has every package of a set.'),
  ];
}

/** A basic string of TOML, which is one of JSON but for DEL and lone surrogates. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\x7f', '\\u007f');
}

/** The packages of one Python, the URLs of their files, and its markers. */
export type LockSlice = TargetSlice & { urlOf: (member: { name: string }) => string } & (
    | { target: Target }
    | { host: HostPython }
  );

/** One file, so that no Python gets that of another: two files of a version may even have one name. */
interface Entry {
  package: SolvedPackage;
  file: string;
  markers: Set<string>;
  depends: Set<Entry>;
}

/**
 * One lock for several Pythons, of which each finds its packages by markers. An error if two of them get different packages,
 * and markers cannot distinguish them.
 */
export function toPylockOfTargets(slices: readonly LockSlice[]): Outcome<WrittenFile> {
  const markers = slices.map((slice) => markerOf(slice, slices));
  const contents = slices.map(({ answer }) =>
    answer.packages
      .map(({ wheel }) => wheel.sha256)
      .sort()
      .join(),
  );
  const twin = markers.findIndex((marker, at) => {
    const first = markers.indexOf(marker);
    return contents[first] !== contents[at];
  });
  if (twin >= 0) {
    const targets = slices.filter((_, at) => markers[at] === markers[twin]).map(({ name }) => name);
    return { ok: false, issues: [invalidQuestion({ problem: 'equal_markers', targets })] };
  }
  const environments = [...new Set(markers)];
  const entries = new Map<string, Entry>();
  for (const [at, { answer, urlOf }] of slices.entries()) {
    const own = new Map<string, Entry>();
    for (const resolved of answer.packages.filter(isWheel)) {
      const { index, sha256 } = resolved.wheel;
      const key = `${resolved.name} ${resolved.version} ${index ?? ''} ${sha256}`;
      const entry = entries.get(key) ?? {
        package: resolved,
        file: fileTable(resolved, urlOf(resolved)),
        markers: new Set(),
        depends: new Set(),
      };
      entries.set(key, entry);
      own.set(resolved.name, entry);
      entry.markers.add(markers[at]!);
    }
    for (const entry of own.values()) {
      const { depends } = answer.packages.find(({ name }) => name === entry.package.name)!;
      for (const name of depends) if (own.has(name)) entry.depends.add(own.get(name)!);
    }
  }
  const pythons = slices.map((slice) => minorOf(pythonOf(slice)));
  const least = pythons.sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]))[0]!;
  const lines = [
    ...headLines(environments, `>=${least}`, entries.size === 0),
    ...sortedBy(entries, ([key]) => key).flatMap(([, entry]) =>
      entryLines(entry, [...entries.values()], environments.length),
    ),
    '',
    '[tool.pinwheel]',
    `targets = [${slices.map(({ name }) => quote(name)).join(', ')}]`,
  ];
  const diagnostics = slices.flatMap(({ name, answer }) =>
    leftOut(answer.packages.filter((resolved) => !isWheel(resolved))).map((remark) => ({
      ...remark,
      message: slices.length === 1 ? remark.message : `${name}: ${remark.message}`,
    })),
  );
  return { ok: true, value: { text: lines.map((line) => `${line}\n`).join(''), diagnostics } };
}

function entryLines(entry: Entry, entries: readonly Entry[], environments: number): string[] {
  const { package: resolved, file, markers, depends } = entry;
  const { name, version, wheel } = resolved;
  const dependencies = [...depends].map((other) => reference(other, entries)).sort();
  const marker = markers.size === environments ? null : markerText(markers);
  return tableLines({ name, version, marker, dependencies, index: wheel.index, file });
}

/** The unique part of an entry: entries of one name differ at least by their markers. */
function reference({ package: { name, version }, markers }: Entry, entries: readonly Entry[]): string {
  const namesakes = entries.filter((other) => other.package.name === name);
  const twins = namesakes.filter((other) => other.package.version === version);
  const keys = [
    `name = ${quote(name)}`,
    ...(namesakes.length > 1 ? [`version = ${quote(version)}`] : []),
    ...(twins.length > 1 ? [`marker = ${quote(markerText(markers))}`] : []),
  ];
  return `{${keys.join(', ')}}`;
}

function markerText(markers: ReadonlySet<string>): string {
  return [...markers].map((marker) => `(${marker})`).join(' or ');
}

function pythonOf(slice: LockSlice): string {
  return 'target' in slice ? slice.target.runtime.python : slice.host.markers.python_full_version!;
}

/** A marker that is true in this Python, and in none of the others. */
function markerOf(slice: LockSlice, slices: readonly LockSlice[]): string {
  const python = `python_version == '${minorOf(pythonOf(slice))}'`;
  if ('host' in slice) {
    const { sys_platform, platform_machine } = slice.host.markers;
    return `sys_platform == '${sys_platform}' and platform_machine == '${platform_machine}' and ${python}`;
  }
  const emscripten = emscriptenOf(slice.target.runtime.platform);
  const isAmong = slices.some(
    (other) =>
      'target' in other &&
      minorOf(pythonOf(other)) === minorOf(pythonOf(slice)) &&
      emscriptenOf(other.target.runtime.platform) !== emscripten,
  );
  const release = emscripten?.replaceAll('_', '.');
  return `sys_platform == 'emscripten' and ${python}${isAmong ? ` and platform_release == '${release}'` : ''}`;
}
