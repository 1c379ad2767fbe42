import { describe, expect, test } from 'vitest';
import { resolve } from '../../../resolver/closure/resolve.ts';
import type { Finding } from '../../../resolver/python/finding.ts';
import { type UpgradeAnswer, type UpgradeQuestion, upgrade } from '../../../resolver/time/upgrade.ts';
import { AS_OF, allPins, flagEffects, prepared, source, view } from './data.ts';

const compatibility_flags = ['python_workers'];

async function ask(
  requirements: string[],
  question: Partial<UpgradeQuestion> = {},
  from: Parameters<typeof upgrade>[2] = { ...source, flagEffects },
  seen = view,
): Promise<UpgradeAnswer> {
  const asked = { from: '2025-11-02', compatibility_flags, as_of: AS_OF, requirements, ...question };
  const outcome = await upgrade(seen, asked, from);
  if (!outcome.ok) throw new Error(outcome.issues.map(({ message }) => message).join('\n'));
  return outcome.value;
}

async function versionOn(compatibility_date: string, name: string): Promise<string | null> {
  const asked = { compatibility_date, compatibility_flags, as_of: AS_OF, requirements: [name] };
  const outcome = await resolve(view, asked, source);
  return outcome.ok ? outcome.value.packages.find((candidate) => candidate.name === name)!.version : null;
}

test('agrees with resolve for every package and every date', async () => {
  const names = [...allPins.keys()];
  const { steps } = await ask(names);
  expect(steps.length).toBeGreaterThan(2);
  expect(steps.at(-1)!.to).toBe(AS_OF);
  for (const [at, name] of names.entries()) {
    const now = await versionOn('2025-11-02', name);
    for (const step of steps) {
      const { verdict, version } = step.requirements[at]!;
      for (const day of [step.from, step.to]) {
        const resolved = await versionOn(day, name);
        const expected = resolved === null ? 'fails' : resolved === now ? 'same' : 'changes';
        expect([name, day, verdict]).toEqual([name, day, expected]);
        if (resolved !== null) expect(version).toBe(resolved);
      }
    }
  }
});

test('explains nothing: a step says only how many requirements fail', async () => {
  const readPins = () => Promise.reject(new Error('pins were read'));
  const { steps } = await ask(['langchain', 'no-such-package'], {}, { ...source, readPins, flagEffects });
  expect(steps.map(({ failing }) => failing)).toEqual([1, 1, 2]);
});

test('says of which dates the wheel was yanked', async () => {
  const { members, index } = prepared.get('python_3.13_packages_2025_08_08')!;
  const { filename, sha256 } = members[index.get('numpy')!]!;
  const yank = {
    subject: filename,
    sha256,
    reason: 'It crashes.',
    from: AS_OF,
    revision: 1,
    withdrawn: null,
  };
  const yanks = { ...view, yankedWheels: new Map([[sha256, yank]]) };
  const { steps } = await ask(['numpy', 'idna'], { judge: async () => [] }, undefined, yanks);
  const yanked = steps.map(({ requirements }) => requirements.map((requirement) => requirement.yanked));
  expect(yanked).toEqual([
    [false, false],
    [true, false],
    [false, false],
  ]);
});

describe('the newest date', () => {
  test('at which nothing changes, and at which everything works', async () => {
    const known = await ask(['fastapi']);
    expect([known.newest_same, known.newest_working]).toEqual(['2025-12-15', AS_OF]);
    const gone = await ask(['fastapi', 'langchain']);
    expect([gone.newest_same, gone.newest_working]).toEqual(['2025-12-15', '2026-09-07']);
    const verdicts = gone.steps.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['changes', 'changes', 'same', 'changes', 'fails']);
  });

  test('is that before a flag may affect code, unless nothing in the files shows it', async () => {
    const from = '2024-03-29';
    const unread = await ask([], { from });
    expect(unread.newest_same).toBe('2025-08-10');
    const last = unread.steps.at(-1)!.flags.map(({ flag }) => flag);
    expect(last).toContain('python_no_global_handlers');
    expect(last).not.toContain('python_workers_314');
    const judge = async () => [];
    const judged = await ask([], { from, judge });
    expect([judged.newest_same, judged.steps.length]).toEqual(['2025-09-28', 3]);

    const rows = flagEffects.filter(({ field }) => field !== 'pythonNoGlobalHandlers');
    const unknown = await ask([], { from, judge }, { ...source, flagEffects: rows });
    expect(unknown.newest_same).toBe('2025-08-13');
  });

  test('is null if something is missing everywhere', async () => {
    const { newest_same, newest_working, steps } = await ask(['no-such-package']);
    expect([newest_same, newest_working]).toEqual([null, null]);
    expect(new Set(steps.map(({ verdict }) => verdict))).toEqual(new Set(['fails']));
  });

  test("is today for a Worker with today's date", async () => {
    expect((await ask(['numpy'], { from: AS_OF })).newest_same).toBe(AS_OF);
  });

  test('depends on findings in files, to the day', async () => {
    const flag = view.flags.find(({ field }) => field === 'pythonExternalSDK')!;
    const first = flag.enable_date!;
    const finding: Finding = {
      ...{ severity: 'error', code: 'sdk', message: 'gone', fix: null, fixes: [] },
      ...{ path: 'entry.py', line: 1, column: 1 },
    };
    const judge = async (date: string) => (date >= first ? [finding] : []);
    const { steps, newest_working } = await ask([], { judge });
    expect(newest_working! < first).toBe(true);
    expect(steps.find(({ from }) => from === first)).toMatchObject({ verdict: 'fails', findings: [finding] });
    for (const { from, to } of steps) expect(from >= first === to >= first).toBe(true);
  });
});

test('invalid input is rejected', async () => {
  const asked = { from: '2025-9-1', compatibility_flags, as_of: AS_OF, requirements: ['numpy=1'] };
  const outcome = await upgrade(view, asked, source);
  expect(outcome.ok).toBe(false);
});
