/** The publications as an Atom feed (RFC 4287), so that people hear of a change before it reaches them. */
import type { Catalog, Publication } from '../../../resolver/catalog.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { describeChange } from './describe-change.ts';

/** Entries, the newest first; older ones are in the log. */
const MOST_ENTRIES = 50;

/** A registry's feed is named by its first publication, and each entry by its own: by digests, which never change. */
export function atomFeed(catalog: Catalog, origin: string): string {
  const newestFirst = catalog.log.toReversed();
  const newest = newestFirst[0]!;
  const entries = newestFirst
    .slice(0, MOST_ENTRIES)
    .map((publication) => entryOf(publication, catalog, origin));
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    '<title>Pinwheel: package sets and compatibility flags of Python Workers</title>',
    `<id>${digestName(catalog.log[0]!.digest)}</id>`,
    `<updated>${momentOf(newest.published)}</updated>`,
    '<author><name>Pinwheel</name></author>',
    `<link rel="self" type="application/atom+xml" href="${escaped(`${origin}/changes.atom`)}"/>`,
    `<link rel="alternate" type="text/html" href="${escaped(`${origin}/`)}"/>`,
    ...entries,
    '</feed>',
    '',
  ].join('\n');
}

function entryOf(publication: Publication, catalog: Catalog, origin: string): string {
  const { title, path, lines } = describeChange(publication, catalog);
  const content = lines.map((line) => `<p>${escaped(printable(line))}</p>`).join('');
  return [
    '<entry>',
    `<title>${escaped(printable(title))}</title>`,
    `<id>${digestName(publication.digest)}</id>`,
    `<updated>${momentOf(publication.published)}</updated>`,
    `<link rel="alternate" type="text/html" href="${escaped(`${origin}${path}`)}"/>`,
    `<category term="${publication.kind}"/>`,
    `<content type="html">${escaped(content)}</content>`,
    '</entry>',
  ].join('\n');
}

/** A digest as an IRI (RFC 6920). */
function digestName(hex: string): string {
  const bytes = hex.match(/../g)!.map((byte) => String.fromCharCode(Number.parseInt(byte, 16)));
  const base64 = btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `ni:///sha-256;${base64}`;
}

/** Publications carry days; the first moment of each stands for it. */
function momentOf(day: string): string {
  return `${day}T00:00:00Z`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
