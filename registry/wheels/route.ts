/** Pinned files by their SHA-256: immutable bytes, and the METADATA of wheels. */
import type { RouteConfig } from '@hono/zod-openapi';
import * as z from 'zod';
import { printable } from '../../resolver/text/printable.ts';
import type { Call } from '../env.ts';
import { described } from '../http/described.ts';
import { problem } from '../http/problem.ts';
import { problemResponse, type Route } from '../http/route.ts';
import { setsWithFile } from '../storage/history.ts';
import { openSet, openSnapshot } from '../storage/isolate.ts';
import { sendFile, sendMetadata } from './send.ts';

const LONGEST_FILENAME = 300;
const METADATA = '.metadata';
/** The sets whose documents are read for the URLs of a file. */
const MOST_SETS = 3;

const path = '/wheels/{sha256}/{filename}';

const params = z.object({
  sha256: described(z.string(), { example: '64'.repeat(32) }),
  filename: described(z.string(), { example: 'httpx-0.28.1-py3-none-any.whl' }),
});

const unchanged = { description: 'The bytes are those that `If-None-Match` names' };
const bytes = { 'application/octet-stream': { schema: z.any() } };

const ofFile: RouteConfig = {
  method: 'get',
  path,
  tags: ['Wheels'],
  summary: 'A file that some package set pins, by its SHA-256; with `Range`, a part of it',
  request: { params },
  responses: {
    200: { description: 'All of it', content: bytes },
    206: { description: 'One range', content: bytes },
    304: unchanged,
    default: problemResponse,
  },
};

const ofMetadata: RouteConfig = {
  method: 'get',
  path: `${path}${METADATA}`,
  tags: ['Wheels'],
  summary: 'The METADATA of a wheel (PEP 658)',
  request: { params },
  responses: {
    200: { description: 'As it is in the wheel', content: { 'text/plain': { schema: z.string() } } },
    304: unchanged,
    default: problemResponse,
  },
};

export const wheelRoute: Route = {
  method: 'get',
  path,
  operations: [ofFile, ofMetadata],
  async respond(c, { sha256 = '', filename: asked = '' }) {
    const wantsMetadata = asked.endsWith(METADATA);
    const filename = wantsMetadata ? asked.slice(0, -METADATA.length) : asked;
    const readable = /^[0-9a-f]{64}$/.test(sha256) && filename.length <= LONGEST_FILENAME;
    const urls = readable ? await urlsOf(c, sha256, filename) : undefined;
    if (!urls) {
      return problem('unknown_wheel', `No package set pins ${printable(filename)} with these bytes.`);
    }
    const demand = { sha256, filename, urls };
    return wantsMetadata ? sendMetadata(c, demand) : sendFile(c, demand);
  },
};

/** The URLs of a file in the oldest sets that pin it, which are mostly the same; undefined if none pins it. */
async function urlsOf(c: Call, sha256: string, filename: string): Promise<string[] | undefined> {
  const { head } = await openSnapshot(c);
  const sets = await setsWithFile(c.env, head, { sha256, filename });
  if (sets.length === 0) return undefined;
  const urls = new Set<string | null>();
  for (const { digest } of sets.slice(0, MOST_SETS)) {
    const { members } = await openSet(c.env, digest);
    for (const member of members) {
      if (member.sha256 === sha256 && member.filename === filename) urls.add(member.url);
    }
  }
  return [...urls].filter((url) => url !== null);
}
