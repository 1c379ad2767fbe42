/** What the Merkle trees contain: publications in the log's tree, and the members of each set in its own. */

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

/** The data of a member that a look-up by name or file returns. */
export interface MemberRow
  extends Pick<Member, 'name' | 'version' | 'kind' | 'filename' | 'url' | 'sha256' | 'size'> {
  patched_by: Patched['by'] | null;
}

/** Proves that a row is in a set: its index, and the hashes from there to the set's root, as Base64. */
export interface RowProof {
  place: number;
  proof: string;
}

export function memberRow(member: Member): MemberRow {
  const { name, version, kind, filename, url, sha256, size, patched } = member;
  return { name, version, kind, filename, url, sha256, size, patched_by: patched?.by ?? null };
}

/** The rows of a set's members, each with its proof, and the root of their tree, in hexadecimal. */
export async function provenRows(
  members: readonly Member[],
): Promise<{ root: string; rows: (MemberRow & RowProof)[] }> {
  const bare = members.map(memberRow);
  const tree = await treeOf(await Promise.all(bare.map(leafOf)));
  const rows = bare.map((row, place) => ({
    ...row,
    place,
    proof: base64(concat(inclusionProof(tree, place))),
  }));
  return { root: hexOf(tree.root), rows };
}

/** Whether a row is in the set of `count` members, at its index. */
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

const leafOf = (row: MemberRow): Promise<Hash> => leafHash(encode(canonicalJson(row)));
