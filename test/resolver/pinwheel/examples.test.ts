/**
 * The requirements of Cloudflare's examples of Python Workers, as of autumn 2026, with an index that has their
 * packages. Most of the examples require nothing.
 */
import { describe, expect, test } from 'vitest';
import { makeIndex, type Projects } from '../solver/made-index.ts';
import { recordedProjects } from '../solver/real-projects.ts';
import { pinwheel } from './bundled.ts';

const SDK = 'workers-runtime-sdk';

/** [compatibility date, requirements, the names that no set has] */
const EXAMPLES: [name: string, date: string, requirements: string[], beyond: string[]][] = [
  ['hello, and ten others', '2025-11-02', [], []],
  ['fastapi', '2025-11-02', ['fastapi', 'markupsafe', 'jinja2'], []],
  [
    'langchain',
    '2026-07-29',
    ['langchain-cloudflare', 'langchain-core', `${SDK}>=1.6.8`],
    ['langchain-cloudflare', SDK],
  ],
  ['image-gen', '2025-11-02', ['pillow'], []],
  ['pygments', '2026-06-01', ['pygments'], []],
  [
    'sync-http-clients',
    '2025-11-02',
    ['httpx>=0.28.0', 'requests>=2.32.0', 'urllib3>=2.5.0', `${SDK}>=1.1.1`],
    [SDK],
  ],
  ['dynamic-py-py', '2026-04-01', ['webtypy>=0.1.7'], ['webtypy']],
  ['django', '2026-07-29', ['django'], ['django']],
  ['django-todo-d1', '2026-07-29', ['django', 'django-cf>=0.2.14'], ['django', 'django-cf']],
];

const uploaded = '2025-10-01T00:00:00Z';

/** The METADATA of real projects, and of the examples' own packages as much as matters here. */
const projects: Projects = {
  ...Object.fromEntries(
    Object.entries(recordedProjects()).map(([name, { version, requires_dist, requires_python }]) => [
      name,
      {
        [version]: {
          requires: requires_dist,
          uploaded,
          ...(requires_python && { requiresPython: requires_python }),
        },
      },
    ]),
  ),
  'langchain-cloudflare': { '0.3.6': { requires: ['langchain-core>=0.3', 'httpx>=0.28'], uploaded } },
  [SDK]: { '1.7.0': { requires: [], uploaded } },
  webtypy: { '0.1.7': { requires: [], uploaded } },
  'django-cf': { '0.2.14': { requires: ['django>=5', 'sqlparse'], uploaded } },
};

describe.each(EXAMPLES)('%s', (_, compatibility_date, requirements, beyond) => {
  const question = {
    compatibility_date,
    compatibility_flags: ['python_workers'],
    as_of: '2026-11-20',
    requirements,
  };

  test('resolves with an index, as issues propose if the set conflicts', async () => {
    const index = makeIndex(projects);
    let outcome = await pinwheel.safeResolve({ ...question, index });
    if (!outcome.ok) {
      const fixes = outcome.issues.flatMap((issue) => issue.fixes);
      const flags = fixes.flatMap((fix) => (fix.kind === 'package_flag' ? fix.flag : []));
      const compatibility_flags = [...question.compatibility_flags, ...new Set(flags)];
      const unpin = [
        ...new Set(fixes.flatMap((fix) => (fix.kind === 'take_from_index' ? fix.packages : []))),
      ];
      outcome = await pinwheel.safeResolve({ ...question, compatibility_flags, index, unpin });
    }
    if (!outcome.ok)
      throw new Error(outcome.issues.map(({ message, fix }) => `${message}\n${fix}`).join('\n'));
    const names = outcome.value.packages.map(({ name }) => name);
    for (const name of beyond) expect(names).toContain(name);
  });
});
