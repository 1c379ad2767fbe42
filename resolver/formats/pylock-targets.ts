/** One `pylock.toml` (PEP 751) for several Pythons: each finds its packages by markers. */
import type { Target } from '../answer.ts';
import { minorOf } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { invalidQuestion } from '../issues/question.ts';
import type { SolvedPackage } from '../solver/answer.ts';
import type { HostPython, TargetSlice } from '../solver/targets/solve-targets.ts';
import { emscriptenOf } from '../wheels/platform.ts';
import { isWheel, type WrittenFile } from './file.ts';
import { fileTable, headLines, leftOut, quote, tableLines } from './pylock.ts';

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

/** An error if two of the Pythons get different packages, and markers cannot distinguish them. */
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
    ...[...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, entry]) => entryLines(entry, [...entries.values()], environments.length)),
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
