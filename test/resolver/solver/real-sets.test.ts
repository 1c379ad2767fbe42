/** What people ask for most, with the newest set of each ABI beside an index of real projects in one version each. */
import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import { type SolveQuestion, solve } from '../../../resolver/solver/index.ts';
import { loadCatalog, loadDocument } from '../../../scripts/import/data-files.ts';
import { type MadeIndex, makeIndex, type Projects, shortly } from './made-index.ts';
import { recordedProjects } from './real-projects.ts';

/** Of those that are asked for here, and what they need, the ones whose wheels are compiled, for no Emscripten. */
const COMPILED = ['jiter', 'orjson', 'pydantic-core', 'tiktoken', 'uuid-utils', 'xxhash', 'zstandard'];

const projects: Projects = Object.fromEntries(
  Object.entries(recordedProjects()).map(([name, { version, requires_dist, requires_python }]) => {
    const tags = COMPILED.includes(name) ? 'cp313-cp313-manylinux_2_17_x86_64' : 'py3-none-any';
    const python = requires_python === null ? {} : { requiresPython: requires_python };
    return [name, { [version]: { requires: requires_dist, tags, ...python } }];
  }),
);

const { sets } = await loadCatalog();
/** The newest set of each Python, by its flag. */
const newest = ['3.12', '3.13', '3.14'].map((python) => {
  const flags = sets.map(({ flag }) => flag).filter((flag) => flag.startsWith(`python_${python}_`));
  return flags.sort().at(-1)!;
});

async function ask(
  flag: string,
  requirements: string[],
  more: Partial<SolveQuestion> = {},
  index: MadeIndex = makeIndex(projects),
) {
  const set = (await loadDocument({ kind: 'set', subject: flag })) as PackageSet;
  const target = { compatibility_date: '2026-11-20', runtime: set, package_set: set };
  return solve({ target, set: prepareSet(set), requirements, index, ...more });
}

describe.each(newest)('%s', (flag) => {
  test('Django takes three packages from the index, and six requests', async () => {
    const index = makeIndex(projects);
    const outcome = await ask(flag, ['django'], {}, index);
    expect(shortly(outcome).map((one) => one.split('==')[0])).toEqual(['asgiref', 'django', 'sqlparse']);
    expect(index.asked).toHaveLength(6);
  });

  test.each([[['starlette', 'httpx']], [['openai']], [['pydantic', 'jinja2', 'django']]])(
    '%j',
    async (requirements) => {
      const outcome = await ask(flag, requirements);
      expect(shortly(outcome)).toEqual(
        expect.arrayContaining(requirements.map((name) => expect.stringMatching(`^${name}==`))),
      );
      const own = prepareSet((await loadDocument({ kind: 'set', subject: flag })) as PackageSet).index;
      for (const { name, origin } of outcome.ok ? outcome.value.packages : []) {
        expect([name, origin]).toEqual([name, own.has(name) ? 'set' : 'index']);
      }
    },
  );

  test('the newest FastAPI, with what has to be unpinned for it', async () => {
    const refused = await ask(flag, ['fastapi>=0.142']);
    const fix = refused.ok ? '' : (refused.issues[0]!.fix ?? '');
    const unpin = [...fix.matchAll(/--unpin ([\w-]+)/g)].map(([, name]) => name!);
    expect(unpin.length).toBeGreaterThan(0);
    const outcome = await ask(flag, ['fastapi>=0.142'], { unpin });
    expect(shortly(outcome)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^fastapi==0\.142/),
        expect.stringMatching(/^opentelemetry-api==/),
      ]),
    );
    // No fewer names would do.
    for (const one of unpin) {
      expect((await ask(flag, ['fastapi>=0.142'], { unpin: unpin.filter((name) => name !== one) })).ok).toBe(
        false,
      );
    }
  });

  test('what has no wheel for Emscripten is refused by name', async () => {
    const outcome = await ask(flag, ['langchain-core']);
    expect(outcome.ok ? '' : outcome.issues[0]!.message).toBe(
      `Because langchain-core ${Object.keys(projects['langchain-core']!)[0]} depends on uuid-utils<1.0,>=0.12.0 ` +
        `(${Object.keys(projects['uuid-utils']!)[0]} is left out, which has no wheel for this runtime) ` +
        'and you require langchain-core, your requirements cannot be met.',
    );
  });
});
