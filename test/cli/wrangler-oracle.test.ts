/** Compares wrangler files with wrangler: date, flags and entry, for existing and missing environments. */
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { CommandError } from '../../cli/common/failure.ts';
import { environmentName, readTables, readWranglerFile } from '../../cli/project/wrangler-file.ts';
import { newFolder } from '../common/own.ts';
import { Random } from '../resolver/requirements/random.ts';

const SEED = 1;
const FILES = 400;

type Answer = { date: string | null; flags: string[]; main: string | null } | 'refused';
type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

const folder = newFolder();

const VALUES: Record<string, readonly Value[]> = {
  compatibility_date: ['2025-11-02', '2026-11-01', '2025-11-02', 20251102, true, ['2025-11-02']],
  compatibility_flags: [['python_workers'], [], ['a', 'b'], ['python_workers'], 'python_workers', [1], {}],
  // wrangler rejects a Python Worker without the flag.
  main: ['src/index.js', 'index.js'],
};
const ENVIRONMENTS = [undefined, '', 'staging', 'next', 'production'];

function settings(random: Random): Record<string, Value> {
  const chosen = Object.entries(VALUES).flatMap(([key, values]): [string, Value][] => {
    if (!random.chance(60)) return [];
    // Mostly valid.
    return [[key, random.chance(90) ? values[random.below(2)]! : random.pick(values)]];
  });
  return Object.fromEntries(chosen);
}

function randomFile(random: Random): Record<string, Value> {
  const file: Record<string, Value> = { name: 'worker', ...settings(random) };
  const kind = random.below(10);
  if (kind < 5)
    file.env = { staging: settings(random), ...(random.chance(50) ? { next: settings(random) } : {}) };
  if (kind === 5) file.env = {};
  return file;
}

/** As TOML, whose lines have JSON values except for tables. */
function toToml(file: Record<string, Value>): string {
  const inline = (value: Value): string =>
    Array.isArray(value)
      ? `[${value.map(inline).join(', ')}]`
      : typeof value === 'object' && value !== null
        ? `{${Object.entries(value)
            .map(([key, inner]) => `${key} = ${inline(inner)}`)
            .join(', ')}}`
        : JSON.stringify(value);
  return Object.entries(file)
    .map(([key, value]) => `${key} = ${inline(value)}\n`)
    .join('');
}

function askWrangler(path: string, env: string | undefined): Answer {
  try {
    const options = { hideWarnings: true };
    const config = unstable_readConfig({ config: path, ...(env === undefined ? {} : { env }) }, options);
    const { compatibility_date: date = null, compatibility_flags: flags, main } = config;
    return { date, flags, main: main === undefined ? null : relative(folder, main) };
  } catch {
    return 'refused';
  }
}

async function read(path: string, env: string | undefined): Promise<Answer> {
  try {
    const environment = environmentName(env);
    const { compatibility_date: date, compatibility_flags: flags } = await readWranglerFile(
      path,
      environment,
    );
    const { main } = await readTables(path, environment);
    return { date, flags, main };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return 'refused';
  }
}

test(`${FILES} random files and environments, by --env and by CLOUDFLARE_ENV`, async () => {
  const random = new Random(SEED);
  const before = process.env.CLOUDFLARE_ENV;
  let refused = 0;
  try {
    for (let at = 0; at < FILES; at++) {
      const file = randomFile(random);
      const isToml = random.chance(50);
      const path = join(folder, isToml ? 'wrangler.toml' : 'wrangler.jsonc');
      await writeFile(path, isToml ? toToml(file) : `// a comment\n${JSON.stringify(file)}`);
      delete process.env.CLOUDFLARE_ENV;
      if (random.chance(30)) process.env.CLOUDFLARE_ENV = random.pick(['staging', 'next', '']);
      const env = random.pick(ENVIRONMENTS);
      const theirs = askWrangler(path, env);
      if (theirs === 'refused') refused++;
      const what = { file, env, variable: process.env.CLOUDFLARE_ENV };
      expect({ what, answer: await read(path, env) }).toEqual({ what, answer: theirs });
    }
  } finally {
    if (before === undefined) delete process.env.CLOUDFLARE_ENV;
    else process.env.CLOUDFLARE_ENV = before;
  }
  // Both ways are tried.
  expect(refused).toBeGreaterThan(FILES / 20);
  expect(refused).toBeLessThan(FILES / 2);
});
