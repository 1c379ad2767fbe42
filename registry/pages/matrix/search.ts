/** Which rows a search finds, and in which order: the same on the server and in the browser. */
import { nearest } from '../../../resolver/text/nearest.ts';

/** Rows without a search, before all are requested. */
export const MOST_LISTED = 24;
/** Rows that a search shows. */
export const MOST_FOUND = 12;

/** The worst rank that counts: matches inside of a name count only for packages. */
const WORST_OF_LISTED = 4;
const WORST_OF_OTHERS = 3;

/** The rank of a module that today's Python lacks: packages with a module of that name come first. */
const BEST_OF_ABSENT = 1.5;

/** Facts of a matrix row that a search reads. */
export interface Searched {
  /** Names in the form that {@link rankOf} reads. */
  names: string;
  /** Whether the row is listed without a search. */
  listed: boolean;
  /** Whether the row is a module that today's Python lacks. */
  absent: boolean;
  /** Whether the row is a module within a package of the standard library, which only dotted names find. */
  dotted: boolean;
  /** Whether the row is a name that needs no package: it also answers for its modules, such as `pyodide.ffi`. */
  known: boolean;
}

/** Rows that a search finds, the best first, and equals in the order of the matrix. */
export function findRows<Row extends Searched>(rows: readonly Row[], query: string): Row[] {
  const wanted = wantedName(query);
  if (wanted === '') return [];
  const ranked: { row: Row; rank: number }[] = [];
  const isDotted = query.includes('.');
  const first = isDotted ? wantedName(query.slice(0, query.indexOf('.'))) : null;
  for (const row of rows) {
    if (row.dotted && !isDotted) continue;
    // `importlib.metadata` and `pyodide.http` are modules, `importlib-metadata` and `pyodide-http` packages.
    const isIt = (row.dotted && row.names === wanted) || (row.known && row.names === first);
    const rank = isIt ? -1 : Math.max(rankOf(row.names, wanted), row.absent ? BEST_OF_ABSENT : 0);
    if (rank <= (row.listed ? WORST_OF_LISTED : WORST_OF_OTHERS)) ranked.push({ row, rank });
  }
  if (ranked.length > 0 || !isDotted) return ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row);
  // A module within a package, such as `PIL.Image`.
  for (let at = query.lastIndexOf('.'); at > 0; at = query.lastIndexOf('.', at - 1)) {
    const module = wantedName(query.slice(0, at));
    const having = rows.filter(({ names, listed }) => listed && rankOf(names, module) <= 1);
    if (having.length > 0) return having;
  }
  return [];
}

/** The name in what people paste: `import PIL`, `numpy>=2`, `ruamel.yaml`. */
export function pastedName(query: string): string {
  const text = query.trim().replace(/^(import|from)\s+/i, '');
  return text.replace(/[\s<>=!~;@[(,#].*$/s, '') || text;
}

/**
 * The pasted name as rows have it. Tests lead to their package. Only modules have names that begin with underscores:
 * `__future__` is not the package `future`.
 */
export function wantedName(query: string): string {
  const written = pastedName(query).toLowerCase();
  const name = written.replace(/^_+/, '');
  const underscores = written.slice(0, written.length - name.length);
  return underscores + name.replace(/[-_.]+/g, '-').replace(/^-|-$|-tests$/g, '');
}

/** Whether a search is more than a name, as {@link wantedName} is: only the server reads versions, dates and lists. */
export function asksForMore(query: string): boolean {
  return /[<>=!~@:/]|[^ -~]|^\s*-|^\d{4}-|[^\s,][\s,]+[^\s,]/.test(
    query.replace(/^(?:import|from)[ \t]+/, '').replace(/[ \t]+(?:import|as)\s.*$/, ''),
  );
}

/** Names of rows that a search may have meant. */
export function similarNames(query: string, names: readonly string[]): string[] {
  const written = new Map(names.map((name) => [wantedName(name), name]));
  return nearest(wantedName(query), written.keys()).map((name) => written.get(name)!);
}

const NO_MATCH = 5;

/**
 * How well `names` match: a package's name and then its import names, between spaces. 0 is the best, 5 is no match.
 */
export function rankOf(names: string, wanted: string): number {
  // First, because most names do not match, and each letter asks about all.
  if (!names.includes(wanted)) return NO_MATCH;
  if (names === wanted || names.startsWith(`${wanted} `)) return 0;
  if (`${names} `.includes(` ${wanted} `)) return 1;
  if (names.startsWith(wanted)) return 2;
  if (names.includes(` ${wanted}`)) return 3;
  return 4;
}

/** Whether a row that a search finds is what it names, or has the module: others only begin like it, or contain it. */
export function isNamed({ names }: Pick<Searched, 'names'>, query: string): boolean {
  const rank = rankOf(names, wantedName(query));
  return rank <= 1 || rank === NO_MATCH;
}

/** The text that {@link rankOf} takes. */
export function namesOf(name: string, imports: readonly string[]): string {
  // Most names are so already, and a new isolate compiles each expression first.
  const names = [name, ...imports].map((of) => (/^[a-z0-9]+$/.test(of) ? of : wantedName(of)));
  return [...new Set(names)].join(' ');
}

export function countText(query: string, shown: number, all: number): string {
  if (query !== '') return all === 0 ? 'Nothing found' : `${shown < all ? `${shown} of ` : ''}${all} found`;
  return shown < all ? `${shown} of ${all} packages` : `${all} packages`;
}
