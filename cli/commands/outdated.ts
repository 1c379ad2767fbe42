/** `pinwheel outdated`: the packages that have a newer version elsewhere. */
import { count } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { type Column, joinSections, type Screen, sentence, table } from '../print/table.ts';
import { commandIn, NOTHING_REQUIRED } from '../print/words.ts';
import type { ClosureOptions } from '../project/closure.ts';
import { commandWith } from '../project/options.ts';
import { type Outdated, type OutdatedPackage, outdatedPackages } from '../project/outdated.ts';

export async function outdatedCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const outdated = await outdatedPackages(named, options);
  const { target, packages } = outdated;
  const isProject = named.length === 0 && options.requirements.length === 0 && !options.pyodide;
  const compare = isProject ? commandTo(options) : null;
  printAnswer(options.format, { target, packages }, (screen) => outdatedLines(outdated, screen, compare));
}

/** The command that compares with a package flag, which goes to its end. */
function commandTo({ date, set: _, ...options }: ClosureOptions): string {
  const from = date === undefined ? [] : ['--from', date];
  return `${commandIn(commandWith(options, 'diff', ...from))} --to`;
}

function outdatedLines(
  { target, asksIndex, until, packages }: Outdated,
  screen: Screen,
  compare: string | null,
): string[] {
  if (packages.length === 0) return [NOTHING_REQUIRED];
  const { colors, detail } = screen;
  const old = packages.filter(({ newer, index }) => newer !== null || index !== null);
  const columns: Column<OutdatedPackage>[] = [
    {
      title: 'Package',
      text: ({ name }) => name,
      paint: (text, { requested }) => (requested ? colors.bold(text) : text),
    },
    { title: 'Here', text: ({ version }) => version },
    { title: 'Newer set', text: ({ newer }) => newer?.version ?? '', paint: colors.green },
    ...(asksIndex ? [{ title: 'Index', text: ({ index }: OutdatedPackage) => index ?? '' }] : []),
    { title: 'Package flag', text: ({ newer }) => newer?.package_flag ?? '' },
  ];
  const all = count(packages.length, 'package');
  const said =
    old.length > 0
      ? `Something newer exists for ${old.length} of ${all}`
      : `Nothing is newer than the ${all}`;
  const cutoff = until === null ? '' : `; the index counts up to ${until}, which --exclude-newer changes`;
  const sum = `${said} with ${target.package_set.flag}${asksIndex ? cutoff : '; --index asks PyPI, too'}.`;
  const flags = new Set(old.flatMap(({ newer }) => newer?.package_flag ?? []));
  const [flag] = [...flags].sort();
  return joinSections([
    old.length > 0 ? table(columns, old, screen) : [],
    detail === 'answer' ? [] : sentence(sum, screen),
    detail === 'answer' || flag === undefined || compare === null ? [] : [`Next: ${compare} ${flag}`],
  ]);
}
