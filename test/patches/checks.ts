/** The checks of a package, written in Python as checks.py explains: their files, and which host runs which. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Checks {
  /** The files with checks, in the order in which they run. */
  files: string[];
  /** Their names as modules. */
  modules: string[];
  /** All Python files that a host needs to run them. */
  sources: string[];
}

/** The checks in the folder of `url`, whose other Python files they may import. */
export function checksIn(url: string, pattern = /^checks_\w+\.py$/): Checks {
  const folder = fileURLToPath(new URL('.', url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
  const files = names.filter((name) => pattern.test(name)).sort();
  return {
    files: files.map((name) => join(folder, name)),
    modules: files.map((name) => basename(name, '.py')),
    sources: [
      ...names.map((name) => join(folder, name)),
      fileURLToPath(new URL('checks.py', import.meta.url)),
    ],
  };
}

/** The titles of the checks that a host with these traits runs, in order. */
export function titles({ files }: Checks, traits: readonly string[]): string[] {
  return files.flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    const decorators = [...source.matchAll(/^@check\(\s*"([^"]+)"(?:,\s*needs="([^"]*)")?,?\s*\)/gm)];
    return decorators
      .filter(([, , needs = '']) => needs.split(' ').every((need) => need === '' || traits.includes(need)))
      .map(([, title]) => title!);
  });
}
