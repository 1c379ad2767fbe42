/** Validates the files of a page. */
import { printable } from '../../text/printable.ts';
import { IndexError } from '../index-error.ts';
import { type IndexFile, projectOf } from '../package-index.ts';

/** A file as a page has it: its URL may be relative, and nothing is checked. */
export type Link = IndexFile;

/** PyPI's longest page has some ten thousand. */
const MOST_FILES = 100_000;

declare const URL: {
  canParse(text: string, base?: string): boolean;
  new (
    text: string,
    base?: string,
  ): { href: string; protocol: string; hash: string; username: string; password: string };
};

/** The files of a page, in its order. Throws an {@link IndexError} if one of them is not the project's. */
export function listFiles(links: readonly Link[], name: string, base: string): IndexFile[] {
  if (links.length > MOST_FILES) {
    throw new IndexError('too_large', {
      url: base,
      found: `${links.length} files`,
      wanted: `${MOST_FILES} at most`,
    });
  }
  return links.flatMap((link) => {
    const project = projectOf(link);
    if (project !== null && project !== name) {
      const found = `the wheel ${printable(link.filename)}`;
      throw new IndexError('other_project', { url: base, found, wanted: `files of ${name}` });
    }
    const url = fileUrl(link.url, base);
    if (url === null) return [];
    const sha256 = link.sha256?.toLowerCase() ?? null;
    const metadata = link.metadata && { sha256: hexOrNull(link.metadata.sha256) };
    const size = link.size !== null && Number.isSafeInteger(link.size) && link.size >= 0 ? link.size : null;
    const isTime = link.upload_time !== null && !Number.isNaN(Date.parse(link.upload_time));
    const upload_time = isTime ? link.upload_time : null;
    return { ...link, url, size, upload_time, sha256: hexOrNull(sha256), metadata };
  });
}

/** An absolute address of the web that is no less safe than the page's; null for any other. */
function fileUrl(text: string, base: string): string | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  const isWeb = url.protocol === 'https:' || (url.protocol === 'http:' && base.startsWith('http:'));
  url.hash = '';
  return isWeb && url.username + url.password === '' ? url.href : null;
}

function hexOrNull(text: string | null): string | null {
  return text !== null && /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : null;
}
