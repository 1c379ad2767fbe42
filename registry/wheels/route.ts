/** Pinned files by their SHA-256: immutable bytes, and the METADATA of wheels. */
import { printable } from '../../resolver/text/printable.ts';
import { LONGEST_FILENAME } from '../../resolver/wheels/wheel-name.ts';
import type { Call } from '../env.ts';
import { brokenOff } from '../http/body.ts';
import { problem } from '../http/problem.ts';
import { lacking, type Publisher } from '../publish/access/authorize.ts';
import { openSet, setsWithFile } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';
import { OtherBytes, putWheel } from '../storage/wheels.ts';
import { register } from './pull.ts';
import { sendFile, sendMetadata } from './send.ts';
import { LIMITS } from './upstream.ts';

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
  const urls = await urlsOf(c, sha256, filename);
  if (!urls) {
    return problem('unknown_wheel', `No package set pins ${printable(filename)} with these bytes.`);
  }
  const demand = { sha256, filename, urls };
  return wantsMetadata ? sendMetadata(c, demand) : sendFile(c, demand);
}

/** Stores the bytes of a pinned file that the request has: for publishers of `files`. */
export async function takeWheel(
  c: Call,
  { sha256 = '', filename = '' }: Record<string, string>,
  publisher: Publisher | undefined,
): Promise<Response> {
  const missing = lacking(publisher!, ['files']);
  if (missing) return missing;
  const urls = await urlsOf(c, sha256, filename);
  if (!urls) return problem('unknown_wheel', `No package set pins ${printable(filename)} with these bytes.`);
  const { body, headers } = c.req.raw;
  const length = Number(headers.get('content-length') ?? Number.NaN);
  // R2 streams only bytes of known length.
  if (!body || !(length >= 0))
    return problem('invalid_question', 'Send the bytes with their Content-Length.');
  if (length > LIMITS.bytes) return problem('body_too_large', `A file has ${LIMITS.bytes} bytes at most.`);
  const { readable, writable } = new FixedLengthStream(length);
  const stopping = new AbortController();
  const piped = body.pipeTo(writable, { preventCancel: true, signal: stopping.signal }).catch(() => {});
  try {
    const origin = { sha256, filename, url: urls[0] ?? null };
    const { size } = await putWheel(c.env.STORE, origin, readable);
    await register(c.env, origin, size);
    return new Response(null, { status: 201 });
  } catch (error) {
    if (error instanceof OtherBytes) {
      return problem('refused_publication', `These are other bytes than those pinned (${error.message}).`);
    }
    // If R2 has failed, the rest of the body can be read; a body that breaks off fails again.
    stopping.abort();
    await piped;
    await body.getReader().read().catch(brokenOff);
    throw error;
  }
}

/** The URLs of a file in the oldest sets that pin it, which are mostly the same; undefined if none pins it. */
async function urlsOf(c: Call, sha256: string, filename: string): Promise<string[] | undefined> {
  if (!/^[0-9a-f]{64}$/.test(sha256) || filename.length > LONGEST_FILENAME) return undefined;
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
