/** Feeds in Atom (RFC 4287): all publications, and the versions of one package. */
import { base64Url } from '../../../resolver/bytes.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { Catalog, CatalogView, Publication } from '../../../resolver/index.ts';
import type { PinnedFile } from '../../../resolver/pinned-files.ts';
import { groupedBy, sortedBy } from '../../../resolver/sorted-by.ts';
import { listed, printable } from '../../../resolver/text/printable.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { packagePath } from '../components/addresses.ts';
import { escaped } from '../components/text.tsx';
import type { PackageFacts } from '../package/facts.ts';
import { clearedText, type Known } from '../security/findings.tsx';
import { describeChange, stoppedImporting } from './describe-change.ts';

export const ATOM = 'application/atom+xml; charset=utf-8';

interface Feed {
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

interface Entry {
  id: string;
  title: string;
  day: string;
  /** The path of the page about the entry. */
  path: string;
  category: string;
  lines: readonly string[];
}

export function atomFeed({ id, title, origin, path, page, updated, entries }: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    ...commonOf({ id, title, day: updated, link: origin + page }),
    '<subtitle>Days are those of the log: what comes with Pinwheel has the day of its fact, such as a release.</subtitle>',
    '<author><name>Pinwheel</name></author>',
    `<link rel="self" type="application/atom+xml" href="${escaped(`${origin}${path}`)}"/>`,
    ...entries.map((entry) => entryOf(entry, origin)),
    '</feed>',
    '',
  ].join('\n');
}

function entryOf({ id, title, day, path, category, lines }: Entry, origin: string): string {
  const content = lines.map((line) => `<p>${escaped(printable(line))}</p>`).join('');
  return [
    '<entry>',
    ...commonOf({ id, title, day, link: origin + path }),
    `<category term="${category}"/>`,
    `<content type="html">${escaped(content)}</content>`,
    '</entry>',
  ].join('\n');
}

/** A digest as an IRI (RFC 6920). */
function digestName(hex: string): string {
  const bytes = Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16));
  return `ni:///sha-256;${base64Url(bytes)}`;
}

/** Elements of both feeds and entries. Publications have days, and Atom needs times: the beginning of the day. */
function commonOf({
  id,
  title,
  day,
  link,
}: Pick<Entry, 'id' | 'title' | 'day'> & { link: string }): string[] {
  return [
    `<title>${escaped(printable(title))}</title>`,
    `<id>${id}</id>`,
    `<updated>${day}T00:00:00Z</updated>`,
    `<link rel="alternate" type="text/html" href="${escaped(link)}"/>`,
  ];
}

/** Entries, the newest first; older ones are in the log. */
const MOST_ENTRIES = 50;

/** The id of a registry's feed is the root of the log with its first publication; the id of an entry, with its own. */
export function changesFeed(catalog: Catalog, pinned: readonly PinnedFile[], origin: string): Feed {
  const replaced = replacedFiles(pinned);
  const newestFirst = catalog.log.toReversed();
  return {
    id: digestName(catalog.log[0]!.root),
    title: 'Pinwheel: package sets and compatibility flags of Python Workers',
    ...{ origin, path: '/changes.atom', page: '/' },
    updated: newestFirst[0]!.day,
    entries: newestFirst.slice(0, MOST_ENTRIES).flatMap((publication): Entry[] => {
      const { day, kind: category, root, publisher } = publication;
      const { lines, ...change } = describeChange(publication, catalog);
      const files = replaced.get(publication.revision)?.map(({ filename }) => filename);
      const further = [
        ...(files ? [`Other bytes than in an earlier set: ${listed(files, MOST_FILES)}.`] : []),
        ...(publisher === undefined ? [] : [`Published by ${publisher}.`]),
      ];
      const described = { id: digestName(root), day, category, ...change, lines: [...lines, ...further] };
      return [described, ...stopEntries(publication, catalog)];
    }),
  };
}

const MOST_FILES = 20;

/** The files that a revision pins under the name of other bytes of a set before it. */
function replacedFiles(files: readonly PinnedFile[]): Map<number, PinnedFile[]> {
  const first = new Map<string, number>();
  for (const { filename, sets } of files) {
    first.set(filename, Math.min(sets[0]!, first.get(filename) ?? sets[0]!));
  }
  const replaced = files.filter(({ filename, sets }) => sets[0] !== first.get(filename));
  return groupedBy(replaced, ({ sets }) => sets[0]!);
}

/** An entry for each package that evidence no longer has as imported, or for the one of a name. */
function stopEntries({ revision, root, day, kind }: Publication, catalog: Catalog, only?: string): Entry[] {
  const stopped = stoppedImporting(revision, catalog).filter(({ name }) => name === (only ?? name));
  return stopped.map(({ name, ...change }) => {
    return { id: `${digestName(root)}#${encodeURIComponent(name)}`, day, category: kind, ...change };
  });
}

/**
 * An entry for each set with another version than the previous set of the same Python, or with other bytes under the same
 * name, and for each evidence that no longer has the package as imported.
 */
export function packageFeed(
  { name, versions, verdict }: PackageFacts,
  { sets, stamp }: CatalogView,
  catalog: Catalog,
  origin: string,
): Feed {
  const { log } = catalog;
  const entryOf = (flag: string) => log[sets.get(flag)!.revision - 1]!;
  const before = new Map<string, PackageVersion>();
  const inOrder = versions.toSorted((a, b) => sets.get(a.flag)!.revision - sets.get(b.flag)!.revision);
  const versionEntries = inOrder.flatMap((pinned): Entry[] => {
    const { flag, version, python, runtime, filename, sha256 } = pinned;
    const minor = minorOf(python);
    const last = before.get(minor);
    before.set(minor, pinned);
    const isReplaced = last?.filename === filename && last.sha256 !== sha256;
    if (last?.version === version && !isReplaced) return [];
    const { root, day } = entryOf(flag);
    return [
      {
        id: `${digestName(root)}#${encodeURIComponent(name)}`,
        title: `${name} ${version} for Python ${minor}${isReplaced ? ', with other bytes' : ''}`,
        day,
        path: packagePath(name, flag),
        category: 'version',
        lines: [
          `${flag} has ${name} ${version}, for Python ${python} and Pyodide ${runtime}.`,
          ...(isReplaced ? [`${filename} has other bytes there than in ${last.flag}.`] : []),
          ...(last && last.version !== version ? [`The set before it had ${last.version}.`] : []),
        ],
      },
    ];
  });
  const stops = log
    .slice(0, stamp.revision)
    .flatMap((publication) => stopEntries(publication, catalog, name));
  const entries = sortedBy([...versionEntries, ...stops], ({ day }) => day);
  const path = packagePath(name);
  return {
    id: `${digestName(log[0]!.root)}#${encodeURIComponent(name)}`,
    title: `${name} on Python Workers: ${verdict.short}`,
    ...{ origin, path: `${path}.atom`, page: path },
    updated: entries.at(-1)!.day,
    entries: entries.toReversed().slice(0, MOST_ENTRIES),
  };
}

/** An entry for each vulnerability that is known in the default set, by the day of its advisory. */
export function securityFeed({ spans, findingsIn }: Known, { log }: Catalog, origin: string): Feed {
  const id = digestName(log[0]!.root);
  const { flag, from } = spans().at(-1) ?? {};
  const findings = flag === undefined ? [] : findingsIn(flag);
  const newestFirst = sortedBy(findings, ({ published }) => published).reverse();
  return {
    id: `${id}#security`,
    title: 'Known vulnerabilities in the default package set of Python Workers',
    ...{ origin, path: '/security.atom', page: '/security' },
    updated: newestFirst[0]?.published ?? from ?? log[0]!.day,
    entries: newestFirst.slice(0, MOST_ENTRIES).map((finding) => {
      const { name, version, severity, published, summary, aliases } = finding;
      const also = aliases.length > 0 ? ` (${aliases.join(', ')})` : '';
      return {
        id: `${id}#${finding.id}-${name}`,
        title: `${name} ${version}: ${finding.id}, ${severity ?? 'not rated'}`,
        day: published,
        path: packagePath(name, flag),
        category: 'vulnerability',
        lines: [`${summary}${also}`, clearedText(finding)],
      };
    }),
  };
}
