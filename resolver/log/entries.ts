/** What of the registry is in trees: its publications in that of the log, and a set's members in one of their own. */

import { base64, concat, encode, fromBase64, hexOf } from '../bytes.ts';
import type { Member, Patched, Publication } from '../catalog.ts';
import { canonicalJson } from '../digest.ts';
import { type Hash, inclusionProof, leafHash, rootOfInclusion, type Tree, treeOf } from './merkle.ts';
import { readHashTile } from './tiles.ts';

/** A publication as the log has it. */
export const entryOf = (publication: Publication): Uint8Array => encode(canonicalJson(publication));

export async function logTree(log: readonly Publication[]): Promise<Tree> {
  return treeOf(await Promise.all(log.map((publication) => leafHash(entryOf(publication)))));
}

/** What a look-up by name or file tells of a member, without its set. */
export interface MemberRow
  extends Pick<Member, 'name' | 'version' | 'kind' | 'filename' | 'url' | 'sha256' | 'size'> {
  patched_by: Patched['by'] | null;
}

/** That a row is in a set: where, and the hashes that lead from there to the set's root, as Base 64. */
export interface RowProof {
  place: number;
  proof: string;
}

export function memberRow(member: Member): MemberRow {
  const { name, version, kind, filename, url, sha256, size, patched } = member;
  return { name, version, kind, filename, url, sha256, size, patched_by: patched?.by ?? null };
}

/** The root of the tree of a set's members, in hexadecimal. */
export async function membersRoot(members: readonly Member[]): Promise<string> {
  return hexOf((await memberTree(members)).root);
}

/** Rows of a set's members, each with the proof by which it can be checked alone. */
export async function provenRows(members: readonly Member[]): Promise<(MemberRow & RowProof)[]> {
  const tree = await memberTree(members);
  return members.map((member, place) => ({
    ...memberRow(member),
    place,
    proof: base64(concat(inclusionProof(tree, place))),
  }));
}

/** Whether a row is the one that a set of `count` members has at its place. */
export async function isProven(
  row: MemberRow & RowProof,
  { members, count }: { members: string | null; count: number },
): Promise<boolean> {
  const { name, version, kind, filename, url, sha256, size, patched_by } = row;
  const leaf = await leafOf({ name, version, kind, filename, url, sha256, size, patched_by });
  const bytes = fromBase64(row.proof);
  const hashes = bytes && readHashTile(bytes);
  const root = hashes && (await rootOfInclusion(row.place, count, leaf, hashes));
  return root !== null && hexOf(root) === members;
}

async function memberTree(members: readonly Member[]): Promise<Tree> {
  return treeOf(await Promise.all(members.map((member) => leafOf(memberRow(member)))));
}

const leafOf = (row: MemberRow): Promise<Hash> => leafHash(encode(canonicalJson(row)));
