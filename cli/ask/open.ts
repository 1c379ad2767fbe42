/** The indexes of a question as one: folders and simple indexes, and the wheels that requirements name. */
import { firstOf, type IndexFetch, openIndex, type PackageIndex } from '../../resolver/solver/index.ts';
import { type Credentials, PYPI } from '../common/credentials.ts';
import type { Listener } from '../common/listener.ts';
import { fileOnDisk, isOnDisk, metadataOnDisk, modulesOnDisk, openFolder } from './folder.ts';

/** Caches its answers for its own lifetime. */
export async function openIndexes(
  credentials: Credentials,
  folders: readonly string[],
  listener: Pick<Listener, 'requests'>,
): Promise<PackageIndex> {
  const fetch = fetchWith(credentials, listener);
  const online = credentials.urls.map((url) => openIndex({ url, fetch }));
  const listed = firstOf([...(await Promise.all(folders.map(openFolder))), ...online]);
  // A file is fetched from its URL, whichever index lists it.
  const web = online[0] ?? openIndex({ url: PYPI, fetch });
  return {
    url: listed.url,
    versionsOf: listed.versionsOf,
    metadataOf: (file) => (isOnDisk(file) ? metadataOnDisk(file) : web.metadataOf(file)),
    modulesOf: (file) => (isOnDisk(file) ? modulesOnDisk(file) : web.modulesOf!(file)),
    fileAt: (url) => (isOnDisk({ url }) ? fileOnDisk(url) : web.fileAt!(url)),
  };
}

/** Sends each index its own credentials, and tells the listener of each request. */
function fetchWith(credentials: Credentials, listener: Pick<Listener, 'requests'>): IndexFetch {
  let [sent, answered] = [0, 0];
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
