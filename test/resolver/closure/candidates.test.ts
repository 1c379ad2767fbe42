/** Which changes an issue proposes. */
import { describe, expect, test, vi } from 'vitest';
import type { CatalogYank } from '../../../resolver/catalog.ts';
import { type ResolveQuestion, resolve } from '../../../resolver/closure/resolve.ts';
import type { Pin, ResolveSource } from '../../../resolver/closure/source.ts';
import type { Issue } from '../../../resolver/issue.ts';
import type { Fix } from '../../../resolver/issues/fix.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { newest as view } from '../compatibility/catalog.ts';
import { applyAll as applyChanges } from './applied.ts';
import { realSource as real, realSets, sourceOf } from './sets.ts';

const question = (requirements: string[], more: Partial<ResolveQuestion> = {}): ResolveQuestion => ({
  compatibility_date: '2025-11-02',
  compatibility_flags: ['python_workers'],
  as_of: '2026-11-20',
  requirements,
  ...more,
});

async function issuesOf(asked: ResolveQuestion, source = real): Promise<Issue[]> {
  const answer = await resolve(view, asked, source);
  return answer.ok ? [] : answer.issues;
}

type Change = FixOf<'date' | 'package_flag' | 'set_requirement'>;
const isChange = (fix: Fix): fix is Change => ['date', 'package_flag', 'set_requirement'].includes(fix.kind);
const candidatesOf = (issue: Issue): Change[] => issue.fixes.filter(isChange);

const applyAll = (asked: ResolveQuestion, source = real) =>
  applyChanges(asked, (changed) => resolve(view, changed, source));

describe('a proposed change', () => {
  test('is first a set for the same runtime, of the same Pyodide if possible', async () => {
    const proposed = async (text: string) => {
      const asked = question([text]);
      const [issue] = await issuesOf(asked);
      expect(await applyAll(asked)).toBeGreaterThan(0);
      return { first: candidatesOf(issue!)[0], fix: issue!.fix };
    };
    const pillow = await proposed('pillow');
    expect(pillow.first).toMatchObject({
      ...{ kind: 'package_flag', flag: 'python_3.13_packages_2025_09_22' },
      has: [{ name: 'pillow', version: '11.3.0' }],
      ...{ pyodide: '0.28.2', same_runtime: true },
    });
    expect(pillow.fix).toMatch(
      /^Name the package flag python_3\.13_packages_2025_09_22: it has pillow 11\.3\.0 and runs on this runtime, Pyodide 0\.28\.2 \(one of \d+ sets that would do\)\. With the compatibility date 2026-09-08, /,
    );
    expect(pillow.fix).not.toContain('compatibility flag');
    // A version, too; and only Pyodide 0.29 has this one.
    expect((await proposed('pillow<11.3')).first).toMatchObject({
      flag: 'python_3.13_packages_2025_07_04',
    });
    expect((await proposed('apsw>=3.50')).first).toMatchObject({ same_runtime: true });
  });

  test.each([
    ['PIL', 'The module pil comes with pillow, which python_3.14_packages_2026_08_25 has.'],
    ['pilow', 'Perhaps you mean pillow, which python_3.14_packages_2026_08_25 has.'],
  ])('for %s, of which this set has nothing, is what the newest set has', async (name, said) => {
    expect(await issuesOf(question([name]))).toMatchObject([{ fix: said, fixes: [{ kind: 'advice' }] }]);
  });

  test('is a yanked set only if every other is yanked', async () => {
    const yankedSets = new Map<string, CatalogYank>();
    const firstOf = async () => {
      const answer = await resolve({ ...view, yankedSets }, question(['pillow']), real);
      const [first] = answer.ok ? [] : answer.issues.flatMap(candidatesOf);
      return first?.kind === 'package_flag' ? first : expect.fail(JSON.stringify(answer));
    };
    const { flag, others } = await firstOf();
    expect(others).toBeGreaterThan(0);
    for (let subject = flag; !yankedSets.has(subject); subject = (await firstOf()).flag) {
      const yank = { subject, sha256: null, reason: 'It crashes.', from: '2026-12-01' };
      yankedSets.set(subject, { ...yank, revision: 1, withdrawn: null });
    }
    expect(yankedSets.size).toBe(1 + others);
    expect((await firstOf()).flag).toBe(flag);
  });

  test('needs a marker that holds there, or is not proposed', async () => {
    const asked = question(['numpy<2; python_version >= "3.13"']);
    const [issue] = await issuesOf(asked);
    expect(candidatesOf(issue!).map(({ kind }) => kind)).toEqual(['set_requirement', 'set_requirement']);
    expect(issue!.fix).toContain('but no target satisfies all requirements');
    await applyAll(asked);
  });

  test('satisfies all requirements together', async () => {
    const asked = question(['pydantic<2.10', 'polars>=1']);
    const issues = await issuesOf(asked);
    for (const issue of issues) {
      // Each holds at some dates, but both at none.
      const others = candidatesOf(issue).filter(({ kind }) => kind !== 'set_requirement');
      expect(others).toMatchObject([{ kind: 'package_flag', flag: 'python_3.12_packages_2025_01_15' }]);
    }
    const alone = await issuesOf(question(['polars>=1']));
    expect(candidatesOf(alone[0]!).map(({ kind }) => kind)).toEqual(['date']);
    expect(await applyAll(asked)).toBeGreaterThan(0);
  });

  test('replaces the named package flag', async () => {
    const flag = 'python_3.12_packages_2025_03_01';
    const asked = question(['numpy>=2.2'], { compatibility_flags: [flag], compatibility_date: null });
    const [issue] = await issuesOf(asked);
    const [other] = candidatesOf(issue!);
    expect(other).toMatchObject({ kind: 'package_flag', replaces: flag });
    expect(issue!.fix).toMatch(
      /Name the package flag python_3\.14_\w+ instead of python_3\.12_packages_2025_03_01: /,
    );
    expect(await applyAll(asked)).toBeGreaterThan(0);
  });

  test('is not a version that no requirement can name', async () => {
    const member = { version: '1.1.1n' };
    const sets = realSets.map((set) => ({
      ...set,
      packages: set.packages.map((known) => (known.name === 'six' ? { ...known, ...member } : known)),
    }));
    const issues = await issuesOf(question(['six>=2']), sourceOf(sets));
    expect(candidatesOf(issues[0]!)).toEqual([
      { kind: 'set_requirement', name: 'six', requirement: 'six', because: 'pinned' },
    ]);
  });

  test('is never a set whose closure is incomplete', async () => {
    // Every set but that of the question lacks what pydantic needs.
    const sets = realSets.map((set) => ({
      ...set,
      packages: set.packages.filter(
        ({ name }) => name !== 'typing-extensions' || set.flag === 'python_3.13_packages_2025_08_08',
      ),
    }));
    const asked = question(['pydantic>=2.12', 'six']);
    expect(await applyAll(asked, sourceOf(sets))).toBe(2);
    expect(await applyAll(asked)).toBeGreaterThan(2);
  });

  test('is made for the first fifty issues, by the same search', async () => {
    let reads = 0;
    const source: ResolveSource = {
      ...real,
      readPins: (names) => {
        reads++;
        return real.readPins(names);
      },
    };
    const many = Array.from({ length: 1_000 }, (_, at) => `numpy<2,!=9.${at}`);
    const issues = await issuesOf(question(many), source);
    expect([issues.length, reads]).toEqual([1_000, 1]);
    const explained = issues.map(({ fixes }) => fixes.length > 0);
    expect(explained).toEqual(many.map((_, at) => at < 50));
    expect([issues[49]!.fix === null, issues[50]!.fix]).toEqual([false, null]);
  });

  test.each([
    ['no set has what fails', ['six', 'no-such-package'], [['no-such-package']]],
    ['no set has all that fails', ['six', 'altair', 'pyjwt'], [['altair', 'pyjwt']]],
    ['a set has all that fails', ['six', 'polars'], [['polars'], ['six']]],
  ])('if %s, only these pins are read', async (_, requirements, expected) => {
    const read: string[][] = [];
    const source: ResolveSource = {
      ...real,
      async readPins(names, among) {
        read.push([...names]);
        const pins = await real.readPins(names);
        // A source may leave out the pins of other sets.
        const isAsked = ({ flag }: Pin) => !among || among.some((set) => set.flag === flag);
        return new Map([...pins].map(([name, of]) => [name, of.filter(isAsked)]));
      },
    };
    const asked = question(requirements, { compatibility_flags: ['python_3.13_packages_2025_08_08'] });
    expect(await issuesOf(asked, source)).toEqual(await issuesOf(asked));
    expect(read).toEqual(expected);
  });
});

test('for names that no set has, no other set but the newest is opened, and the first fifty are compared with the names of the set', async () => {
  const opened: string[] = [];
  const fresh = sourceOf(realSets);
  const source: ResolveSource = {
    ...fresh,
    openSet: (set) => {
      opened.push(set.flag);
      return fresh.openSet(set);
    },
  };
  const set = await fresh.openSet(view.sets.get('python_3.13_packages_2025_08_08')!);
  const read = vi.spyOn(set.index, 'keys');
  const names = Array.from({ length: 400 }, (_, at) => `no-such-package-${at}`);
  const issues = await issuesOf(question(['numpy', 'numpyy', ...names]), source);
  expect(issues).toHaveLength(401);
  expect(issues[0]).toMatchObject({ code: 'unknown_package', near: ['numpy'] });
  expect(opened).toEqual([set.flag, 'python_3.14_packages_2026_08_25']);
  expect(read).toHaveBeenCalledTimes(50);
});
