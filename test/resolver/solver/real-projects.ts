/**
 * An index of real projects: the names, versions and requirements in the METADATA of several hundred wheels
 * (test/fixtures/projects.jsonl, which `record-projects.ts` writes), each with some synthetic versions, whose
 * requirements are looser or stricter.
 */
import { readFileSync } from 'node:fs';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { Random } from '../requirements/random.ts';
import type { Projects, Release } from './made-index.ts';

export interface RecordedProject {
  version: string;
  requires_python: string | null;
  requires_dist: string[];
}

const FILE = new URL('../../fixtures/projects.jsonl', import.meta.url);

export function recordedProjects(): Record<string, RecordedProject> {
  const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  const projects: (RecordedProject & { name: string })[] = lines.map((line) => JSON.parse(line));
  return Object.fromEntries(projects.map(({ name, ...project }) => [name, project]));
}

/** The index, the same each time. */
export function realProjects(): Projects {
  const recorded = recordedProjects();
  const names = Object.keys(recorded);
  const versions = new Map(
    names.map((name, at) => [name, versionsOf(recorded[name]!.version, new Random(at + 1))]),
  );
  return Object.fromEntries(
    names.map((name, at) => {
      const { requires_python, requires_dist, version: real } = recorded[name]!;
      const known = requires_dist.filter((text) => versions.has(nameOf(text)));
      const random = new Random(at + 7_919);
      const releases = versions.get(name)!.map((version): [string, Release] => {
        const requires = version === real ? known : known.flatMap((text) => vary(text, versions, random));
        return [version, { requires, ...(requires_python && { requiresPython: requires_python }) }];
      });
      return [name, Object.fromEntries(releases)];
    }),
  );
}

/** The real version, up to three older ones, and sometimes a pre-release of the next. */
function versionsOf(real: string, random: Random): string[] {
  const [major = 0, minor = 0] = (/^(?:\d+!)?([\d.]+)/.exec(real)?.[1] ?? '0').split('.').map(Number);
  const older = [`${major}.${minor}.dev1`];
  if (minor > 0) older.push(`${major}.${minor - 1}`);
  if (minor > 2) older.push(`${major}.${minor - 2}.post1`);
  if (major > 0) older.push(`${major - 1}.9`);
  if (random.chance(30)) older.push(`${major + 1}.0rc1`);
  return [...new Set([real, ...older])];
}

/** A requirement of another version of the package: the same, for other versions of the dependency, or none. */
function vary(text: string, versions: ReadonlyMap<string, string[]>, random: Random): string[] {
  const parsed = parseRequirement(text);
  if (!parsed.ok || random.chance(10)) return [];
  if (random.chance(40)) return [text];
  const { written_name, extras, name } = parsed.value;
  const specifier = `${random.pick(['<', '<=', '>=', '==', '!=', ''])}`;
  const bound = specifier === '' ? '' : specifier + random.pick(versions.get(name)!);
  const marker = /;.*$/s.exec(text)?.[0] ?? '';
  return [`${written_name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${bound}${marker}`];
}

function nameOf(text: string): string {
  return canonicalName(/^[\w.-]+/.exec(text)?.[0] ?? '');
}

/** Lower seeds are handwritten lists, the others are generated. */
export const REAL_LISTS = 300;

export function listOf(seed: number, projects: Projects): string[] {
  if (seed < REAL_LISTS) return realLists()[seed]!;
  const random = new Random(seed * 31 + 5);
  const names = Object.keys(projects);
  return [...new Set(random.list(2, 6, () => random.pick(names)))].map((name) => {
    const versions = Object.keys(projects[name]!);
    const specifier = random.pick(['', '', '<', '<=', '>=', '==', '!=', '~=', '>']);
    const version = random.pick(
      versions.filter((version) => specifier !== '~=' || /^\d+\.\d+/.test(version)).concat('1.0'),
    );
    return specifier === '' ? name : `${name}${specifier}${version}`;
  });
}

let lists: string[][] | undefined;

/** The known requirements of projects, and then of their extras: lists of two or more. */
function realLists(): string[][] {
  if (lists) return lists;
  const recorded = recordedProjects();
  const groups = Object.values(recorded).flatMap(({ requires_dist }) => {
    const known = requires_dist.filter((text) => nameOf(text) in recorded);
    return [...Map.groupBy(known, extraOf)].filter(([extra, { length }]) => extra !== null && length > 1);
  });
  lists = groups
    .sort(([a], [b]) => Number(a !== '') - Number(b !== ''))
    .map(([, requirements]) => requirements.map((text) => text.replace(EXTRA, '')));
  return lists;
}

const EXTRA = /; extra == "([\w.-]+)"$/;

/** The extra of a requirement; empty if it has none, null if its marker has other conditions. */
function extraOf(text: string): string | null {
  return EXTRA.exec(text)?.[1] ?? (/;.*\bextra\b/.test(text) ? null : '');
}
