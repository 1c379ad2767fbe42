/** The pages of runtimes and of package sets as Markdown. */

import { isArchived } from '../../../resolver/closure/archives.ts';
import { addDays, FIRST_DATE } from '../../../resolver/compatibility/date.ts';
import type { CatalogView, PreparedSet } from '../../../resolver/index.ts';
import { publisherOf } from '../../../resolver/provenance.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { isOfTests } from '../../facts/tests.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { datesBySet, type SetDates, setsByPython, workerdRuntimes } from '../facts/listing.ts';
import { lines, table, text } from './markdown.ts';

export function runtimesMarkdown(view: CatalogView, asOf: string, origin: string): string {
  return lines([
    '# Python runtimes of workerd',
    '',
    `As of ${asOf}, the newest first. workerd runs the newest whose flag is on.`,
    '',
    ...table(
      ['Python', 'Pyodide', 'ABI', 'Enabled by', 'On from', `compatibility_flags on ${asOf}`],
      workerdRuntimes(view, asOf).map(({ python, pyodide, abi, flag, enabled_from, flags, isDefault }) => [
        `${text(python)}${isDefault ? ' (default)' : ''}`,
        text(pyodide),
        text(abi),
        flag === null ? '' : `\`${text(flag)}\``,
        enabled_from === null || enabled_from === FIRST_DATE ? '' : enabled_from,
        flags ? `\`${JSON.stringify(flags)}\`` : 'only with --experimental',
      ]),
    ),
    '',
    ...table(
      ['Python', 'Last day of support'],
      view.pythons
        .toReversed()
        .map(({ python, supported_until }) => [text(python), addDays(supported_until, -1)]),
    ),
    '',
    `More: ${origin}/runtimes`,
  ]);
}

export function setsMarkdown(
  view: CatalogView,
  counts: ReadonlyMap<string, number>,
  asOf: string,
  origin: string,
): string {
  const datesOf = datesBySet(view, asOf);
  return lines([
    '# Package sets',
    '',
    'Each pins its packages to one file and never changes. A Worker gets a set by its compatibility date, or by its package flag.',
    '',
    ...setsByPython(view.sets.values()).flatMap(([python, sets]) => [
      `## Python ${text(python)}`,
      '',
      ...table(
        ['Package flag', 'Packages', 'Compatibility dates', 'Pyodide', 'ABI', 'Released'],
        sets.map((set) => [
          `[${set.flag}](${origin}${setPath(set.flag)}.md)${view.yankedSets.has(set.flag) ? ', yanked' : ''}`,
          String(counts.get(set.flag)),
          datesText(datesOf(set.flag)),
          text(set.runtime),
          text(set.abi),
          `${set.released} by ${publisherOf(set.source)}`,
        ]),
      ),
      '',
    ]),
    `More: ${origin}/sets`,
  ]);
}

export function setMarkdown(
  head: CatalogSet,
  { members }: PreparedSet,
  view: CatalogView,
  asOf: string,
  origin: string,
): string {
  const yank = view.yankedSets.get(head.flag);
  return lines([
    `# ${head.flag}`,
    '',
    `Python ${text(head.python)}, Pyodide ${text(head.runtime)}, ABI ${text(head.abi)}. Released on ${head.released} by ` +
      `${publisherOf(head.source)}. Compatibility dates that give it: ${datesText(datesBySet(view, asOf)(head.flag))}.`,
    '',
    ...(yank ? [`It was yanked: ${text(yank.reason)}`, ''] : []),
    ...table(
      ['Package', 'Version', 'File', 'Depends on'],
      members
        .filter((member) => !isOfTests(member))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map((member) => [
          `[${text(member.name)}](${origin}${packagePath(member.name)}.md)`,
          text(member.version),
          isArchived(member) ? 'archive' : 'wheel',
          text(member.depends.join(', ')),
        ]),
    ),
    '',
    `More: ${origin}${setPath(head.flag)}`,
  ]);
}

function datesText(dates: readonly SetDates[]): string {
  return dates.map((one) => one.text).join(', ') || 'none';
}
