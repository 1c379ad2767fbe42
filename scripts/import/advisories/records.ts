/** Reads records of the OSV format as the Python Packaging Advisory Database writes them, in YAML. */
import cvss from 'ae-cvss-calculator';
import { parse } from 'yaml';
import * as z from 'zod';
import { type Advisory, AdvisoryId, type AffectedRange } from '../../../resolver/audit/advisories.ts';
import { isWithin } from '../../../resolver/audit/findings.ts';
import { canonicalName, isName } from '../../../resolver/requirements/name.ts';
import { comparePublic, parseVersion } from '../../../resolver/requirements/version.ts';
import { sortedBy } from '../../../resolver/sorted-by.ts';

/** Characters; the longest record has some 36,000. */
const LONGEST_RECORD = 1_000_000;
const LONGEST_SUMMARY = 160;
/** Each version is compared with each range. */
const MOST_EVENTS = 1000;

/** Takes what is odd about a record, and what was left out of it. */
type Say = (problem: string) => void;

const Moment = z.iso.datetime().transform((moment) => moment.slice(0, 10));
const Texts = z.array(z.string()).default([]);
const Range = z.object({ type: z.string(), events: z.array(z.record(z.string(), z.string())) });

/** The members of a record that are read. All scalars are strings: 1.10 is no number. */
const OsvRecord = z.object({
  id: AdvisoryId,
  aliases: Texts,
  published: Moment,
  modified: Moment,
  withdrawn: Moment.optional(),
  summary: z.string().default(''),
  details: z.string().default(''),
  severity: z.array(z.object({ score: z.string() })).default([]),
  affected: z.array(
    z.object({
      package: z.object({ ecosystem: z.string(), name: z.string() }),
      ranges: z.array(Range).default([]),
      versions: Texts,
    }),
  ),
  references: z.array(z.object({ type: z.string(), url: z.string() })).default([]),
});

export function readRecord(text: string, say: Say): Advisory[] {
  if (text.length > LONGEST_RECORD) throw new Error(`it has ${text.length} characters`);
  const read = OsvRecord.safeParse(parse(text, { schema: 'failsafe', maxAliasCount: 0, logLevel: 'error' }));
  if (!read.success) throw new Error(z.prettifyError(read.error).replace(/\s+/g, ' '));
  const { id, published, modified, withdrawn = null, summary, details, affected } = read.data;
  const aliases = new Set(read.data.aliases.filter((alias) => AdvisoryId.safeParse(alias).success));
  for (const alias of read.data.aliases)
    if (!aliases.has(alias)) say(`the alias ${JSON.stringify(alias)} is not an id`);
  aliases.delete(id);
  const events = affected.flatMap(({ ranges }) => ranges.flatMap(({ events }) => events)).length;
  if (events > MOST_EVENTS) throw new Error(`its ranges have ${events} events`);
  const shared = {
    ...{ id, aliases: [...aliases].sort(), published, modified, withdrawn },
    summary: summaryOf(summary.trim(), details),
    severity: severityOf(read.data.severity, say),
    link: linkOf(read.data.references),
  };
  return affected.flatMap(({ package: { ecosystem, name }, ranges, versions }): Advisory[] => {
    if (ecosystem !== 'PyPI') return [];
    if (!isName(name)) {
      say(`${JSON.stringify(name)} is not the name of a package`);
      return [];
    }
    const ofPython = ranges.filter(({ type }) => type === 'ECOSYSTEM');
    const within = ofPython.flatMap(({ events }) => rangesOf(events, say));
    const beyond = versionsBeyond(versions, within, say);
    if (beyond.length > 0 && within.length > 0) say(`its ranges do not have ${beyond.join(', ')}`);
    return [{ package: canonicalName(name), ...shared, ranges: within, versions: beyond }];
  });
}

/** Records about the same vulnerability of a package, which name each other or a third one, become one. */
export function mergeAliases(advisories: readonly Advisory[]): Advisory[] {
  const groups = new Map<string, Set<Advisory>>();
  for (const advisory of advisories) {
    const keys = [advisory.id, ...advisory.aliases].map((id) => `${advisory.package} ${id}`);
    const group = new Set([advisory, ...keys.flatMap((key) => [...(groups.get(key) ?? [])])]);
    for (const { package: name, id, aliases } of group)
      for (const known of [id, ...aliases]) groups.set(`${name} ${known}`, group);
  }
  const merged = [...new Set(groups.values())].map((group) => mergeGroup([...group]));
  return sortedBy(merged, ({ package: name, id }) => `${name} ${id}`);
}

/** Withdrawn records count only if all are. */
function mergeGroup(group: readonly Advisory[]): Advisory {
  const holding = group.filter(({ withdrawn }) => withdrawn === null);
  const counted = sortedBy(holding.length > 0 ? holding : group, ({ published, id }) => `${published} ${id}`);
  const [first] = counted as [Advisory];
  const ids = new Set(group.flatMap(({ id, aliases }) => [id, ...aliases]));
  const ranges = counted.flatMap((advisory) => advisory.ranges);
  const once = new Map(ranges.map((range) => [JSON.stringify(range), range]));
  const start = ({ introduced }: AffectedRange) => parseVersion(introduced ?? '0.dev0')!;
  const versions = new Set(counted.flatMap((advisory) => advisory.versions));
  const last = (moments: readonly string[]) => moments.toSorted().at(-1)!;
  return {
    ...first,
    aliases: [...ids].filter((id) => id !== first.id).sort(),
    modified: last(counted.map(({ modified }) => modified)),
    withdrawn: holding.length > 0 ? null : last(counted.map(({ withdrawn }) => withdrawn!)),
    severity: counted.find(({ severity }) => severity !== null)?.severity ?? null,
    ranges: [...once.values()].sort((a, b) => comparePublic(start(a), start(b))),
    versions: versionsBeyond([...versions], ranges, () => {}),
    link: counted.find(({ link }) => link !== null)?.link ?? null,
  };
}

/** As OSV evaluates events, which may be in any order. */
function rangesOf(events: readonly Record<string, string>[], say: Say): AffectedRange[] {
  const kinds = ['fixed', 'introduced', 'last_affected'];
  const parsed = events.flatMap((event) =>
    Object.entries(event).map(([kind, text]) => ({ kind, text, version: parseVersion(text) })),
  );
  const odd = parsed.find(({ kind, version }) => !version || !kinds.includes(kind));
  if (odd) {
    say(`a range is left out for its event ${odd.kind}: ${JSON.stringify(odd.text)}`);
    return [];
  }
  parsed.sort(
    (a, b) => comparePublic(a.version!, b.version!) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
  );
  const ranges: AffectedRange[] = [];
  let open: AffectedRange | null = null;
  for (const { kind, text } of parsed) {
    if (kind === 'introduced') open ??= text === '0' ? {} : { introduced: text };
    else if (open) {
      ranges.push({ ...open, [kind]: text });
      open = null;
    }
  }
  return open ? [...ranges, open] : ranges;
}

function versionsBeyond(versions: readonly string[], ranges: readonly AffectedRange[], say: Say): string[] {
  const odd = versions.filter((text) => !parseVersion(text));
  if (odd.length > 0) say(`of its versions, these are left out, which are none: ${odd.join(' ')}`);
  return versions
    .flatMap((text) => parseVersion(text) ?? [])
    .filter((version) => !ranges.some((range) => isWithin(range, version)))
    .sort(comparePublic)
    .map(({ text }) => text);
}

/** The newest version of CVSS counts. */
function severityOf(given: readonly { score: string }[], say: Say): Advisory['severity'] {
  const rated = given.flatMap(({ score: written }) => {
    const vector = written.replace(/\/[A-Z]+:X/g, '');
    const rating = /^CVSS:(?:3\.[01]|4\.0)\//.test(vector) ? cvss.fromVector(vector) : null;
    if (rating?.isBaseFullyDefined()) return { score: rating.calculateScores().overall, vector };
    say(`${JSON.stringify(written)} is not a vector of CVSS 3.0, 3.1 or 4.0`);
    return [];
  });
  return sortedBy(rated, ({ vector }) => vector).at(-1) ?? null;
}

const LINKS = ['ADVISORY', 'FIX', 'REPORT'];

/** The project's own advisory, if it has one: those of NVD and GitHub follow from the aliases. */
function linkOf(references: readonly { type: string; url: string }[]): string | null {
  const usable = references.filter(({ url }) => /^https?:\/\/[!-~]+$/.test(url) && URL.canParse(url));
  const ofType = sortedBy(usable, ({ type }) => (LINKS.includes(type) ? LINKS.indexOf(type) : LINKS.length));
  const own = ofType.find(({ url }) => url.includes('/security/advisories/'));
  return (own ?? ofType[0])?.url ?? null;
}

/** The record's own, or the first sentence of its details that says more than what the package is. */
function summaryOf(summary: string, details: string): string {
  const text = plainOf(summary || proseOf(details)) || plainOf(details) || 'It has no description.';
  const sentences = text.split(/(?<=[^.].[.!?])(?<!\b(?:e\.g|i\.e|vs|etc)\.) (?=["'`(A-Z])/);
  const isTold = (sentence: string) => !/^\S+( \S+){0,2} is an? /.test(sentence);
  const said = (summary ? null : sentences.find(isTold)) ?? text;
  return said.length <= LONGEST_SUMMARY ? said : `${said.slice(0, LONGEST_SUMMARY - 1).trimEnd()}…`;
}

/** On one line, with code as Markdown has it, in place of reStructuredText's double backticks. */
function plainOf(text: string): string {
  return text
    .replace(/[\s\p{C}]+/gu, ' ')
    .replace(/``([^`]+)``/g, '`$1`')
    .trim();
}

/** The paragraphs of Markdown, without its headings, code and links. */
function proseOf(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(?:```|~~~)[\s\S]*?^ {0,3}(?:```|~~~).*$/gm, '')
    .replace(/^ {0,3}#.*$/gm, '')
    .replace(/\[([^[\]\n]*)\]\([^()\n]*\)/g, '$1');
}
