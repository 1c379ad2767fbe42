import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../../resolver/answer.ts';
import { resolve } from '../../../resolver/closure/resolve.ts';
import { type CopyBlocks, copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import { readWranglerTables, wranglerSettings } from '../../../resolver/formats/wrangler.ts';
import { realSource } from '../closure/sets.ts';
import { targetOf, newest as view } from '../compatibility/catalog.ts';

const AS_OF = '2026-12-24';
const ORIGIN = 'https://registry.example';

const source = { ...realSource, readPins: async () => new Map() };

async function closureOf(date: string | null, flags: readonly string[], requirements: readonly string[]) {
  const question = { compatibility_date: date, compatibility_flags: flags, as_of: AS_OF, requirements };
  const answer = await resolve(view, question, source);
  if (!answer.ok) throw new Error(answer.issues.map(({ message }) => message).join());
  return answer.value;
}

function offer(target: Target, packages: Parameters<typeof copyBlocks>[0]['packages'] = []): CopyBlocks {
  const index = `${ORIGIN}/simple/${target.package_set.flag}/`;
  return copyBlocks({ target, date: dateThatGives(view, target), packages, index });
}

const linesOf = ({ blocks }: CopyBlocks, name: string) => blocks.find((block) => block.name === name)?.lines;

/** The target of the lines for a wrangler file, parsed like by wrangler. */
function pasted(lines: readonly string[], kind: 'json' | 'toml'): Target {
  const tables = readWranglerTables('wrangler', lines.join('\n'), kind);
  const settings = tables.ok ? wranglerSettings('wrangler', tables.value.tables) : tables;
  if (!settings.ok) throw new Error(settings.issues[0]!.message);
  return targetOf({ ...settings.value, as_of: AS_OF }, view);
}

describe('lines for a wrangler file', () => {
  const questions = [
    ...['2024-06-01', '2025-09-29', '2026-09-08', '2026-09-14', '2026-11-21'].map(
      (date) => [date, 'python_workers'] as const,
    ),
    ...[...view.sets.keys()].map((flag) => [null, flag] as const),
    ...[...view.sets.keys()].map((flag) => ['2026-11-01', flag] as const),
  ];

  test.each(questions)('%s %s: select that set on that runtime, or do not exist', (date, flag) => {
    const target = targetOf({ compatibility_date: date, compatibility_flags: [flag], as_of: AS_OF }, view);
    const offered = offer(target);
    const jsonc = linesOf(offered, 'wrangler.jsonc');
    const toml = linesOf(offered, 'wrangler.toml');
    expect(offered.remark === null).toBe(jsonc !== undefined);
    for (const again of [jsonc && pasted(jsonc, 'json'), toml && pasted(toml, 'toml')]) {
      if (!again) continue;
      expect(again.package_set).toEqual(target.package_set);
      expect(again.runtime).toEqual(target.runtime);
      expect(again.compatibility_flags.filter((name) => view.sets.has(name))).toEqual([]);
    }
  });

  test('exist for the defaults of runtimes and releases, and for no other set', () => {
    const given = [...view.sets.keys()].filter((flag) => {
      const asked = { compatibility_date: null, compatibility_flags: [flag], as_of: AS_OF };
      return offer(targetOf(asked, view)).remark === null;
    });
    expect(given).toEqual([
      'python_3.12_packages_2024_08_29',
      'python_3.13_packages_2025_08_08',
      'python_3.14_packages_2026_08_25',
    ]);
    const flag = 'python_3.13_packages_2025_09_22';
    const asked = { compatibility_date: null, compatibility_flags: [flag], as_of: AS_OF };
    expect(offer(targetOf(asked, view)).remark).toBe(
      `No compatibility date selects ${flag}: vendor its packages.`,
    );
  });
});

describe('lines for installers', () => {
  test('pin the requested packages, in the index of the set', async () => {
    const { target, packages } = await closureOf('2026-12-01', ['python_workers'], ['httpx', 'pymupdf']);
    const offered = offer(target, packages);
    const project = parse(linesOf(offered, 'pyproject.toml')!.join('\n'));
    const version = (name: string) => packages.find((one) => one.name === name)!.version;
    expect(project).toMatchObject({
      project: {
        dependencies: expect.arrayContaining([
          `httpx==${version('httpx')}`,
          `pymupdf==${version('pymupdf')}`,
        ]),
        'requires-python': '==3.14.*',
      },
      tool: { uv: { index: [{ url: `${ORIGIN}/simple/${target.package_set.flag}/` }] } },
    });
    const again = await closureOf(
      '2026-12-01',
      ['python_workers'],
      (project.project as { dependencies: string[] }).dependencies,
    );
    expect(again.packages).toEqual(packages);
  });

  test('do not exist for archives', async () => {
    const { target, packages } = await closureOf('2025-11-02', ['python_workers'], ['numpy']);
    const offered = offer(target, packages);
    expect(offered.blocks.map(({ name }) => name)).toEqual([
      'wrangler.jsonc',
      'wrangler.toml',
      'pinwheel vendor',
    ]);
  });
});

describe('the line for pinwheel', () => {
  test.each([
    ['2025-11-02', 'python_workers', ['fastapi', 'numpy']],
    ['2026-12-01', 'python_workers', ['httpx']],
    [null, 'python_3.13_packages_2025_09_22', ['pillow']],
  ] as const)('%s %s %j: gives the same closure', async (date, flag, requirements) => {
    const shown = await closureOf(date, [flag], requirements);
    const [line] = linesOf(offer(shown.target, shown.packages), 'pinwheel vendor')!;
    const words = line!.split(' ');
    expect(words.slice(0, 2)).toEqual(['pinwheel', 'vendor']);
    const at = words.indexOf('--date');
    const again = await closureOf(words[at + 1]!, [words[at + 3]!], words.slice(2, at));
    expect(again.packages).toEqual(shown.packages);
    expect(again.target.runtime).toEqual(shown.target.runtime);
  });
});
