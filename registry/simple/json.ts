/** Pages of the simple index as JSON (PEP 691, 700, 714). Keys of Pinwheel begin with `_`, as PEP 700 provides. */
import type { CatalogSet } from '../../resolver/schemas.ts';
import { printable } from '../../resolver/text/printable.ts';
import {
  apiVersionOf,
  INDEX_API_VERSION,
  type IndexedWheel,
  indexPath,
  type ProjectPage,
  type UnlistedFile,
} from './project.ts';

/** Lists no projects: an installer takes the URL of one index. */
export function rootJson(sets: readonly CatalogSet[], origin: string): string {
  return JSON.stringify({
    meta: { 'api-version': INDEX_API_VERSION },
    projects: [],
    _indexes: sets.map(({ flag, python, runtime }) => ({
      name: flag,
      url: new URL(indexPath(flag), origin).href,
      python,
      runtime,
    })),
  });
}

export function indexJson(projects: readonly string[]): string {
  return JSON.stringify({
    meta: { 'api-version': INDEX_API_VERSION },
    projects: projects.map((name) => ({ name })),
  });
}

/** `origin` is that of the registry: micropip does not resolve relative URLs in JSON. */
export function projectJson(page: ProjectPage, origin: string): string {
  return JSON.stringify({
    meta: { 'api-version': apiVersionOf(page) },
    name: page.name,
    versions: [page.version],
    files: page.wheels.map((wheel) => fileOf(wheel, origin)),
    ...(page.unlisted.length > 0 ? { _not_listed: page.unlisted.map((file) => unlisted(file, origin)) } : {}),
  });
}

function fileOf(wheel: IndexedWheel, origin: string): object {
  const metadata = wheel.metadata === 'on demand' ? true : (wheel.metadata ?? false);
  return {
    filename: wheel.filename,
    url: new URL(wheel.path, origin).href,
    hashes: { sha256: wheel.sha256 },
    ...(wheel.requiresPython === null ? {} : { 'requires-python': wheel.requiresPython }),
    ...(wheel.size === null ? {} : { size: wheel.size }),
    ...(wheel.uploaded === null ? {} : { 'upload-time': `${wheel.uploaded}T00:00:00Z` }),
    yanked: wheel.yanked ?? false,
    'core-metadata': metadata,
    'dist-info-metadata': metadata,
    _taken_in: wheel.takenIn,
    ...(wheel.pinnedBy === null ? {} : { _pinned_by: wheel.pinnedBy }),
    ...(wheel.patched === null ? {} : { _patched: wheel.patched }),
  };
}

function unlisted({ filename, path, upstreamUrl, sha256, reason }: UnlistedFile, origin: string): object {
  return {
    filename: printable(filename),
    url: new URL(path, origin).href,
    upstream_url: upstreamUrl === null ? null : printable(upstreamUrl),
    hashes: { sha256 },
    reason,
  };
}
