/** Real values of the fuzzed registry, by the name of their parameter or member. */
import type { Values } from './make.ts';

const DATES = [
  '2025-11-02',
  '2026-11-01',
  '2024-01-01',
  '2025-02-30',
  '2999-12-31',
  '1999-12-31',
  '2025-9-1',
];
const REQUIREMENTS = [
  ...[
    'fastapi',
    'numpy>=2',
    'pydantic<2.10',
    'polars',
    'langchain[all]',
    'no-such-package',
    'aiohttp==3.14.3',
  ],
  ...['numpy<2; python_version >= "3.13"', 'httpx @ https://example.org/httpx-1.0-py3-none-any.whl', 'cv2'],
];

export async function valuesOf(registry: URL): Promise<Values> {
  const ask = async (path: string) => (await fetch(new URL(path, registry))).json();
  const { sets } = (await ask('/v1/sets')) as { sets: { flag: string }[] };
  const { flags } = (await ask('/v1/flags')) as {
    flags: { flag: string | null; disable?: string | null }[];
  };
  const packageFlags = sets.map(({ flag }) => flag);
  const { packages } = (await ask('/v1/packages')) as { packages: { name: string }[] };
  const wheels = await builtWheels(packageFlags, ask);
  const flagNames = flags.flatMap(({ flag, disable }) => [flag, disable].filter((name) => name != null));
  return {
    date: DATES,
    from: DATES,
    to: DATES,
    as_of: DATES,
    compatibility_date: DATES,
    flag: [...packageFlags, ...packageFlags, ...flagNames, 'python_workers'],
    compatibility_flags: ['python_workers', 'python_workers', ...packageFlags, ...flagNames],
    requirement: REQUIREMENTS,
    requirements: REQUIREMENTS,
    revision: ['1', '12', '48', '50', '999'],
    answer_version: ['1', '2'],
    experimental: ['true', 'false'],
    relative: ['true', 'false'],
    format: ['html', 'json', 'application/vnd.pypi.simple.v1+html'],
    limit: ['1', '10', '100000'],
    query: ['num', 'py', '%', '_', 'ﬁ'],
    name: ['numpy', 'PIL', 'fastapi', 'aiohttp-tests', ...packages.slice(0, 40).map(({ name }) => name)],
    sha256: [...wheels.map(({ sha256 }) => sha256), '0'.repeat(64)],
    filename: wheels.map(({ filename }) => filename),
  };
}

interface Wheel {
  filename: string;
  sha256: string;
}

/** Only Pinwheel-built wheels are stored; for others, the registry would ask an upstream, which is not tested here. */
async function builtWheels(
  flags: readonly string[],
  ask: (path: string) => Promise<unknown>,
): Promise<readonly Wheel[]> {
  for (const flag of flags) {
    const path = `/v1/sets/${flag}/packages/httpx`;
    const member = (await ask(path)) as Wheel & { patched?: { by: string } | null };
    if (member.patched?.by === 'pinwheel') return [member];
  }
  throw new Error('No set of the registry has a wheel that Pinwheel built.');
}
