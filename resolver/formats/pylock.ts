/** Lock files of Python's installers: `pylock.toml` (PEP 751). */

import type { AskedIndex, Diagnostic, ResolveAnswer, ResolvedPackage } from '../answer.ts';
import { minorOf } from '../compatibility/view.ts';
import { remark } from '../issues/fixes.ts';
import { INDEX_FIELDS, settingOf } from '../question/fields.ts';
import { listed } from '../text/printable.ts';
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

export function headLines(environments: readonly string[], python: string, isEmpty: boolean): string[] {
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
export function tableLines({ name, version, marker, dependencies, index, file }: Table): string[] {
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
export function fileTable({ wheel }: Pick<ResolvedPackage, 'wheel'>, place: string): string {
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

export function leftOut(packages: readonly ResolvedPackage[]): Diagnostic[] {
  if (packages.length === 0) return [];
  const names = packages.map(({ name }) => name);
  const message = `Not in pylock.toml, which has no place for archives: ${listed(names, SHOWN)}.`;
  return [
    remark('warning', 'not_a_wheel', message, 'Use pyodide-lock.json, which has every package of a set.'),
  ];
}

/** A basic string of TOML, which is one of JSON but for DEL and lone surrogates. */
export function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll('\x7f', '\\u007f');
}
