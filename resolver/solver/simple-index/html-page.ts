/** A project's page as HTML (PEP 503, 592, 658, 714): its links, read in linear time. */
import type { IndexFile } from '../package-index.ts';
import { listFiles } from './links.ts';

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

declare const URL: {
  canParse(text: string, base?: string): boolean;
  new (text: string, base?: string): { href: string };
};

function* tagsOf(page: string): Generator<{ tag: string; attributes: Map<string, string>; end: number }> {
  const opening = /<(a|base)(?=[\s>])/gi;
  for (let found = opening.exec(page); found; found = opening.exec(page)) {
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
    yield { tag: found[1]!.toLowerCase(), attributes, end: at + 1 };
  }
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function sha256In(text: string): string | null {
  return /(?:^|&)sha256=([0-9a-f]{64})(?:&|$)/i.exec(text)?.[1]?.toLowerCase() ?? null;
}
