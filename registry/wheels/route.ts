/** Pinned files by their SHA-256: immutable bytes, and the METADATA of wheels. */
import type { RouteConfig } from '@hono/zod-openapi';
import * as z from 'zod';
import { printable } from '../../resolver/text/printable.ts';
import { described } from '../http/described.ts';
import { problem } from '../http/problem.ts';
import { problemResponse, type Route } from '../http/route.ts';
import { findPinnedWheel } from './find.ts';
import { sendFile } from './send-file.ts';
import { sendMetadata } from './send-metadata.ts';

const LONGEST_FILENAME = 300;
const METADATA = '.metadata';

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
    const pinned = readable ? await findPinnedWheel(c, sha256, filename) : undefined;
    if (!pinned) {
      return problem('unknown_wheel', `No package set pins ${printable(filename)} with these bytes.`);
    }
    const demand = { ...pinned, sha256, filename };
    return wantsMetadata ? sendMetadata(c, demand) : sendFile(c, demand);
  },
};
