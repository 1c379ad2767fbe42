/** Validates the files of a page. */
import { canonicalName } from '../../requirements/name.ts';
import { printable } from '../../text/printable.ts';
import { IndexError, type IndexFile, projectOf, refuse } from '../package-index.ts';

/** PyPI's longest page has some ten thousand. */
const MOST_FILES = 100_000;

/**
 * The files of a page, in its order; URLs of `links` may be relative, and nothing of them has been checked. Throws an
 * {@link IndexError} if a file is not the project's.
 */
function listFiles(links: readonly IndexFile[], name: string, base: string): IndexFile[] {
  if (links.length > MOST_FILES) {
    refuse('too_large', base, `${links.length} files`, `${MOST_FILES} at most`);
  }
  return links.flatMap((link) => {
    const project = projectOf(link);
    if (project !== null && project !== name) {
      const wheelText = `the wheel ${printable(link.filename)}`;
      refuse('other_project', base, wheelText, `files of ${name}`);
    }
    const url = fileUrl(link.url, base);
    if (url === null) return [];
    const metadata = link.metadata && { sha256: hexOrNull(link.metadata.sha256) };
    const size = link.size !== null && Number.isSafeInteger(link.size) && link.size >= 0 ? link.size : null;
    const isTime = link.upload_time !== null && !Number.isNaN(Date.parse(link.upload_time));
    const upload_time = isTime ? link.upload_time : null;
    return { ...link, url, size, upload_time, sha256: hexOrNull(link.sha256), metadata };
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

interface Page {
  meta?: { 'api-version'?: unknown };
  name: string;
  files: (Record<string, unknown> & { filename: string; url: string })[];
}

function isPage(value: unknown): value is Page {
  const { name, files } = (value ?? {}) as Partial<Record<keyof Page, unknown>>;
  const isFile = (file: Partial<Page['files'][number]> | null) =>
    typeof file?.filename === 'string' && typeof file.url === 'string';
  return typeof name === 'string' && Array.isArray(files) && files.every(isFile);
}

export function readJsonPage(body: string, name: string, url: string): IndexFile[] {
  const malformed = (actual: string) =>
    new IndexError('malformed', { url, found: actual, wanted: 'a page of the simple API, version 1' });
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
    refuse('other_project', url, `the page of ${printable(said)}`, `that of ${name}`);
  }
  return listFiles(files.map(linkOf), name, url);
}

function linkOf(file: Page['files'][number]): IndexFile {
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

const ATTRIBUTE = /([a-z][a-z0-9-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/giy;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Links whose text is a file name. HTML says neither sizes nor when files were uploaded. */
export function readHtmlPage(body: string, name: string, url: string): IndexFile[] {
  const page = body.replace(/<!--.*?(?:-->|$)/gs, '');
  let base = url;
  const links = [];
  for (const { tag, attributes, end } of tagsOf(page)) {
    const href = attributes.get('href');
    if (href === undefined) continue;
    if (tag === 'base') {
      base = URL.canParse(href, url) ? new URL(href, url).href : url;
      continue;
    }
    const close = page.indexOf('<', end);
    const [address, fragment = ''] = href.split('#', 2) as [string, string?];
    const core = attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata');
    links.push({
      filename: decode(page.slice(end, close < 0 ? undefined : close)).trim(),
      url: address,
      sha256: sha256In(fragment),
      size: null,
      upload_time: null,
      requires_python: attributes.get('data-requires-python') || null,
      yanked: attributes.has('data-yanked'),
      metadata: core === undefined || core === 'false' ? null : { sha256: sha256In(core) },
    });
  }
  return listFiles(links, name, base);
}

function* tagsOf(page: string): Generator<{ tag: string; attributes: Map<string, string>; end: number }> {
  const opening = /<(a|base)(?=[\s>])/gi;
  for (let match = opening.exec(page); match; match = opening.exec(page)) {
    const attributes = new Map<string, string>();
    let at = opening.lastIndex;
    for (; at < page.length && page[at] !== '>'; ) {
      ATTRIBUTE.lastIndex = at;
      const attribute = ATTRIBUTE.exec(page);
      if (attribute)
        attributes.set(
          attribute[1]!.toLowerCase(),
          decode(attribute[2] ?? attribute[3] ?? attribute[4] ?? ''),
        );
      at = attribute ? ATTRIBUTE.lastIndex : at + 1;
    }
    opening.lastIndex = at;
    yield { tag: match[1]!.toLowerCase(), attributes, end: at + 1 };
  }
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** The hash in the fragment of a URL, or in an attribute of a link. */
export function sha256In(text: string): string | null {
  return /(?:^|&)sha256=([0-9a-f]{64})(?:&|$)/i.exec(text)?.[1]?.toLowerCase() ?? null;
}
