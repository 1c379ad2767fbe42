/** The settings for packages that the set does not have: from options, else the environment, else `[tool.pinwheel]`. */
import { PYPI } from '../common/credentials.ts';
import { misused } from '../common/failure.ts';
import type { BeyondOptions } from './options.ts';
import { readToolTable, type ToolTable } from './tool-table.ts';

export interface BeyondSettings {
  /** Of simple indexes, in the order in which they are asked. */
  indexUrls: string[];
  /** Folders with wheels, which are searched before them. */
  findLinks: string[];
  excludeNewer: string | false | undefined;
  excludeNewerPackage: Record<string, string | false>;
  unpin: string[];
  /** The path of a `pyodide-lock.json`. */
  set: string | undefined;
}

type Files = Parameters<typeof readToolTable>[0];

export async function readSettings(options: BeyondOptions & Files): Promise<BeyondSettings> {
  const table = await readToolTable(options);
  const settings = {
    indexUrls: indexUrlsOf(options, table),
    findLinks: options.findLinks ?? words('PINWHEEL_FIND_LINKS', /,/) ?? table['find-links'] ?? [],
    excludeNewer:
      momentOf(options.excludeNewer ?? variable('PINWHEEL_EXCLUDE_NEWER')) ?? table['exclude-newer'],
    excludeNewerPackage: {
      ...table['exclude-newer-package'],
      ...momentsOf(options.excludeNewerPackage ?? words('PINWHEEL_EXCLUDE_NEWER_PACKAGE') ?? []),
    },
    unpin: options.unpin ?? words('PINWHEEL_UNPIN') ?? table.unpin ?? [],
    set: options.set ?? variable('PINWHEEL_SET') ?? table.set,
  };
  const hasIndex = settings.indexUrls.length + settings.findLinks.length > 0;
  // Settings that are only configured have no effect without an index.
  return hasIndex ? settings : withoutIndex(settings, options);
}

function withoutIndex(settings: BeyondSettings, options: BeyondOptions): BeyondSettings {
  const given = [
    options.unpin && '--unpin',
    options.excludeNewer && '--exclude-newer',
    options.excludeNewerPackage && '--exclude-newer-package',
  ].find(Boolean);
  if (given) {
    throw misused(`${given} needs an index.`, 'Add --index for PyPI, or --index-url URL.');
  }
  return { ...settings, excludeNewer: undefined, excludeNewerPackage: {}, unpin: [] };
}

function indexUrlsOf({ index, indexUrl = [] }: BeyondOptions, table: ToolTable): string[] {
  if (index === false) {
    if (indexUrl.length === 0) return [];
    throw misused('--no-index and --index-url contradict each other.', 'Leave out one of them.');
  }
  // The named indexes go before PyPI, which has everything.
  if (index === true || indexUrl.length > 0) return [...indexUrl, ...(index === true ? [PYPI] : [])];
  return words('PINWHEEL_INDEX_URL') ?? table['index-url'] ?? [];
}

function momentsOf(given: readonly string[]): Record<string, string | false> {
  const found = given.map((text) => {
    const [, name, day] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name !== undefined && day !== undefined) return [name, momentOf(day)!] as const;
    throw misused(
      `--exclude-newer-package ${text} is not NAME=DAY.`,
      'Write it as in --exclude-newer-package django=2026-11-20.',
    );
  });
  return Object.fromEntries(found);
}

/** `false` lets all uploads count, as in uv. */
function momentOf(text: string | undefined): string | false | undefined {
  return text === 'false' ? false : text;
}

function variable(name: string): string | undefined {
  return process.env[name] || undefined;
}

function words(name: string, separator = /[\s,]+/): string[] | undefined {
  return variable(name)
    ?.split(separator)
    .filter((one) => one !== '');
}
