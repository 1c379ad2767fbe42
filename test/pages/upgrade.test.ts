/** What the upgrade view computes and draws for the longest questions. */
import { expect, test, vi } from 'vitest';
import { answerUpgrade, type Upgrade } from '../../registry/pages/upgrade/answer.ts';
import { UpgradeResult } from '../../registry/pages/upgrade/upgrade-result.tsx';
import { MAX_REQUIREMENTS } from '../../resolver/question/fields.ts';
import { AS_OF, allPins, readModules, source, view } from '../resolver/time/data.ts';

const sides = { from: '2025-11-02', to: '2026-11-01' };
const counted = { openSet: vi.fn(source.openSet), readPins: vi.fn(source.readPins), readModules };

async function upgradeOf(requirements: string[]): Promise<Upgrade> {
  const question = {
    compatibility_date: sides.from,
    compatibility_flags: ['python_workers'],
    as_of: AS_OF,
  };
  const asking = { question, revision: undefined, asOfGiven: true, requirements, remarks: [] };
  const outcome = await answerUpgrade(view, asking, sides, counted);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  return outcome.value;
}

const draw = (upgrade: Upgrade) =>
  String(UpgradeResult({ upgrade, origin: 'https://registry.example', kind: 'toml' }));
const countOf = (html: string, part: RegExp) => [...html.matchAll(part)].length;

const unknown = Array.from({ length: MAX_REQUIREMENTS }, (_, at) => `no-such-package-${at}`);

test('an explanation is computed once', async () => {
  counted.readPins.mockClear();
  const { at } = await upgradeOf(unknown.slice(0, 400));
  expect(at.issues.map(({ fix }) => fix === null)).toEqual(unknown.slice(0, 400).map((_, of) => of >= 50));
  expect(counted.readPins).toHaveBeenCalledTimes(1);
});

test('a set is opened once, for all dates that have it', async () => {
  counted.openSet.mockClear();
  const { answer } = await upgradeOf(['no-such-package', 'numpy']);
  expect(answer.steps).toHaveLength(3);
  expect(counted.openSet).toHaveBeenCalledTimes(3);
});

test.each([
  ['unknown', unknown, 20],
  ['known', [...allPins.keys()].slice(0, MAX_REQUIREMENTS), 20],
  ['repeated', unknown.map(() => 'fastapi'), 0],
])('a page about %s names lists the first ones, and counts the rest', async (_, requirements, unmet) => {
  const upgrade = await upgradeOf(requirements);
  const html = draw(upgrade);
  const [, steps] = /<table class="steps">(.*?)<\/table>/s.exec(html)!;
  // The head, the first row, fifty requirements, and how many more there are.
  expect(countOf(steps!, /<tr>/g)).toBe(53);
  expect(steps).toContain(`And ${requirements.length - 50} more`);
  expect(countOf(html, /<li class="unmet">/g)).toBe(unmet);
  // Each link would repeat the question.
  expect(countOf(html, /class="fixes"/g)).toBe(0);
  expect(html.length).toBeLessThan(300_000);
});

test('what changes comes before what stays the same', async () => {
  const same = ['six', 'idna'].flatMap((name) => Array.from({ length: 40 }, () => name));
  const html = draw(await upgradeOf([...same, 'no-such-package']));
  const [, steps] = /<table class="steps">(.*?)<\/table>/s.exec(html)!;
  expect(steps).toContain('no-such-package');
});
