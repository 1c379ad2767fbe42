/** A package set made of a `pyodide-lock.json`, whose files are compared with their digests before they are pinned. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256 } from '../../resolver/digest.ts';
import { readPyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import type { Member, PackageSet } from '../../resolver/index.ts';
import { NO_CREDENTIALS } from '../common/credentials.ts';
import { CommandError, misused } from '../common/failure.ts';
import { defaultCacheFolder } from '../common/folders.ts';
import type { Listener } from '../common/listener.ts';
import { filesAtHand } from './at-hand.ts';
import { withFiles } from './download.ts';

export interface LockOptions {
  /** The package flag of the set. */
  as?: string | undefined;
  /** Folders with files of the lock, which are not downloaded then. */
  findLinks: readonly string[];
  /** Where the files are that the lock names by their paths; by default, those of its Pyodide. */
  baseUrl?: string | undefined;
  /** The wheels whose bytes are sent with the set, because they are nowhere else. */
  wheel: readonly string[];
}

/**
 * @param file the name of the lock, for messages
 * @throws {@link CommandError} for a lock that is none, and for a file with other bytes than the lock says
 */
export async function setOfLock(
  file: string,
  text: string,
  { as: flag, findLinks, baseUrl, wheel }: LockOptions,
  listener: Pick<Listener, 'downloads'>,
): Promise<PackageSet> {
  if (flag === undefined) throw misused({ problem: 'lock_without_set', file });
  const released = /_packages_(\d{4}_\d{2}_\d{2})(?:_|$)/.exec(flag)?.[1]?.replaceAll('_', '-');
  if (released === undefined) throw misused({ problem: 'lock_with_other_set', flag });
  const read = readPyodideLock(file, text);
  if (!read.ok) throw new CommandError(1, read.issues);
  const { pyodide, python, abi, platform, packages } = read.value;
  if (pyodide === null || abi === null) throw misused({ problem: 'lock_without_runtime', file });
  const digests = wheel.map(async (path) => [await sha256(await readFile(path)), path] as const);
  const sent = new Map(await Promise.all(digests));
  const base = baseUrl ?? `https://cdn.jsdelivr.net/pyodide/v${pyodide}/full/`;
  const located = packages.map((member) => {
    if (sent.has(member.sha256)) return { ...member, url: null };
    return { ...member, url: member.url ?? new URL(encodeURIComponent(member.filename), base).href };
  });
  return {
    kind: 'set',
    ...{ flag, python, abi, platform, runtime: pyodide, released, default_from: null },
    source: {
      registry: 'lock',
      ...{ package: flag, version: pyodide, file: basename(file), sha256: await sha256(text) },
    },
    packages: await measured(located, findLinks, sent, listener),
  };
}

/**
 * The members with the sizes of their bytes, all of which are read.
 * @param sent paths of files by digest
 */
async function measured(
  members: readonly Member[],
  folders: readonly string[],
  sent: ReadonlyMap<string, string>,
  listener: Pick<Listener, 'downloads'>,
): Promise<Member[]> {
  const { paths } = await filesAtHand(folders, members);
  const absent = members.flatMap(({ url, ...pinned }) =>
    url === null || paths.has(pinned.sha256) ? [] : [{ ...pinned, url }],
  );
  const fetched = await withFiles(absent, defaultCacheFolder(), NO_CREDENTIALS, listener);
  const files = new Map([...paths, ...fetched.map(({ sha256, path }) => [sha256, path] as const), ...sent]);
  return Promise.all(
    members.map(async (member) => ({ ...member, size: (await stat(files.get(member.sha256)!)).size })),
  );
}
