/** `pinwheel prove`: checks an answer against the log, offline. */

import { fromBase64 } from '../../resolver/bytes.ts';
import { readAddress } from '../../resolver/client/address.ts';
import { CatalogStore } from '../../resolver/client/catalog-store.ts';
import { readLogKey } from '../../resolver/client/signed.ts';
import { createClient } from '../../resolver/client.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { createResolver } from '../../resolver/documents.ts';
import type { Catalog, PackageSet, Pinwheel, Publication } from '../../resolver/index.ts';
import { answerDisproved } from '../../resolver/issues/documents.ts';
import { openCheckpoint, readProof } from '../../resolver/log/checkpoint.ts';
import { entryOf, logTree } from '../../resolver/log/entries.ts';
import { equalHashes, type Hash, leafHash, rootAt, rootOfInclusion } from '../../resolver/log/merkle.ts';
import { catalogDocument } from '../../resolver/publication.ts';
import { ResolveAnswer, TargetAnswer } from '../../resolver/schemas.ts';
import { shellWord } from '../../resolver/text/shell-word.ts';
import { type Answer, differenceOf, targetOf } from '../ask/log/recompute.ts';
import { type SavedHead, savedHead } from '../ask/log/registry-log.ts';
import { registryCache } from '../ask/registry-cache.ts';
import { misused, outOfReach, unanswered } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { nameOf, readText } from '../common/read-text.ts';
import { count } from '../common/text.ts';
import { print } from '../print/print.ts';
import { fieldLines, screenOf } from '../print/table.ts';

export interface ProveOptions {
  registry?: string;
  proof?: string;
  key?: string;
  format: string;
}

/** The evidence for an answer. */
interface Evidence {
  /** Of the answer's revision; undefined if that is not known. */
  entry: Publication | undefined;
  newest: number;
  /** Null if the newest entry alone is known. */
  log: readonly Publication[] | null;
  pinwheel: Pinwheel;
}

export async function proveCommand(file: string, options: ProveOptions): Promise<void> {
  const answer = readAnswer(await readText(file), nameOf(file));
  const { revision, digest } = answer.registry;
  const { entry, newest, log, pinwheel } = await openEvidence(options, answer);
  if (!entry) {
    const update = options.registry
      ? `Ask it the question once: ${commandOf(answer, options.registry)}`
      : 'Name its registry with --registry URL.';
    throw outOfReach(`Revision ${revision} is not known here: the newest is ${newest}.`, update);
  }
  if (entry.digest !== digest) {
    throw disproved(`Its digest of revision ${revision} is ${digest}, but the log has ${entry.digest}.`);
  }
  const signed = await checkProof(entry, log, options);
  const difference = await differenceOf(answer, pinwheel);
  if (difference !== null) throw disproved(`Revision ${revision} does not give its ${difference}.`);
  report(answer, signed, options);
}

function readAnswer(text: string, file: string): Answer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw misused(`${file} is not JSON.`, 'Save an answer with pinwheel resolve … --json > answer.json.');
  }
  const resolved = ResolveAnswer.safeParse(json);
  const answer = resolved.success ? resolved : TargetAnswer.safeParse(json);
  if (!answer.success) {
    throw misused(
      `${file} is not an answer of resolve or target.`,
      'Pinwheel proves only these. Save one with pinwheel resolve … --json > answer.json.',
    );
  }
  if ('index' in answer.data && answer.data.index) {
    throw misused(
      `${file} has packages from an index, which the log of a registry does not cover.`,
      'Ask with --no-index.',
    );
  }
  // Of a member that is there twice, some readers take the first, and others the last.
  if (colonsIn(text) !== membersOf(json)) throw disproved('One of its objects has the same member twice.');
  return answer.data;
}

/** The colons of a JSON text outside its strings: one for each member. */
function colonsIn(json: string): number {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, one) => sum + membersOf(one), own);
}

/** The bundled data, or what is cached of a registry; both are verified by their digests. */
async function openEvidence({ registry }: ProveOptions, answer: Answer): Promise<Evidence> {
  const { revision } = answer.registry;
  if (registry !== undefined) {
    const base = readAddress(registry);
    const offline = async (): Promise<never> => {
      throw outOfReach(
        `The cache does not have the data of ${registry}.`,
        `Ask it the question once: ${commandOf(answer, registry)}`,
      );
    };
    const pinwheel = createClient({ registry, cache: registryCache, fetch: offline });
    const store = new CatalogStore(base, offline, registryCache, null);
    const { publication, catalog: whole } = await store.newest(1);
    const newest = publication.revision;
    if (!whole && revision >= newest) {
      return { entry: revision === newest ? publication : undefined, newest, log: null, pinwheel };
    }
    const { log } = await store.catalog();
    return { entry: log[revision - 1], newest, log, pinwheel };
  }
  const catalog = readPackageJson('data/catalog.json') as Catalog;
  await requireDigest('data/catalog.json', catalogDocument(catalog), catalog.log.at(-1)!.catalog);
  const pinwheel = createResolver({
    catalog,
    async openSet({ flag, digest }) {
      const set = readPackageJson(`data/sets/${flag}.json`) as PackageSet;
      await requireDigest(`data/sets/${flag}.json`, canonicalJson(set), digest);
      return set;
    },
  });
  const { log } = catalog;
  return { entry: log[revision - 1], newest: log.length, log, pinwheel };
}

/** The command that asks the question of an answer again. */
function commandOf(answer: Answer, registry: string): string {
  const { compatibility_date, compatibility_flags, as_of } = targetOf(answer);
  const names = 'packages' in answer ? answer.packages.filter(({ requested }) => requested) : null;
  const words = [
    ...['pinwheel', ...(names ? ['resolve', ...names.map(({ name }) => name)] : ['target'])],
    ...['--registry', registry, '--revision', `${answer.registry.revision}`, '--as-of', as_of],
    ...['--date', compatibility_date, ...compatibility_flags.flatMap((flag) => ['--flag', flag])],
  ];
  return words.map(shellWord).join(' ');
}

async function requireDigest(file: string, canonical: string, digest: string): Promise<void> {
  if ((await sha256(canonical)) === digest) return;
  throw outOfReach(`${file}, which comes with pinwheel, does not match the log.`, 'Install pinwheel again.');
}

/** The name of the key that has signed the log; null if nothing is signed. */
async function checkProof(
  entry: Publication,
  log: readonly Publication[] | null,
  { registry, proof: file, key }: ProveOptions,
): Promise<string | null> {
  if (file !== undefined) {
    if (key === undefined) throw misused('--proof needs the key of the log.', 'Give it with --key.');
    const verifier = await readLogKey(key);
    const proof = readProof(await readText(file));
    if (!proof) throw disproved(`${file} is not a proof of a transparency log.`);
    const checkpoint = await openCheckpoint(proof.checkpoint, verifier);
    if (!checkpoint) throw disproved(`The checkpoint in ${file} is not signed by ${verifier.name}.`);
    const leaf = await leafHash(entryOf(entry));
    const root =
      proof.index === entry.revision - 1
        ? await rootOfInclusion(proof.index, checkpoint.size, leaf, proof.hashes)
        : null;
    if (!root || !equalHashes(root, checkpoint.root)) {
      throw disproved(`${file} does not prove that revision ${entry.revision} is in the log.`);
    }
    return verifier.name;
  }
  if (registry === undefined) {
    if (key === undefined) return null;
    throw misused(
      '--key needs a log that this key has signed.',
      'Give its registry with --registry, or a proof with --proof.',
    );
  }
  const kept = await savedHead(readAddress(registry));
  const verifier = key === undefined ? kept && (await readLogKey(kept.key)) : await readLogKey(key);
  const checkpoint = kept && verifier && (await openCheckpoint(kept.note, verifier));
  if (kept && !checkpoint) throw disproved(`The cached head of the log is not signed by ${verifier!.name}.`);
  const root = checkpoint && (await rootOfKept(entry, log, checkpoint.size, kept));
  if (root && !equalHashes(root, checkpoint.root)) {
    throw disproved('The cached log is not the one that its key signed.');
  }
  if (root && entry.revision <= checkpoint.size) return verifier!.name;
  if (key === undefined) return null;
  throw outOfReach(
    `The cache has no head of the log of ${registry} that is signed and has revision ${entry.revision}.`,
    `Verify the log once: ${['pinwheel', 'log', 'verify', '--registry', registry, '--key', key].map(shellWord).join(' ')}`,
  );
}

/** The root of the log with `size` entries, as far as what is cached tells; null if it does not. */
async function rootOfKept(
  entry: Publication,
  log: readonly Publication[] | null,
  size: number,
  { hashes = [] }: Partial<SavedHead>,
): Promise<Hash | null> {
  if (log) return size > log.length ? null : rootAt(await logTree(log), size);
  if (entry.revision !== size) return null;
  const leaf = await leafHash(entryOf(entry));
  return rootOfInclusion(
    size - 1,
    size,
    leaf,
    hashes.flatMap((hash) => fromBase64(hash) ?? []),
  );
}

function disproved(message: string) {
  return unanswered([
    answerDisproved({
      message: `The answer is not proven. ${message}`,
      fix: 'Do not rely on it: ask again.',
    }),
  ]);
}

function report(answer: Answer, signed: string | null, { format }: ProveOptions): void {
  const { revision, digest } = answer.registry;
  if (format === 'json') {
    print([JSON.stringify({ proven: true, registry: { revision, digest }, signed_by: signed })]);
    return;
  }
  const target = targetOf(answer);
  const packages = 'packages' in answer ? `, ${count(answer.packages.length, 'package')}` : '';
  print([
    'The answer is proven, apart from its prose and from remarks other than yanks.',
    ...fieldLines(
      [
        { label: 'revision', value: `${revision}, ${digest}` },
        { label: 'target', value: `${target.package_set.flag}${packages}` },
        {
          label: 'signed by',
          value: signed ?? 'nobody',
          ...(signed
            ? {}
            : { reason: 'pinwheel log proof REVISION --registry URL makes a proof for --proof and --key.' }),
        },
      ],
      screenOf(process.stdout),
    ),
  ]);
}
