import { printable } from '../../resolver/text/printable.ts';
import { isWheel } from '../../resolver/wheels/read-metadata.ts';
import type { Call } from '../env.ts';
import { problem } from '../http/problem.ts';
import { isNotModified } from '../http/reply.ts';
import { getMetadata } from '../storage/wheel-objects.ts';
import { bringIn, type Demand, recentOutcome, refuse } from './demand.ts';
import { immutableHeaders, METADATA_TYPE } from './headers.ts';

/** Sends a wheel's METADATA (PEP 658), which has its requirements. */
export async function sendMetadata(c: Call, demand: Demand): Promise<Response> {
  const { sha256, filename } = demand;
  if (!isWheel(filename)) {
    return problem('no_metadata', `${printable(filename)} is not a wheel: only wheels have METADATA.`);
  }
  const known = demand.facts?.metadata_sha256;
  if (known && isNotModified(c.req.raw.headers, `"${known}"`)) return notModified(`"${known}"`);

  const told = recentOutcome(demand);
  let metadata = told?.ok ? null : demand.facts && (await getMetadata(c.env.STORE, sha256, known));
  if (!metadata) {
    const outcome = told ?? (await bringIn(c, demand));
    if (!outcome.ok) return refuse(outcome);
    const isReadable = outcome.unreadable === null;
    metadata = isReadable ? await getMetadata(c.env.STORE, sha256, outcome.facts.metadata_sha256) : null;
    if (!metadata) return problem('unreadable_wheel', `${printable(filename)}: ${outcome.unreadable}.`);
  }
  const etag = `"${metadata.sha256}"`;
  if (isNotModified(c.req.raw.headers, etag)) return notModified(etag);
  const headers = immutableHeaders(etag, METADATA_TYPE);
  return new Response(metadata.bytes, {
    headers: { ...headers, 'content-length': String(metadata.bytes.length) },
  });
}

function notModified(etag: string): Response {
  return new Response(null, { status: 304, headers: immutableHeaders(etag, METADATA_TYPE) });
}
