/** Places the large files of a Worker: in its bundle, as static assets, or in an R2 bucket. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from '../../resolver/formats/table.ts';
import { takenAssets, unknownPlace } from '../../resolver/issues/build.ts';
import { FILES_BINDING, type Placed } from '../../runtime/placed.ts';
import { unanswered } from '../common/failure.ts';
import { sha256Of } from './files.ts';

export type Place = { kind: 'bundle' } | { kind: 'assets' } | { kind: 'r2'; bucket: string };

export const PLACES = ['bundle', 'assets', 'r2'];

/** The size limit of static assets. R2 accepts larger files. */
const LARGEST = 20 * 1024 * 1024;

/** Folders next to the modules. Their files have no suffix, so that wrangler does not treat them as modules. */
const FOLDERS = { assets: 'assets/_pinwheel', r2: 'r2' };

/** What `--place` and `--bucket` say, else `[tool.pinwheel]`. */
export function readPlace(
  given: { place?: string; bucket?: string },
  tool: { place?: string; bucket?: string },
): Place {
  const kind = given.place ?? tool.place ?? 'bundle';
  const bucket = given.bucket ?? tool.bucket;
  if (kind === 'bundle' || kind === 'assets') return { kind };
  if (kind === 'r2' && bucket !== undefined) return { kind, bucket };
  throw unanswered([unknownPlace({ place: kind, places: PLACES })]);
}

/** The settings with a binding to the place. Throws if the project already uses that binding or folder. */
export function withPlace(settings: Table, place: Place, file: string): Table {
  if (place.kind === 'bundle') return settings;
  if (place.kind === 'r2') {
    const buckets = Array.isArray(settings.r2_buckets) ? settings.r2_buckets : [];
    return { ...settings, r2_buckets: [...buckets, { binding: FILES_BINDING, bucket_name: place.bucket }] };
  }
  if (settings.assets !== undefined) throw unanswered([takenAssets({ file })]);
  // Without it, anyone who knows their names could download the files.
  const assets = { directory: 'assets', binding: FILES_BINDING, run_worker_first: true };
  return { ...settings, assets };
}

/** Puts a file into its place, in pieces that are named by their digests. */
export async function placeFile(folder: string, kind: 'assets' | 'r2', file: string): Promise<Placed> {
  const bytes = await readFile(file);
  const to = join(folder, FOLDERS[kind]);
  await mkdir(to, { recursive: true });
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += LARGEST) {
    const piece = bytes.subarray(at, at + LARGEST);
    const name = sha256Of(piece);
    pieces.push(name);
    await writeFile(join(to, name), piece);
  }
  return { kind, size: bytes.length, pieces };
}
