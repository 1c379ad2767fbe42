/** A project's page as JSON (PEP 691, 700, 714). */
import { canonicalName } from '../../requirements/name.ts';
import { printable } from '../../text/printable.ts';
import { IndexError } from '../index-error.ts';
import type { IndexFile } from '../package-index.ts';
import { type Link, listFiles } from './links.ts';

interface Page {
  meta?: { 'api-version'?: unknown };
  name: string;
  files: (Record<string, unknown> & { filename: string; url: string })[];
}

function isPage(value: unknown): value is Page {
  const { name, files } = (value ?? {}) as Partial<Record<keyof Page, unknown>>;
  const isFile = (one: Partial<Page['files'][number]> | null) =>
    typeof one?.filename === 'string' && typeof one.url === 'string';
  return typeof name === 'string' && Array.isArray(files) && files.every(isFile);
}

export function readJsonPage(body: string, name: string, url: string): IndexFile[] {
  const malformed = (found: string) =>
    new IndexError('malformed', { url, found, wanted: 'a page of the simple API, version 1' });
  let page: unknown;
  try {
    page = JSON.parse(body);
  } catch {
    throw malformed('no JSON');
  }
  if (!isPage(page)) throw malformed('another document');
  const { meta, name: said, files } = page;
  const version = meta?.['api-version'];
  if (typeof version !== 'string' || !/^1\.\d+$/.test(version)) throw malformed('another version');
  if (canonicalName(said) !== name) {
    throw new IndexError('other_project', {
      url,
      found: `the page of ${printable(said)}`,
      wanted: `that of ${name}`,
    });
  }
  return listFiles(files.map(linkOf), name, url);
}

function linkOf(file: Page['files'][number]): Link {
  const core = file['core-metadata'] ?? file['dist-info-metadata'];
  const { filename, url, size, yanked } = file;
  return {
    filename,
    url,
    sha256: hashIn(file.hashes),
    size: typeof size === 'number' ? size : null,
    upload_time: textOrNull(file['upload-time']),
    requires_python: textOrNull(file['requires-python']),
    yanked: yanked === true || typeof yanked === 'string',
    metadata: core ? { sha256: hashIn(core) } : null,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function hashIn(hashes: unknown): string | null {
  return textOrNull((hashes as { sha256?: unknown } | null | undefined)?.sha256);
}
