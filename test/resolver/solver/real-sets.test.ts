/** Popular requirements, with the newest set of each ABI and an index of real projects in one version each. */

import { describe, expect, test } from 'vitest';
import type { PackageSet } from '../../../resolver/catalog.ts';
import { prepareSet } from '../../../resolver/closure/prepare.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { type SolveQuestion, solve } from '../../../resolver/solver/index.ts';
import { loadCatalog, loadDocument } from '../../../scripts/import/data-files.ts';
import { type MadeIndex, makeIndex, type Projects, shortly } from './made-index.ts';
import { recordedProjects } from './real-projects.ts';

/** Those of the requirements and dependencies whose wheels are compiled, but not for Emscripten. */
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
  const set = (await loadDocument({ kind: 'set', name: flag })) as PackageSet;
  const target = { compatibility_date: '2026-11-20', runtime: set, package_set: set };
  return solve({ target, set: prepareSet(set), requirements, index, ...more });
}

/** The names that a fix unpins. */
function unpinned({ fixes }: Issue): string[] {
  return fixes.flatMap((fix) => (fix.kind === 'take_from_index' ? fix.packages : []));
}

describe.each(newest)('%s', (flag) => {
  test('Django needs three packages from the index, and six requests', async () => {
    const index = makeIndex(projects);
    const outcome = await ask(flag, ['django'], {}, index);
    expect(shortly(outcome).map((pin) => pin.split('==')[0])).toEqual(['asgiref', 'django', 'sqlparse']);
    expect(index.asked).toHaveLength(6);
  });

  test.each([[['starlette', 'httpx']], [['openai']], [['pydantic', 'jinja2', 'django']]])(
    '%j',
    async (requirements) => {
      const refused = await ask(flag, requirements);
      const unpin = refused.ok ? [] : unpinned(refused.issues[0]!);
      const outcome = refused.ok ? refused : await ask(flag, requirements, { unpin });
      expect(shortly(outcome)).toEqual(
        expect.arrayContaining(requirements.map((name) => expect.stringMatching(`^${name}==`))),
      );
      const own = prepareSet((await loadDocument({ kind: 'set', name: flag })) as PackageSet).index;
      for (const { name, origin } of outcome.ok ? outcome.value.packages : []) {
        expect([name, origin]).toEqual([name, own.has(name) && !unpin.includes(name) ? 'set' : 'index']);
      }
    },
  );

  test('the newest FastAPI, with the packages to unpin', async () => {
    const refused = await ask(flag, ['fastapi>=0.142']);
    const unpin = refused.ok ? [] : unpinned(refused.issues[0]!);
    expect(unpin.length).toBeGreaterThan(0);
    const outcome = await ask(flag, ['fastapi>=0.142'], { unpin });
    expect(shortly(outcome)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^fastapi==0\.142/),
        expect.stringMatching(/^opentelemetry-api==/),
      ]),
    );
    // No fewer names would do.
    for (const needed of unpin) {
      expect(
        (await ask(flag, ['fastapi>=0.142'], { unpin: unpin.filter((name) => name !== needed) })).ok,
      ).toBe(false);
    }
  });

  test('a package without a wheel for Emscripten is rejected by name', async () => {
    const outcome = await ask(flag, ['langchain-core>=1']);
    expect(outcome.ok ? '' : outcome.issues[0]!.message).toBe(
      `Because langchain-core ${Object.keys(projects['langchain-core']!).at(-1)} depends on uuid-utils<1.0,>=0.12.0 ` +
        `(${Object.keys(projects['uuid-utils']!)[0]} is left out, which has no wheel for this runtime) ` +
        'and you require langchain-core>=1, your requirements cannot be satisfied.',
    );
  });
});
