/// <reference path="./assets/text.d.ts" />
/** The stylesheet and the scripts, each at a path that names its content, and the pictures. */
import { Hono } from 'hono';
import check from '../../.cache/check.txt';
import favicon from '../../.cache/favicon.txt';
import files from '../../.cache/files.txt';
import matrix from '../../.cache/matrix.txt';
import move from '../../.cache/move.txt';
import page from '../../.cache/page.txt';
import preview from '../../.cache/preview.txt';
import style from '../../.cache/style.txt';
import type { Env } from '../env.ts';
import { etagOf, reply } from '../http/reply.ts';

const FILES: Record<string, string> = {
  'style.css': style,
  'page.js': page,
  'matrix.js': matrix,
  'check.js': check,
  'files.js': files,
  'move.js': move,
};

/** A file's path has the fingerprint that the build wrote before its text. */
export function pathOf(name: string): string {
  const text = FILES[name]!;
  return `/assets/${name.replace('.', `-${text.slice('/*'.length, text.indexOf('*/'))}.`)}`;
}

export const assets = new Hono<Env>();

/**
 * A cached page of another version of the Worker requests that version's file. It gets this version's, with a short
 * lifetime.
 */
assets.get('/assets/:file', (c, next) => {
  const [, stem, type] = /^([a-z]+)-[0-9a-f]{8}\.(css|js)$/.exec(c.req.param('file')) ?? [];
  const name = `${stem}.${type}`;
  const body = FILES[name];
  if (body === undefined) return next();
  const path = pathOf(name);
  const contentType = type === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  const etag = etagOf(c, path.slice('/assets/'.length));
  return reply(c, { body, etag, contentType, immutable: c.req.path === path });
});

/** The picture that other sites show beside links to the pages. */
export const PREVIEW = '/preview.png';

for (const [path, contentType, base64] of [
  ['/favicon.ico', 'image/x-icon', favicon],
  [PREVIEW, 'image/png', preview],
] as const) {
  assets.get(path, () => {
    const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    const headers = { 'content-type': contentType, 'cache-control': 'public, max-age=86400' };
    return new Response(bytes, { headers });
  });
}
