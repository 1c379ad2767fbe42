/** Random questions for workerd, the same for the same seed. */
import type { CatalogView } from '../../resolver/compatibility/view.ts';
import type { OracleCase } from './workerd-oracle.ts';

/** No case is dated later: the binary rejects dates far beyond its own. */
const LATEST = Date.UTC(2026, 10, 17);
const EARLIEST = Date.UTC(2021, 0, 1);
const DAY = 86_400_000;

const ODD_DATES = ['2025-02-30', '2025-09-31', '2023-02-29', '2000-01-01', '2019-12-31'];
const MALFORMED_DATES = [
  '',
  '2025-9-1',
  '20250901',
  '2025-13-01',
  '2025-00-10',
  '1999-12-31',
  '3000-01-01',
  'x',
];
const UNKNOWN_FLAGS = [
  '',
  'bogus',
  ' python_workers',
  'Python_Workers',
  'no_python_workers',
  'pythonWorkers',
];
const ODD_FLAGS = ['python_workers\u00e9', 'a"b', 'a\\b', '{}', '蟒蛇', 'python_workers_20270101'];

export function randomCases(view: CatalogView, count: number, seed: number): OracleCase[] {
  const random = mulberry32(seed);
  const chance = (probability: number) => random() < probability;
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;

  const decisive = view.runtimeFlags.flatMap(({ enable, disable }) => [enable, disable]);
  const decisiveNames = decisive.filter((name) => name !== null);
  const allNames = [...view.flagByName.keys()];
  const turningPoints = view.runtimeFlags
    .flatMap((flag) => [flag.enable_date, flag.implied_date])
    .filter((date) => date !== null && date < '2026-11-17' && date > '2021');

  const date = (): string | null => {
    if (chance(0.01)) return null;
    if (chance(0.06)) return pick(MALFORMED_DATES);
    if (chance(0.05)) return pick(ODD_DATES);
    const day = chance(0.4)
      ? Date.parse(pick(turningPoints)!) + (Math.floor(random() * 3) - 1) * DAY
      : EARLIEST + Math.floor(random() * ((LATEST - EARLIEST) / DAY)) * DAY;
    return new Date(day).toISOString().slice(0, 10);
  };
  const flags = (): string[] => {
    const named = chance(0.85) ? ['python_workers'] : [];
    while (chance(0.6)) named.push(pick(decisiveNames));
    while (chance(0.4)) named.push(pick(allNames));
    if (chance(0.08)) named.push(pick([...UNKNOWN_FLAGS, ...ODD_FLAGS]));
    if (chance(0.08) && named.length > 0) named.push(pick(named));
    if (chance(0.08)) named.push(...contradiction(view, pick(allNames)));
    return shuffled(named, random);
  };
  return Array.from({ length: count }, () => ({ date: date(), flags: flags(), experimental: chance(0.5) }));
}

/** Fisher and Yates's shuffle. */
function shuffled<Item>(items: Item[], random: () => number): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}

/** Both names of a flag. */
function contradiction(view: CatalogView, name: string): string[] {
  const { enable, disable } = view.flagByName.get(name)!.fact;
  return [disable, enable].filter((side) => side !== null);
}

/** A small seeded generator of numbers from 0 up to 1. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
