/**
 * Compares the resolver's PEP 440 and PEP 508 with Python's `packaging`, on random input. `DELIBERATE` explains
 * intentional differences.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Issue, Outcome } from '../../../resolver/issue.ts';
import { evaluateMarker, type Marker, parseMarker } from '../../../resolver/requirements/marker.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { parseSpecifiers, satisfies } from '../../../resolver/requirements/specifier.ts';
import { compareVersions, parseVersion } from '../../../resolver/requirements/version.ts';
import * as generate from './generate.ts';
import { askPackaging, installPackaging } from './packaging.ts';
import { Random } from './random.ts';

/** What `packaging` accepts and the resolver rejects, each with an example that is tested. */
const DELIBERATE: { reason: string; code: string; message?: RegExp; text?: RegExp; example: string }[] = [
  {
    reason: 'a direct URL is well-formed, but a registry of pinned wheels never follows one',
    code: 'direct_url_requirement',
    example: 'pip @ file:///etc/passwd',
  },
  {
    reason: 'a wheel or archive is well-formed as a name, but meant as a path',
    code: 'local_path_requirement',
    example: 'six-1.17.0-py2.py3-none-any.whl',
  },
  { reason: 'limit', code: 'requirement_too_long', example: `a${' '.repeat(4096)}` },
  {
    reason: 'limit',
    code: 'invalid_requirement',
    message: /over the limit of 100/,
    example: 'a'.repeat(101),
  },
  {
    reason: 'limit',
    code: 'invalid_specifier',
    message: /over the limit of 128/,
    example: `a==1.${'0'.repeat(127)}`,
  },
  {
    reason: 'limit',
    code: 'invalid_marker',
    message: /too long/,
    example: `a; python_version > "1.${'0'.repeat(127)}"`,
  },
  {
    reason: 'limit (packaging fails with a RecursionError, but later)',
    code: 'marker_too_deep',
    example: `a; ${'('.repeat(65)}os_name == "x"${')'.repeat(65)}`,
  },
  {
    reason: 'PEP 508 has no backslash in strings; packaging reads the escapes of Python',
    code: 'invalid_marker',
    message: /`\\` is not allowed/,
    example: 'a; os_name == "\\x61"',
  },
  {
    reason: 'packaging ignores the case of ~= by Unicode, and so takes ſ for s, then fails to compare',
    code: 'invalid_specifier',
    message: /not a version/,
    text: /[ſıİ]/,
    example: 'a~=1.0poſt1',
  },
];

function isDeliberate(issue: Issue, asked: string): boolean {
  return DELIBERATE.some(
    ({ code, message, text }) =>
      issue.code === code && (message?.test(issue.message) ?? true) && (text?.test(asked) ?? true),
  );
}

const environments = generate.environments.map((variables) => ({
  environment: new Map(Object.entries(variables)),
  extra: canonicalName(variables.extra!),
}));

function evaluateAll(marker: Marker): (boolean | null)[] {
  return environments.map(({ environment, extra }) => evaluateMarker(marker, environment, extra));
}

/** The cases with unintended differences, with both answers. An issue counts as null. */
function differences<Question extends object>(
  questions: readonly Question[],
  answer: (question: Question) => Outcome<unknown>,
): object[] {
  const theirs = askPackaging<unknown>(questions);
  return questions.flatMap((question, at) => {
    const outcome = answer(question);
    const ours = outcome.ok ? outcome.value : null;
    if (JSON.stringify(ours) === JSON.stringify(theirs[at])) return [];
    if (!outcome.ok && isDeliberate(outcome.issues[0]!, Object.values(question).join(' '))) return [];
    return [{ ...question, environments: undefined, packaging: theirs[at], resolver: ours }];
  });
}

function share(count: number, total: number): number {
  return Math.round((100 * count) / total);
}

beforeAll(installPackaging, 60_000);

describe('equal to packaging 26.3', () => {
  test('12,000 pairs of versions compare the same', () => {
    const random = new Random(440);
    const questions = Array.from({ length: 12_000 }, () => {
      const a = generate.version(random);
      const b = generate.neighbour(random, a);
      return { kind: 'compare', a, b: random.chance(10) ? generate.mutate(random, b) : b };
    });
    const orders = new Set<unknown>();
    const found = differences(questions, ({ a, b }) => {
      const [left, right] = [parseVersion(a), parseVersion(b)];
      const order = left && right && Math.sign(compareVersions(left, right));
      orders.add(order);
      return { ok: true, value: order };
    });
    expect(found).toEqual([]);
    expect(orders).toEqual(new Set([-1, 0, 1, null]));
  });

  test('30,000 versions are in the same specifiers, pre-releases included and by default', () => {
    const random = new Random(3);
    const questions = Array.from({ length: 30_000 }, () => {
      const near = generate.version(random);
      const specifiers = generate.specifierSet(random, near);
      const version = generate.neighbour(random, near);
      return {
        kind: 'contains',
        specifiers: random.chance(5) ? generate.mutate(random, specifiers) : specifiers,
        version: random.chance(2) ? random.pick(['1.1.1w', 'anything', '']) : version,
      };
    });
    const count = { satisfied: 0, refused: 0, invalid: 0 };
    const found = differences(questions, ({ specifiers, version }) => {
      const parsed = parseSpecifiers(specifiers);
      if (!parsed.ok) {
        count.invalid++;
        return parsed;
      }
      const held = satisfies(version, parsed.value);
      count[held ? 'satisfied' : 'refused']++;
      return { ok: true, value: [held, held] };
    });
    expect(found).toEqual([]);
    expect(share(count.satisfied, questions.length)).toBeGreaterThan(15);
    expect(share(count.refused, questions.length)).toBeGreaterThan(15);
    expect(share(count.invalid, questions.length)).toBeGreaterThan(5);
  });

  test('10,000 markers mean the same in four environments', () => {
    const random = new Random(508);
    const questions = Array.from({ length: 10_000 }, () => {
      const marker = generate.marker(random);
      return {
        kind: 'marker',
        marker: random.chance(20) ? generate.mutate(random, marker) : marker,
        environments: generate.environments,
      };
    });
    const found = differences(questions, ({ marker }) => {
      const parsed = parseMarker(marker);
      return parsed.ok ? { ok: true, value: evaluateAll(parsed.value) } : parsed;
    });
    expect(found).toEqual([]);
  });

  test('20,000 requirements are read the same, or rejected by both', () => {
    const random = new Random(11);
    const questions = Array.from({ length: 20_000 }, () => {
      const requirement = generate.requirement(random);
      return {
        kind: 'requirement',
        requirement: random.chance(40) ? generate.mutate(random, requirement) : requirement,
        environments: generate.environments,
      };
    });
    let valid = 0;
    const found = differences(questions, ({ requirement }) => {
      const parsed = parseRequirement(requirement);
      if (!parsed.ok) return parsed;
      valid++;
      const { name, written_name, extras, specifiers, marker } = parsed.value;
      const texts = [...new Set(specifiers.map((specifier) => specifier.text))].sort();
      const value = { name, written_name, extras, specifiers: texts, marker: marker && evaluateAll(marker) };
      return { ok: true, value: { ...value, url: false } };
    });
    expect(found).toEqual([]);
    expect(share(valid, questions.length)).toBeGreaterThan(30);
    expect(share(valid, questions.length)).toBeLessThan(70);
  });
});

describe('different from packaging 26.3 on purpose', () => {
  test('packaging accepts every such example', () => {
    const questions = DELIBERATE.map(({ example }) => ({
      kind: 'requirement',
      requirement: example,
      environments: [],
    }));
    expect(askPackaging(questions)).not.toContain(null);
  });

  test.each(DELIBERATE)('$code: $reason', ({ code, message, example }) => {
    const parsed = parseRequirement(example);
    const issue = parsed.ok ? null : parsed.issues[0]!;
    expect(issue).toMatchObject({ kind: 'malformed', code });
    expect(issue!.message).toMatch(message ?? /./);
  });
});
