/** The options for packages beyond the target's package set. */
import type { Command } from 'commander';

export interface BeyondOptions {
  /** `--index` is PyPI, `--no-index` none, whatever is configured. */
  index?: boolean;
  indexUrl?: string[];
  excludeNewer?: string;
  /** `NAME=DAY`. */
  excludeNewerPackage?: string[];
  unpin?: string[];
  findLinks?: string[];
  /** A `pyodide-lock.json`. */
  set?: string;
  /** A Pyodide version. */
  pyodide?: string;
}

const append = (value: string, values: string[] = []): string[] => [...values, value];

/** The arguments that repeat these options. */
export function beyondArguments(options: BeyondOptions): string[] {
  const each = (name: string, values: readonly string[] = []) => values.flatMap((one) => [name, one]);
  return [
    ...(options.index === undefined ? [] : [options.index ? '--index' : '--no-index']),
    ...each('--index-url', options.indexUrl),
    ...each('--exclude-newer', options.excludeNewer === undefined ? [] : [options.excludeNewer]),
    ...each('--exclude-newer-package', options.excludeNewerPackage),
    ...each('--unpin', options.unpin),
  ];
}

/** The options for packages that the set does not have. */
export function addIndexOptions(command: Command): void {
  command
    .option('--index', 'get packages that the set lacks from PyPI')
    .option('--no-index', 'use only the package set, even if an index is configured')
    .option('--index-url <url>', 'get them from this simple index; repeatable', append)
    .option('--find-links <folder>', 'take wheels from this folder first; repeatable', append)
    .option(
      '--exclude-newer <day>',
      'ignore later uploads (default: the compatibility date, or the release of the set if that is later)',
    )
    .option('--exclude-newer-package <name=day>', 'the same for one package; repeatable', append)
    .option('--unpin <name>', 'get this package of the set from the index; repeatable', append);
}

/** The options that replace the target's package set, or its date and flags. */
export function addSetOptions(command: Command): void {
  command.option('--set <file>', "use this pyodide-lock.json, not the target's package set");
  addPyodideOption(command);
}

export function addPyodideOption(command: Command): void {
  command.option('--pyodide <version>', 'use this Pyodide, without a date and flags');
}
