/**
 * `pinwheel prove`: checks an answer against the log, offline. Its data is recomputed from the catalog and the sets of its
 * revision; prose is not in the log, and remarks may get better, but yanks are facts.
 */

import { CatalogStore } from '../../resolver/client/catalog-store.ts';
import { parseJson } from '../../resolver/client/documents.ts';
import { readLogKey } from '../../resolver/client/signed.ts';
import { readAddress } from '../../resolver/client/transport.ts';
import { createClient } from '../../resolver/client.ts';
import { canonicalJson, sha256 } from '../../resolver/digest.ts';
import { createResolver } from '../../resolver/documents.ts';
import { isTable } from '../../resolver/formats/table.ts';
import type { Catalog, Diagnostic, PackageSet, Pinwheel, Publication } from '../../resolver/index.ts';
import { answerDisproved } from '../../resolver/issues/log.ts';
import { entryOf, newestProblem } from '../../resolver/log/entries.ts';
import { equalHashes, leafHash, rootOfInclusion } from '../../resolver/log/merkle.ts';
import { openCheckpoint, readProof } from '../../resolver/log/note.ts';
import { newestOf } from '../../resolver/publication.ts';
import { ResolveAnswer, TargetAnswer } from '../../resolver/schemas.ts';
import { misused, outOfReach, unanswered } from '../common/failure.ts';
import { registryCache } from '../common/folders.ts';
import { readPackageJson } from '../common/package-root.ts';
import { nameOf, readText } from '../common/read-text.ts';
import { count } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { fieldLines } from '../print/table.ts';
import { commandWith } from '../project/options.ts';

interface ProveOptions {
  registry?: string;
  proof?: string;
  key?: string;
  format: string;
}

export async function proveCommand(file: string, options: ProveOptions): Promise<void> {
  const answer = readAnswer(await readText(file), nameOf(file));
  const { revision, digest } = answer.registry;
  const { entry, newest, key, pinwheel } = await openEvidence(options, answer);
  if (!entry) {
    const command = options.registry ? commandOf(answer, options.registry) : null;
    throw outOfReach({ problem: 'newer_revision', revision, newest, command });
  }
  if (entry.root !== digest) {
    throw disproved({ problem: 'other_digest', revision, digest, logged: entry.root });
  }
  const signed = await checkProof(entry, key, options);
  const member = await differenceOf(answer, pinwheel, false);
  // An answer does not say whether --experimental was given.
  const isOther = member !== null && (await differenceOf(answer, pinwheel, true)) !== null;
  if (isOther) throw disproved({ problem: 'other_answer', revision, member });
  report(answer, signed, options);
}

function readAnswer(text: string, file: string): Answer {
  const json = parseJson(text);
  if (json === undefined) throw misused({ problem: 'answer_not_json', file });
  const resolved = ResolveAnswer.safeParse(json);
  const answer = resolved.success ? resolved : TargetAnswer.safeParse(json);
  if (!answer.success) {
    throw misused({ problem: 'not_an_answer', file });
  }
  if ('index' in answer.data && answer.data.index) {
    throw misused({ problem: 'answer_of_an_index', file });
  }
  // JSON readers disagree about a repeated member: some take the first, others the last. Each has a colon outside strings.
  const colons = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  if (colons !== membersOf(json)) throw disproved({ problem: 'repeated_member' });
  return answer.data;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inner) => sum + membersOf(inner), own);
}

/**
 * The bundled data, or what is cached of a registry; both are verified by their digests. `key`: that which has signed the
 * log; null if nothing is signed.
 */
async function openEvidence({ registry, key: given }: ProveOptions, answer: Answer) {
  const { revision } = answer.registry;
  if (registry !== undefined) {
    const base = readAddress(registry);
    const offline = async (): Promise<never> => {
      throw outOfReach({ problem: 'nothing_cached', registry, command: commandOf(answer, registry) });
    };
    const logKey = given === undefined ? {} : { logKey: given };
    const pinwheel = createClient({ registry, cache: registryCache, fetch: offline, ...logKey });
    const store = new CatalogStore({ base, get: offline, cache: registryCache }, given ?? null);
    const { publication } = await store.newest(1);
    const key = await store.logKey();
    const newest = publication.revision;
    if (revision >= newest) {
      return { entry: revision === newest ? publication : undefined, newest, key, pinwheel };
    }
    return { entry: (await store.catalog()).log[revision - 1], newest, key, pinwheel };
  }
  const catalog = readPackageJson('data/catalog.json') as Catalog;
  const { publication, before, index } = await newestOf(catalog);
  if ((await newestProblem({ publication, before, index, checkpoint: null })) !== null) {
    throw otherData('data/catalog.json');
  }
  const pinwheel = createResolver({
    catalog,
    async openSet({ flag, digest }) {
      const set = readPackageJson(`data/sets/${flag}.json`) as PackageSet;
      if ((await sha256(canonicalJson(set))) !== digest) throw otherData(`data/sets/${flag}.json`);
      return set;
    },
  });
  const { log } = catalog;
  return { entry: log[revision - 1], newest: log.length, key: null, pinwheel };
}

/** The command that asks the question of an answer, and so caches what it needs. */
function commandOf(answer: Answer, registry: string): string {
  const { compatibility_date: date, compatibility_flags: flag, as_of: asOf } = targetOf(answer);
  const words = 'packages' in answer ? ['resolve', ...requestedIn(answer)] : ['target'];
  const revision = `${answer.registry.revision}`;
  return commandWith({ registry, date, flag, asOf }, ...words, '--revision', revision);
}

const requestedIn = ({ packages }: ResolveAnswer) =>
  packages.filter(({ requested }) => requested).map(({ name }) => name);

const otherData = (file: string) => outOfReach({ problem: 'changed_package_file', path: file });

/** The name of the key that has signed the log; null if nothing is signed. */
async function checkProof(
  entry: Publication,
  known: string | null,
  { registry, proof: file, key }: ProveOptions,
): Promise<string | null> {
  if (file === undefined) {
    if (key !== undefined && registry === undefined) {
      throw misused({ problem: 'key_without_log' });
    }
    return known === null ? null : (await readLogKey(known)).name;
  }
  if (key === undefined) throw misused({ problem: 'proof_without_key' });
  const verifier = await readLogKey(key);
  const proof = readProof(await readText(file));
  if (!proof) throw disproved({ problem: 'no_proof', file });
  const checkpoint = await openCheckpoint(proof.checkpoint, verifier);
  if (!checkpoint) throw disproved({ problem: 'unsigned_checkpoint', file, key: verifier.name });
  const leaf = await leafHash(entryOf(entry));
  const root =
    proof.index === entry.revision - 1
      ? await rootOfInclusion(proof.index, checkpoint.size, leaf, proof.hashes)
      : null;
  if (!root || !equalHashes(root, checkpoint.root)) {
    throw disproved({ problem: 'proof_of_another', file, revision: entry.revision });
  }
  return verifier.name;
}

function disproved(given: Parameters<typeof answerDisproved>[0]) {
  return unanswered([answerDisproved(given)]);
}

type Answer = TargetAnswer | ResolveAnswer;

function targetOf(answer: Answer): TargetAnswer | ResolveAnswer['target'] {
  return 'target' in answer ? answer.target : answer;
}

/** The first path of an answer that differs from its revision, such as `packages.numpy.version`; null if none does. */
async function differenceOf(
  answer: Answer,
  pinwheel: Pinwheel,
  experimental: boolean,
): Promise<string | null> {
  const { compatibility_date, compatibility_flags, as_of, runtime, reasons } = targetOf(answer);
  const { revision } = answer.registry;
  const named =
    reasons.runtime.code === 'pyodide_named'
      ? { pyodide: runtime.pyodide }
      : { compatibility_date, compatibility_flags };
  const question = { ...named, as_of, revision, experimental };
  if (!('packages' in answer)) {
    const made = await pinwheel.safeTarget(question);
    return made.ok ? difference(dataOf(answer), dataOf(made.value), '') : 'question an answer';
  }
  const made = await pinwheel.safeResolve({ ...question, requirements: requestedIn(answer) });
  if (!made.ok) return 'question an answer';
  return difference(closureOf(answer), closureOf(made.value), '') ?? orderOf(answer);
}

/** Reasons and yanks only by their codes; without other remarks. */
function dataOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dataOf);
  if (!isTable(value)) return value;
  if (typeof value.code === 'string' && 'message' in value) return { code: value.code };
  const { diagnostics } = value;
  const kept = Array.isArray(diagnostics) ? { ...value, diagnostics: diagnostics.filter(isYank) } : value;
  return Object.fromEntries(Object.entries(kept).map(([name, part]) => [name, dataOf(part)]));
}

const isYank = ({ code }: Diagnostic): boolean => code === 'yanked_package_set' || code === 'yanked_wheel';

/** A closure sorted by name: an answer does not say which requirement was written first. */
function closureOf(answer: ResolveAnswer): unknown {
  const { packages, ...rest } = answer;
  const byName = packages.map((entry) => [
    entry.name,
    { ...entry, required_by: entry.required_by.toSorted(), depends: entry.depends.toSorted() },
  ]);
  return dataOf({ ...rest, packages: Object.fromEntries(byName), order: packages.length });
}

/** A package that comes before its own dependency, except in a cycle; null if none does. */
function orderOf({ packages }: ResolveAnswer): string | null {
  const place = new Map(packages.map(({ name }, at) => [name, at]));
  const needs = new Map(packages.map(({ name, depends }) => [name, depends]));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (needs.get(from) ?? []).some((next) => reaches(next, to, seen));
  };
  for (const { name, depends } of packages) {
    for (const need of depends) {
      const isLate = (place.get(need) ?? -1) > place.get(name)!;
      if (isLate && !reaches(need, name))
        return `packages, where ${name} comes before ${need}, which it needs`;
    }
  }
  return null;
}

function difference(given: unknown, made: unknown, path: string): string | null {
  if (canonicalJson(given ?? null) === canonicalJson(made ?? null)) return null;
  if (isTable(given) && isTable(made)) {
    for (const name of new Set([...Object.keys(made), ...Object.keys(given)])) {
      const inner = difference(given[name], made[name], path === '' ? name : `${path}.${name}`);
      if (inner !== null) return inner;
    }
  }
  return path;
}

function report(answer: Answer, signed: string | null, { format }: ProveOptions): void {
  const { revision, digest } = answer.registry;
  const target = targetOf(answer);
  const packages = 'packages' in answer ? `, ${count(answer.packages.length, 'package')}` : '';
  const document = { proven: true, registry: { revision, digest }, signed_by: signed };
  const unsigned = {
    value: 'nobody',
    reason: 'pinwheel log proof REVISION --registry URL makes a proof for --proof and --key.',
  };
  const fields = [
    { label: 'revision', value: `${revision}, ${digest}` },
    { label: 'target', value: `${target.package_set.flag}${packages}` },
    { label: 'signed by', ...(signed === null ? unsigned : { value: signed }) },
  ];
  const said = 'The answer is proven, apart from its prose and from remarks other than yanks.';
  printAnswer(format, document, (screen) => [said, ...fieldLines(fields, screen)]);
}
