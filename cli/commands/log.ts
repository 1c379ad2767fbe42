/** `pinwheel log`: verifies a registry's log, and proves its entries. */

import { base64 } from '../../resolver/bytes.ts';
import { parseJson } from '../../resolver/client/documents.ts';
import { checkAge } from '../../resolver/client/signed.ts';
import { expectOk, readAddress } from '../../resolver/client/transport.ts';
import { catalogAt } from '../../resolver/log/entries.ts';
import { consistencyProof, inclusionProof } from '../../resolver/log/merkle.ts';
import { formatProof } from '../../resolver/log/note.ts';
import { documentPath } from '../../resolver/publication.ts';
import { Catalog } from '../../resolver/schemas.ts';
import type { BackendOptions } from '../ask/backend.ts';
import {
  broken,
  getDocument,
  getFrom,
  isSameCatalog,
  keepLog,
  type RegistryLog,
  readDays,
  readLog,
  replay,
} from '../ask/registry-log.ts';
import { misused, outOfReach } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { print, printAnswer, printText } from '../print/print.ts';
import { type Field, fieldLines } from '../print/table.ts';

interface LogOptions extends BackendOptions {
  key?: string;
  format: string;
}

export async function logCommand(
  action: 'verify' | 'proof' | 'consistency',
  revision: string | undefined,
  options: LogOptions,
): Promise<void> {
  if (action === 'verify') {
    if (revision !== undefined) throw misused({ problem: 'all_revisions', revision });
    if (options.registry !== undefined) return verify(options);
    if (options.maxAge === undefined) return verifyBundled(options);
    throw misused({ problem: 'unsigned_log' });
  }
  const at = Number(revision);
  if (revision === undefined || !/^[1-9]\d*$/.test(revision)) {
    throw misused({ problem: 'no_revision', action });
  }
  const { base, log } = await openLog(options);
  if (at > log.checkpoint.size) {
    throw misused({ problem: 'revision_after_last', revision: at, last: log.checkpoint.size });
  }
  await keepLog(base, log);
  if (action === 'proof') {
    const index = at - 1;
    const proof = formatProof({ index, hashes: inclusionProof(log.tree, index), checkpoint: log.note });
    return options.format === 'json' ? print([JSON.stringify({ index, proof })]) : printText(proof);
  }
  const hashes = (await consistencyProof(log.tree, at)).map(base64);
  const document = { first: at, second: log.checkpoint.size, hashes, checkpoint: log.note };
  printAnswer(options.format, document, () => hashes);
}

async function openLog({ registry, key, maxAge, listener }: LogOptions) {
  if (registry === undefined) throw misused({ problem: 'unsigned_log' });
  const base = readAddress(registry);
  const get = getFrom();
  const most = readDays(maxAge);
  const log = await readLog(base, get, key);
  const remark = checkAge(base, log.checkpoint, most);
  if (remark) listener.remarks([remark]);
  return { base, get, log };
}

/** Replays the log of a registry from its documents, and compares the result with its catalog. */
async function verify(options: LogOptions): Promise<void> {
  const { base, get, log } = await openLog(options);
  const catalog = await replay(log.entries, ({ digest }) => getDocument(base, get, digest));
  const url = `${base}v1/catalog`;
  const { data: served } = Catalog.safeParse(parseJson(expectOk(await get(url))));
  const size = log.checkpoint.size;
  // Just after a publication, a cache may have what was served before it.
  if (served && served.log.length < size && isSameCatalog(served, catalogAt(catalog, served.log.length))) {
    throw outOfReach({ problem: 'cache_behind', url, served: served.log.length, size });
  }
  if (!served || !isSameCatalog(catalogAt(served, size), catalog)) {
    throw broken({ problem: 'other_catalog', url });
  }
  await keepLog(base, log);
  report(options, catalog, log);
}

async function verifyBundled(options: LogOptions): Promise<void> {
  const bundled = readPackageJson('data/catalog.json') as Catalog;
  const entries = bundled.log.map(({ root: _, ...entry }) => entry);
  const catalog = await replay(entries, async (entry) => readPackageJson(`data/${documentPath(entry)}`));
  if (!isSameCatalog(bundled, catalog)) {
    throw broken({ problem: 'other_package_data', file: 'data/catalog.json' });
  }
  report(options, catalog, null);
}

function report({ format, registry }: LogOptions, { log }: Catalog, signed: RegistryLog | null): void {
  const head = log.at(-1)!;
  const { revision, root: digest } = head;
  const { origin = null, signed: moment = null } = signed?.checkpoint ?? {};
  const root = signed && base64(signed.checkpoint.root);
  const time = moment === null ? null : new Date(moment).toISOString();
  const key_id = signed?.key.id ?? null;
  const document = { verified: true, registry: { revision, digest }, origin, key_id, root, signed: time };
  const fields: Field[] = [
    { label: 'revisions', value: `${revision}, each replayed from its document` },
    { label: 'digest', value: digest },
    { label: 'root', value: root },
    { label: 'signed by', value: signed && `${signed.key.name}, key ${signed.key.id}` },
    { label: 'signed at', value: time },
  ];
  const said = signed ? `The log of ${registry} is valid.` : 'The bundled log is valid.';
  printAnswer(format, document, (screen) => [said, ...fieldLines(fields, screen)]);
}
