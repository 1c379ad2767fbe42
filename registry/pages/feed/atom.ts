/** Feeds in Atom (RFC 4287). */
import { printable } from '../../../resolver/text/printable.ts';
import { escaped } from './xml.ts';

export interface Feed {
  /** An IRI that never changes. */
  id: string;
  title: string;
  origin: string;
  /** The paths of the feed and of its page. */
  path: string;
  page: string;
  /** The day of the newest change. */
  updated: string;
  entries: readonly Entry[];
}

export interface Entry {
  id: string;
  title: string;
  day: string;
  /** The path of the page about it. */
  path: string;
  category: string;
  lines: readonly string[];
}

export function atomFeed({ id, title, origin, path, page, updated, entries }: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `<title>${escaped(printable(title))}</title>`,
    `<id>${id}</id>`,
    `<updated>${momentOf(updated)}</updated>`,
    '<author><name>Pinwheel</name></author>',
    `<link rel="self" type="application/atom+xml" href="${escaped(`${origin}${path}`)}"/>`,
    `<link rel="alternate" type="text/html" href="${escaped(`${origin}${page}`)}"/>`,
    ...entries.map((entry) => entryOf(entry, origin)),
    '</feed>',
    '',
  ].join('\n');
}

function entryOf({ id, title, day, path, category, lines }: Entry, origin: string): string {
  const content = lines.map((line) => `<p>${escaped(printable(line))}</p>`).join('');
  return [
    '<entry>',
    `<title>${escaped(printable(title))}</title>`,
    `<id>${id}</id>`,
    `<updated>${momentOf(day)}</updated>`,
    `<link rel="alternate" type="text/html" href="${escaped(`${origin}${path}`)}"/>`,
    `<category term="${category}"/>`,
    `<content type="html">${escaped(content)}</content>`,
    '</entry>',
  ].join('\n');
}

/** A digest as an IRI (RFC 6920). */
export function digestName(hex: string): string {
  const bytes = hex.match(/../g)!.map((byte) => String.fromCharCode(Number.parseInt(byte, 16)));
  const base64 = btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `ni:///sha-256;${base64}`;
}

/** The beginning of a day: publications have days, and Atom needs times. */
function momentOf(day: string): string {
  return `${day}T00:00:00Z`;
}
