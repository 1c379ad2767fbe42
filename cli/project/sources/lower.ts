/**
 * Requirements whose packages have a source: code of a folder becomes a wheel, and everything else is refused. So no
 * index is asked for a name that comes from elsewhere, where a stranger may have a package of that name.
 */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { refusedSource } from '../../../resolver/issues/files.ts';
import {
  evaluateMarker,
  type MarkerEnvironment,
  parseMarker,
} from '../../../resolver/requirements/marker.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { parseWheelName } from '../../../resolver/wheels/wheel-name.ts';
import type { FileRequirement } from '../../ask/requirement.ts';
import { withoutCredentials } from '../../common/credentials.ts';
import { type LocatedIssue, unanswered } from '../../common/failure.ts';
import { type FolderPackage, readFolderPackage } from './folder-package.ts';
import { type Place, placeAt, type Refusal, type Source, type UvSources } from './uv-sources.ts';

/** A requirement with the project that declares it, or with a place of its own. */
export interface SourcedRequirement extends FileRequirement {
  uv?: UvSources;
  /** The place that it names, if that is not in its text. */
  place?: Place;
  /** The folder that a path in its text is relative to, if that is not the current one. */
  folder?: string;
  /** As the file has it, if `text` is not. */
  written?: string;
  /** Why its source cannot be used. */
  refusal?: LocatedIssue;
}

/** The parts of a requirement; without a name, it is that of the folder. */
interface Parts {
  name: string | null;
  extras: string;
  marker: string | null;
}

const NAMED =
  /^\s*(?<name>[a-z0-9][a-z0-9._-]*)\s*(?<extras>\[[^\]]*\])?(?<rest>[^;]*)(?:;(?<marker>.*))?$/is;
const PLACED =
  /^\s*(?:(?<name>[a-z0-9][a-z0-9._-]*)\s*(?<named>\[[^\]]*\])?\s*@)?\s*(?<at>[^[;]+?)(?<extras>\[[^\]]*\])?\s*(?:;(?<marker>.*))?$/is;
const REPOSITORY = /^(?:git|hg|svn|bzr)(?:\+|:\/\/)/i;
const PATH = /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[a-z]:[\\/])|^[^@\s]+[\\/]/i;

/** The place that a requirement or `-e` names itself; null if it names a wheel or a package. */
export function placeIn(text: string, folder: string, isEditable = false): Place | null {
  const { at } = PLACED.exec(text)?.groups ?? {};
  if (at === undefined || /\.whl(?:[?#]|$)/i.test(at)) return null;
  if (REPOSITORY.test(at)) return { problem: 'repository', what: withoutCredentials(at) };
  if (/^https?:/i.test(at)) return { problem: 'url', what: withoutCredentials(at) };
  const isUrl = /^file:/i.test(at);
  if (!isUrl && !isEditable && (text.includes('@') || !PATH.test(at))) return null;
  if (isUrl) return placeAt(fileURLToPath(new URL(at, pathToFileURL(`${folder}/`))), at);
  const place = placeAt(resolve(at), at);
  // Paths are relative to the current folder, as in pip; else to that of the file.
  return 'problem' in place && place.problem === 'absent' ? placeAt(resolve(folder, at), at) : place;
}

interface LoweringOptions {
  environments: readonly MarkerEnvironment[];
  /** The folder of the cache. */
  cache: string;
  /** The project whose sources count for all that declare none. */
  uv: UvSources;
  settings: { indexUrls: readonly string[]; findLinks: readonly string[] };
}

export class Lowering {
  /** The folders whose code goes into the Worker, by the URLs of their wheels. */
  readonly folders = new Map<string, string>();
  /** The URLs of the indexes of names that have one of their own. */
  readonly indexes = new Map<string, string>();
  readonly #options: LoweringOptions;
  readonly #packages = new Map<string, Promise<FolderPackage | Refusal>>();
  readonly #seen = new Set<string>();
  /** The URLs of wheels by the names of their packages. */
  readonly #wheels = new Map<string, string>();

  constructor(options: LoweringOptions) {
    this.#options = options;
  }

  /** The requirements, and those of their folders that have sources, too. */
  async lower(requirements: readonly SourcedRequirement[]): Promise<SourcedRequirement[]> {
    const all: SourcedRequirement[] = [];
    for (const requirement of requirements) all.push(...(await this.#lowerOne(requirement)));
    return all;
  }

  /** The wheel of a name that has a source, for whatever else requires it; null if no source applies. */
  async wheelOf(name: string): Promise<string | null> {
    const lowered = this.#wheels.has(name) ? [] : await this.lower([{ text: name, where: '' }]);
    const refusals = lowered.flatMap(({ refusal }) => refusal ?? []);
    if (refusals.length > 0) throw unanswered(refusals);
    return this.#wheels.get(name) ?? null;
  }

  async #lowerOne(requirement: SourcedRequirement): Promise<SourcedRequirement[]> {
    const { text, where, folder: base = process.cwd() } = requirement;
    const place = requirement.place ?? placeIn(text, base);
    const parts = partsOf(text, place !== null);
    if (!parts || (parts.marker !== null && this.#holds(parts.marker) === false)) return [requirement];
    const source = place ?? (await this.#sourceOf(parts.name!, requirement));
    if (source === null) return [requirement];
    const refuse = (refused: Refusal, at = refused.what) => {
      const name = parts.name ?? nameAt(at);
      const refusal = refusedSource({ ...refused, name, ...(place && { placed: true }) });
      return [{ ...requirement, refusal: { ...refusal, ...(where !== '' && { where }) } }];
    };
    if ('problem' in source) return refuse(source);
    if ('index' in source) {
      if (this.#options.settings.indexUrls.length === 0) {
        const first = (await this.#options.uv.indexes()).map(({ url }) => withoutCredentials(url));
        return refuse({ problem: 'index', what: withoutCredentials(source.index), first });
      }
      this.indexes.set(parts.name!, source.index);
      return [requirement];
    }
    if (source.path.endsWith('.whl'))
      return [this.#lowered(requirement, parts, pathToFileURL(source.path).href)];
    const reading = this.#packages.get(source.path) ?? readFolderPackage(source.path);
    this.#packages.set(source.path, reading);
    const folder = await reading;
    if ('problem' in folder) {
      const isBuilt = place === null && (await this.#hasWheel(parts.name!));
      return isBuilt ? [requirement] : refuse(folder, source.path);
    }
    const { name } = folder.code;
    if (parts.name !== null && parts.name !== name)
      return refuse({ problem: 'other_name', what: source.path });
    const { writeFolderWheel } = await import('../../packages/folder-wheel.ts');
    const url = await writeFolderWheel(folder.code, this.#options.cache);
    this.folders.set(url, source.path);
    return [this.#lowered(requirement, { ...parts, name }, url), ...(await this.#beneath(folder, parts))];
  }

  #lowered(
    requirement: SourcedRequirement,
    { name, extras, marker }: Parts,
    url: string,
  ): SourcedRequirement {
    this.#wheels.set(name!, url);
    const text = `${name}${extras} @ ${url}${marker === null ? '' : ` ; ${marker}`}`;
    return { ...requirement, text, written: requirement.written ?? requirement.text };
  }

  /** The requirements of a folder that have sources; the others are in its METADATA. */
  async #beneath(folder: FolderPackage, { extras }: Parts): Promise<SourcedRequirement[]> {
    const chosen = (extras.match(/[\w.-]+/g) ?? []).map(canonicalName);
    const key = JSON.stringify([folder.code.folder, chosen]);
    if (this.#seen.has(key)) return [];
    this.#seen.add(key);
    const own = [...folder.requirements, ...chosen.flatMap((extra) => folder.extras.get(extra) ?? [])];
    const from = { uv: folder.uv, folder: folder.code.folder };
    const below = own.map((requirement) => ({ ...requirement, ...from }));
    return (await this.lower(below)).filter(({ written, refusal }) => written ?? refusal);
  }

  /** Whether a folder of `--find-links` has a wheel of the name: that goes before any index. */
  async #hasWheel(name: string): Promise<boolean> {
    const folders = this.#options.settings.findLinks.map((folder) => readdir(folder).catch(() => []));
    const files = (await Promise.all(folders)).flat();
    return files.some((file) => canonicalName(parseWheelName(file)?.project ?? '') === name);
  }

  /** The source that applies in a Worker; null if there is none, so that it comes from the set or an index. */
  async #sourceOf(name: string, { where, uv }: SourcedRequirement): Promise<Source | null> {
    const own = (await uv?.of(name)) ?? [];
    const sources = own.length > 0 ? own : await this.#options.uv.of(name);
    const [, kind, list] =
      /, (project\.optional-dependencies|dependency-groups)\.(.+), entry \d+$/.exec(where) ?? [];
    const isOf = (wanted: string | undefined, table: string) =>
      wanted === undefined || (kind === table && canonicalName(list!) === canonicalName(wanted));
    for (const source of sources) {
      if (!isOf(source.extra, 'project.optional-dependencies') || !isOf(source.group, 'dependency-groups'))
        continue;
      const holds = this.#holds(source.marker ?? null);
      if (holds === null) return { problem: 'varying', what: source.marker! };
      if (holds) return source;
    }
    return null;
  }

  /** Whether a marker is true in all environments, or in none; null if in some. */
  #holds(marker: string | null): boolean | null {
    if (marker === null) return true;
    const parsed = parseMarker(marker);
    // Another part explains an invalid marker of a requirement.
    if (!parsed.ok) return true;
    const { environments } = this.#options;
    const values = new Set(
      environments.map((environment) => evaluateMarker(parsed.value, environment) !== false),
    );
    return values.size > 1 ? null : [...values][0]!;
  }
}

/** The name of a project in a place that has none but its own. */
function nameAt(place: string): string {
  const [, last = place] = /([^/\\@]+?)(?:\.git|\.tar\.gz|\.zip)?[/\\]?(?:[@#].*)?$/.exec(place) ?? [];
  return canonicalName(last);
}

function partsOf(text: string, isPlaced: boolean): Parts | null {
  const groups = (isPlaced ? PLACED : NAMED).exec(text)?.groups;
  // Another URL is that of a wheel, and `a.b @` names its own place.
  if (!groups || (!isPlaced && groups.rest!.includes('@'))) return null;
  const { name, extras, named, marker } = groups;
  const canonical = name === undefined ? null : canonicalName(name);
  return { name: canonical, extras: named ?? extras ?? '', marker: marker?.trim() ?? null };
}
