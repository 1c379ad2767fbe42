/** `pinwheel tree`: the packages of a closure, each below what needs it. */
import type { ResolveAnswer, ResolvedPackage } from '../../resolver/index.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { visible } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { type Screen, sentence } from '../print/table.ts';
import { NOTHING_REQUIRED } from '../print/words.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';

export async function treeCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const { answer } = await askWhole(named, options);
  printAnswer(options.format, answer, (screen) => treeLines(answer, screen));
}

/** The needs of a package are shown once; where it comes again, it has a star. */
function treeLines({ packages }: Pick<ResolveAnswer, 'packages'>, screen: Screen): string[] {
  if (packages.length === 0) return [NOTHING_REQUIRED];
  const { colors, detail } = screen;
  const byName = new Map(packages.map((entry) => [entry.name, entry]));
  const shown = new Set<string>();
  let isRepeated = false;
  const below = (
    { name, version, requested, depends }: ResolvedPackage,
    indent: string,
    branch: string,
  ): string[] => {
    const needs = depends.flatMap((needed) => byName.get(needed) ?? []);
    const isAgain = shown.has(name) && needs.length > 0;
    isRepeated ||= isAgain;
    shown.add(name);
    const text = visible(`${name} ${version}`);
    const line = `${indent}${branch}${requested ? colors.bold(text) : text}${isAgain ? ' *' : ''}`;
    if (isAgain) return [line];
    const space = branch === '' ? '' : branch.startsWith('└') ? '    ' : '│   ';
    return [
      line,
      ...needs.flatMap((needed, at) =>
        below(needed, indent + space, at === needs.length - 1 ? '└── ' : '├── '),
      ),
    ];
  };
  const lines = sortedBy(
    packages.filter(({ requested }) => requested),
    ({ name }) => name,
  ).flatMap((entry) => below(entry, '', ''));
  if (!isRepeated || detail === 'answer') return lines;
  return [...lines, '', ...sentence('* What it needs is above.', screen)];
}
