/** Where a mirror puts files and what it saw of them: the D1 and R2 of this machine, or a deployed registry. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { credentialOf, send } from '../../cli/ask/publish.ts';
import { getDocument, getFrom } from '../../cli/ask/registry-log.ts';
import { publish } from '../../registry/publish/publish.ts';
import { readDocument } from '../../registry/storage/documents.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { integrate } from '../../registry/storage/signed-head.ts';
import { storeFile } from '../../registry/storage/wheels.ts';
import {
  type Catalog,
  FilesDocument,
  type Member,
  NewestIndex,
  PackageSet,
  type SeenFile,
} from '../../resolver/catalog.ts';
import { connectionIssue } from '../../resolver/client/connection-issue.ts';
import { parseJson } from '../../resolver/client/documents.ts';
import { expectOk, readAddress } from '../../resolver/client/transport.ts';
import { localLogKey } from '../kept-key.ts';
import { filesIn } from '../seed.ts';
import { openStored } from '../stored.ts';

export interface Store {
  /** The newest catalog of the registry when it was opened. */
  catalog: Pick<Catalog, 'sets' | 'seen'>;
  /** A document of it, as JSON. */
  read(digest: string): Promise<unknown>;
  /** The SHA-256 of the files of a set that are stored. */
  storedOf(set: PackageSet): Promise<ReadonlySet<string>>;
  put(member: Member, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  publish(document: FilesDocument): Promise<void>;
  close(): Promise<void>;
}

/** The package sets of a registry. */
export async function setsOf(store: Store): Promise<PackageSet[]> {
  const sets: PackageSet[] = [];
  for (const { digest } of store.catalog.sets) sets.push(PackageSet.parse(await store.read(digest)));
  return sets;
}

/** The published facts about a set's files. */
export async function seenOf(store: Store, { flag }: PackageSet): Promise<readonly SeenFile[]> {
  const row = store.catalog.seen.find(({ set, withdrawn }) => set === flag && withdrawn === null);
  return row ? FilesDocument.parse(await store.read(row.digest)).files : [];
}

/** The registry of `npm start`, which must not run meanwhile. */
export async function openLocalStore(persist: string): Promise<Store> {
  // To open a registry that is not there would make its files.
  if (!existsSync(join(persist, 'd1'))) {
    throw new Error(`${persist} has no registry: npm start makes one, and has to be stopped then`);
  }
  const { env, dispose } = await openStored({ persist });
  const storage = { DB: env.DB, STORE: env.STORE, LOG_KEY: await localLogKey(persist, env.STORE) };
  let catalog = await readWhole(storage).catch((cause: Error) => {
    throw new Error(`the registry in ${persist} cannot be opened: ${cause.message}`, { cause });
  });
  return {
    catalog,
    read: async (digest) => JSON.parse(await readDocument(env.STORE, digest)),
    storedOf({ packages }) {
      return filesIn(env, [...new Set(packages.map(({ sha256 }) => sha256))]);
    },
    put: (member, bytes) => storeFile(env, member, bytes),
    async publish(document) {
      const how = { publisher: 'npm run mirror' };
      const outcome = await publish(storage, catalog, document, document.day, how);
      if (!outcome.ok) throw new Error(outcome.issues.map(({ message }) => message).join('\n'));
      catalog = outcome.value.catalog;
      await integrate(storage, catalog);
    },
    close: dispose,
  };
}

/** A registry that takes files and documents of the kind `files` by a token, which a dry run does not need. */
export async function openRemoteStore(registry: string, isDry: boolean): Promise<Store> {
  const address = readAddress(registry);
  const credential = isDry ? '' : await credentialOf(address);
  const get = getFrom();
  const read = async (path: string) => parseJson(expectOk(await get(`${address}${path}`)));
  return {
    catalog: NewestIndex.parse(await read('v1/index')).index,
    read: (digest) => getDocument(address, get, digest),
    async storedOf({ flag }) {
      const { stored } = (await read(`v1/sets/${flag}/stored`)) as { stored: string[] };
      return new Set(stored);
    },
    async put({ sha256, filename }, bytes) {
      const url = `${address}wheels/${sha256}/${encodeURIComponent(filename)}`;
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/octet-stream' },
        body: bytes,
      }).catch((error: unknown) => {
        throw new Error(
          `${address} could not be reached: ${connectionIssue(error)}. The same command goes on from here.`,
        );
      });
      if (response.ok) return;
      const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
      throw new Error(`${url} answered ${response.status}${detail ? `: ${detail}` : ''}`);
    },
    async publish(document) {
      await send(address, credential, document);
    },
    close: async () => {},
  };
}
