import { FOREVER } from '../http/reply.ts';

export const EXPOSED = 'Accept-Ranges, Content-Length, Content-Range, ETag';

/** Headers of content-addressed bytes, which must not be transformed. */
export function immutableHeaders(etag: string, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'cache-control': FOREVER,
    etag,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED,
  };
}

const CONTENT_TYPES: readonly [suffix: string, contentType: string][] = [
  ['.tar.gz', 'application/gzip'],
  ['.tgz', 'application/gzip'],
  ['.tar', 'application/x-tar'],
  ['.zip', 'application/zip'],
];

/**
 * The content type of a file. There is none for wheels, and PyPI and jsDelivr send them as plain bytes. Some browsers
 * and proxies open or rename `application/zip`.
 */
export function contentTypeOf(filename: string): string {
  const known = CONTENT_TYPES.find(([suffix]) => filename.endsWith(suffix));
  return known?.[1] ?? 'application/octet-stream';
}

/** METADATA is UTF-8 by its specification. */
export const METADATA_TYPE = 'text/plain; charset=utf-8';
