/// <reference path="./assets/text.d.ts" />
/** The stylesheet and the scripts, each at a path that names its content. */
import { Hono } from 'hono';
import check from '../../.cache/check.txt';
import matrix from '../../.cache/matrix.txt';
import upgrade from '../../.cache/upgrade.txt';
import type { Env } from '../env.ts';
import { etagOf, reply } from '../http/reply.ts';
import { fingerprint } from './assets/fingerprint.ts';
import { script } from './assets/script.ts';
import { stylesheet } from './assets/style.ts';

/** The fingerprint that the build wrote before a bundled script, so that no isolate has to compute it. */
const fingerprintIn = (built: string) => built.slice('/*'.length, built.indexOf('*/'));

export const stylesheetPath = `/assets/style-${fingerprint(stylesheet)}.css`;
export const scriptPath = `/assets/script-${fingerprint(script)}.js`;
export const matrixScriptPath = `/assets/matrix-${fingerprintIn(matrix)}.js`;
export const upgradePath = `/assets/upgrade-${fingerprintIn(upgrade)}.js`;
export const checkPath = `/assets/check-${fingerprintIn(check)}.js`;

const CSS = 'text/css; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const FILES: Record<string, { path: string; body: string; contentType: string }> = {
  'style.css': { path: stylesheetPath, body: stylesheet, contentType: CSS },
  'script.js': { path: scriptPath, body: script, contentType: JAVASCRIPT },
  'matrix.js': { path: matrixScriptPath, body: matrix, contentType: JAVASCRIPT },
  'check.js': { path: checkPath, body: check, contentType: JAVASCRIPT },
  'upgrade.js': { path: upgradePath, body: upgrade, contentType: JAVASCRIPT },
};

export const assets = new Hono<Env>();

/**
 * A cached page of another version of the Worker requests that version's file. It gets this version's, with a short
 * lifetime.
 */
assets.get('/assets/:file', (c, next) => {
  const [, name, type] = /^([a-z]+)-[0-9a-f]{8}\.(css|js)$/.exec(c.req.param('file')) ?? [];
  const file = name === undefined ? undefined : FILES[`${name}.${type}`];
  if (!file) return next();
  const { path, body, contentType } = file;
  const etag = etagOf(c, path.slice('/assets/'.length));
  return reply(c, { body, etag, contentType, immutable: c.req.path === path });
});
