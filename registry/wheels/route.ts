/** Pinned files by their SHA-256: immutable bytes, and the METADATA of wheels. */
import { printable } from '../../resolver/text/printable.ts';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { openSet, setsWithFile } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { sendFile, sendMetadata } from './send.ts';

const LONGEST_FILENAME = 300;
const METADATA = '.metadata';
/** The sets whose documents are read for the URLs of a file. */
const MOST_SETS = 3;

/** Sends a file, or the METADATA of a wheel, whose name it is with a suffix. */
export async function sendWheel(
  c: Call,
  { sha256 = '', filename: asked = '' }: Record<string, string>,
): Promise<Response> {
  const wantsMetadata = asked.endsWith(METADATA);
  const filename = wantsMetadata ? asked.slice(0, -METADATA.length) : asked;
  const readable = /^[0-9a-f]{64}$/.test(sha256) && filename.length <= LONGEST_FILENAME;
  const urls = readable ? await urlsOf(c, sha256, filename) : undefined;
  if (!urls) {
    return problem('unknown_wheel', `No package set pins ${printable(filename)} with these bytes.`);
  }
  const demand = { sha256, filename, urls };
  return wantsMetadata ? sendMetadata(c, demand) : sendFile(c, demand);
}

/** The URLs of a file in the oldest sets that pin it, which are mostly the same; undefined if none pins it. */
async function urlsOf(c: Call, sha256: string, filename: string): Promise<string[] | undefined> {
  const { head } = await openSnapshot(c);
  const sets = await setsWithFile(c.env, head, { sha256, filename });
  if (sets.length === 0) return undefined;
  const urls = new Set<string | null>();
  for (const set of sets.slice(0, MOST_SETS)) {
    const { members } = await openSet(c.env, set);
    for (const member of members) {
      if (member.sha256 === sha256 && member.filename === filename) urls.add(member.url);
    }
  }
  return [...urls].filter((url) => url !== null);
}
