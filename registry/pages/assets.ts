/** The stylesheet and the script, each at a path that names its content. */
import { Hono } from 'hono';
import { etagOf, reply } from '../api/reply.ts';
import type { Env } from '../env.ts';
import { script } from './assets/script.ts';
import { stylesheet } from './assets/style.ts';

/** FNV-1a of the text's UTF-16 units: enough to tell one version of a file from the next. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export const stylesheetPath = `/assets/${fingerprint(stylesheet)}.css`;
export const scriptPath = `/assets/${fingerprint(script)}.js`;

const FILES = {
  css: { path: stylesheetPath, body: stylesheet, contentType: 'text/css; charset=utf-8' },
  js: { path: scriptPath, body: script, contentType: 'text/javascript; charset=utf-8' },
};

export const assets = new Hono<Env>();

/**
 * A page of another version of the Worker, still in some cache, asks for that version's file: it gets this
 * version's, which is not kept for long under the other's name.
 */
assets.get('/assets/:file{[0-9a-f]{8}\\.(css|js)}', (c) => {
  const { path, body, contentType } = FILES[c.req.path.endsWith('.css') ? 'css' : 'js'];
  const etag = etagOf(c, path.slice('/assets/'.length));
  const response = reply(c, { body, etag, contentType, immutable: c.req.path === path });
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
});
