/** The indexes of a question as one: folders of wheels, simple indexes, and the wheels that requirements name. */
import { open, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canonicalName } from '../../resolver/requirements/name.ts';
import type { IndexFetch, IndexFile, PackageIndex } from '../../resolver/solver/index.ts';
import { firstOf, IndexError } from '../../resolver/solver/package-index.ts';
import { openIndex } from '../../resolver/solver/simple-index/open-index.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { modulesAmong } from '../../resolver/wheels/files.ts';
import { readMetadata } from '../../resolver/wheels/read-metadata.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import { type Credentials, PYPI } from '../common/credentials.ts';
import { outOfReach } from '../common/failure.ts';
import { fetchUntil, type Listener } from '../common/listener.ts';
import { hashFile } from '../packages/cache.ts';

export async function openFolder(path: string): Promise<PackageIndex> {
  const folder = resolve(path);
  const names = await readdir(folder).catch((error: unknown) => {
    throw outOfReach({ problem: 'no_wheels_folder', path }, error);
  });
  const wheels = names.filter((filename) => Boolean(parseWheelName(filename)));
  const byName = groupedBy(wheels, (filename) => canonicalName(parseWheelName(filename)!.project));
  return {
    url: `${pathToFileURL(folder).href}/`,
    versionsOf: async (name) => {
      const files = byName.get(name);
      return files ? Promise.all(files.map((file) => fileOnDisk(join(folder, file)))) : null;
    },
    ...ON_DISK,
  };
}

async function fileOnDisk(place: string): Promise<IndexFile> {
  const path = place.startsWith('file:') ? fileURLToPath(place.replace(/#.*$/s, '')) : place;
  const filename = basename(path);
  if (!parseWheelName(filename)) {
    throw new IndexError('malformed', { url: place, found: filename, wanted: 'the name of a wheel' });
  }
  const hashed = await hashFile(path).catch((error: unknown) => {
    throw outOfReach({ problem: 'unread_wheel', path }, error);
  });
  if (!hashed) throw outOfReach({ problem: 'unread_wheel', path });
  const rest = { upload_time: null, requires_python: null, yanked: false, metadata: null };
  const { hash, size } = hashed;
  return { filename, url: pathToFileURL(path).href, sha256: hash.digest('hex'), size, ...rest };
}

const ON_DISK = {
  metadataOf: async (file: IndexFile) => new TextDecoder().decode((await readWheel(file)).bytes),
  modulesOf: async (file: IndexFile) => modulesAmong((await readWheel(file)).paths),
  fileAt: fileOnDisk,
};

async function readWheel({ url }: IndexFile) {
  const handle = await open(fileURLToPath(url));
  try {
    const { size } = await handle.stat();
    const metadata = await readMetadata(size, async (offset, length) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    });
    if (metadata.ok) return metadata;
    throw new IndexError('malformed', {
      url,
      found: `a wheel whose METADATA cannot be read: ${metadata.issue}`,
      wanted: 'a wheel',
    });
  } finally {
    await handle.close();
  }
}

/** Caches its answers for its own lifetime. */
export async function openIndexes(
  credentials: Credentials,
  folders: readonly string[],
  listener: Pick<Listener, 'requests' | 'signal'>,
): Promise<PackageIndex> {
  const fetch = fetchWith(credentials, listener);
  const online = credentials.urls.map((url) => openIndex({ url, fetch }));
  const listed = firstOf([...(await Promise.all(folders.map(openFolder))), ...online]);
  // A file is fetched from its URL, whichever index lists it.
  const web = online[0] ?? openIndex({ url: PYPI, fetch });
  const at = (url: string) => (url.startsWith('file:') ? ON_DISK : web);
  return {
    url: listed.url,
    ...(listed.urls && { urls: listed.urls }),
    versionsOf: listed.versionsOf,
    metadataOf: (file) => at(file.url).metadataOf(file),
    modulesOf: (file) => at(file.url).modulesOf!(file),
    fileAt: (url) => at(url).fileAt!(url),
  };
}

function fetchWith(credentials: Credentials, listener: Pick<Listener, 'requests' | 'signal'>): IndexFetch {
  let [sent, answered] = [0, 0];
  const fetch = fetchUntil(listener.signal);
  return async (url, init) => {
    listener.requests(++sent, answered);
    const authorization = credentials.for(url);
    try {
      return await fetch(
        url,
        authorization ? { ...init, headers: { ...init.headers, authorization } } : init,
      );
    } finally {
      listener.requests(sent, ++answered);
    }
  };
}
