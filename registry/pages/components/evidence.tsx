/** Marks and words of what was seen of packages: a tick only for what was imported. */
import type { Child } from 'hono/jsx';
import { countsIn, LEVELS } from '../../../resolver/evidence-level.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import type { Evidence } from '../../../resolver/schemas.ts';
import { Fact, light, markOf } from './text.tsx';

type Level = Evidence['level'];

export const LEVEL_MARKS: Record<Level, [style: 'yes' | 'listed', mark: string]> = {
  tested: ['yes', '✓'],
  imported: ['yes', '✓'],
  obtainable: ['listed', '◎'],
  listed: ['listed', '○'],
};

/** The meaning of each level, as the legend has it. */
const LEVEL_WORDS: Record<Level, string> = {
  tested: 'A line of Python that uses it passed there, too.',
  imported:
    'The modules that its set names were imported on the Pyodide of that set, each package alone; not on Cloudflare’s platform.',
  obtainable:
    'Its files, and those of all it needs, were seen; not all of these modules were imported, or it has none.',
  listed: 'In the package set. Nobody has run it here yet.',
};

/** Such as `277 listed, 237 imported, 44 tested`, of packages of a set. */
export function countsText(view: CatalogView, flag: string, names: readonly string[]): string {
  if (!view.evidence.has(flag)) return `${names.length} listed, none run here yet`;
  const { tested, imported } = countsIn(view, flag, new Set(names));
  return `${names.length} listed, ${imported} imported, ${tested} tested`;
}

export function levelMark(level: Level): Child {
  const [style, mark] = LEVEL_MARKS[level];
  return light('span', { class: style }, [markOf(mark), level]);
}

export function LevelLegend() {
  return LEVELS.toReversed().map((level) => (
    <div>
      <Fact name={levelMark(level)}>{LEVEL_WORDS[level]}</Fact>
    </div>
  ));
}
