/** The report of an update as Markdown for a pull request: what changes, and what to review. */
import { RELEASES } from '../../../cli/worker/releases.ts';
import { describeChange } from '../../../registry/pages/syndication/describe-change.ts';
import type { PackageSet, RegistryDocument } from '../../../resolver/catalog.ts';
import { answerChanges, selectedText } from '../../../resolver/compatibility/answer-changes.ts';
import { viewCatalog } from '../../../resolver/compatibility/view.ts';
import { listed } from '../../../resolver/text/printable.ts';
import { memberChanges } from '../../../resolver/time/changes.ts';
import type { CurrentData, Update } from './update.ts';

/** Packages named in one line. */
const MOST_NAMED = 20;

export function reportLines(held: CurrentData, update: Update, today: string): string[] {
  const { publications, decided, left, files } = update;
  const sections: [title: string, items: string[]][] = [
    ['Not imported', left],
    ['New', publications.flatMap(({ entry, document }) => newLines(held, update, entry, document))],
    ['Answers that change', answerLines(held, update, today)],
    ['To review', [...decided, ...reviewLines(update)]],
    ['Files', [...files.keys()].map((path) => `data/${path}`)],
  ];
  return sections.flatMap(([title, items]) =>
    items.length === 0 ? [] : [`## ${title}`, '', ...items.map(itemOf), ''],
  );
}

/** Indented lines belong to the item before them. */
function itemOf(line: string): string {
  const [, indent, text] = /^(\s*)(.*)$/s.exec(line)!;
  return `${indent}- ${text}`;
}

function newLines(
  held: CurrentData,
  { catalog }: Update,
  entry: Update['publications'][number]['entry'],
  document: RegistryDocument,
): string[] {
  const { title, lines } = describeChange(entry, catalog);
  const set = document.kind === 'set' ? document : null;
  const before = set && neighbourOf(set, held.documents);
  return [
    `${title} (revision ${entry.revision}, of ${entry.day})`,
    ...[...lines, ...(before ? changedLines(before, set) : [])].map((line) => `  ${line}`),
  ];
}

/** The newest earlier set of the same ABI and publisher. */
function neighbourOf({ abi, source }: PackageSet, documents: readonly RegistryDocument[]) {
  return documents.findLast(
    (document): document is PackageSet =>
      document.kind === 'set' && document.abi === abi && document.source.package === source.package,
  );
}

function changedLines(before: PackageSet, set: PackageSet): string[] {
  const { added, removed, changed } = memberChanges(before.packages, set.packages);
  const moved = (direction: string) =>
    changed
      .filter((change) => change.direction === direction)
      .map(({ name, from, to }) => `${name} ${from} → ${to}`);
  const named = (list: { name: string; version: string }[]) =>
    list.map(({ name, version }) => `${name} ${version}`);
  const groups: [string, string[]][] = [
    ['Gone', named(removed)],
    ['Older', moved('down')],
    ['Newer', moved('up')],
    ['Other bytes of the same version', moved('rebuilt').map((text) => text.split(' ')[0]!)],
    ['Added', named(added)],
  ];
  const lines = groups.filter(([, names]) => names.length > 0);
  if (lines.length === 0) return [`The same packages as ${before.flag}.`];
  return lines.map(([what, names]) => {
    return `${what} beside ${before.flag}: ${listed(names, MOST_NAMED)}.`;
  });
}

function answerLines(held: CurrentData, { catalog }: Update, today: string): string[] {
  const [before, after] = [viewCatalog(held.catalog), viewCatalog(catalog)];
  if (!after.ok) throw new Error(after.issues.map(({ message }) => message).join('\n'));
  return answerChanges(before.ok ? before.value : null, after.value, today).map((change) => {
    const { compatibility_flags: flags, from, until, as_of } = change;
    const dates = until === null ? `from ${from} on` : `${from} to ${until}`;
    const asked = as_of > today ? `, asked on ${as_of}` : '';
    return `${flags.join(' ')}, ${dates}${asked}: ${selectedText(change.after)}; before, ${selectedText(change.before)}.`;
  });
}

function reviewLines({ publications }: Update): string[] {
  const sets = publications.flatMap(({ document }) => (document.kind === 'set' ? [document] : []));
  const unbuilt = sets.map(({ runtime }) => runtime).filter((pyodide) => !Object.hasOwn(RELEASES, pyodide));
  return [
    publications.length > 0 &&
      '`npm run data:verify` imports everything again and compares each byte and each closure; `npm test` names the tests that list sets or flags one by one.',
    unbuilt.length > 0 &&
      `\`pinwheel build\` does not know Pyodide ${[...new Set(unbuilt)].join(', ')}: it takes a row in \`data/pyodide-builds.json\`, and \`TEST_ALL=1 npm test -- test/runtime/releases\`.`,
    sets.length > 0 &&
      "`npm run data:release` makes a set of Pinwheel's own of the new wheels, if `own_releases` of `data/sources.json` names a day.",
  ].filter((line) => line !== false);
}
