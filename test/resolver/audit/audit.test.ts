import { describe, expect, test } from 'vitest';
import catalog from '../../../data/catalog.json' with { type: 'json' };
import type { AdvisoriesDocument } from '../../../resolver/audit/advisories.ts';
import { AuditAnswer } from '../../../resolver/audit/answer.ts';
import { type Asked, type Catalog, createResolver, type ResolveQuestion } from '../../../resolver/index.ts';
import type { Fix } from '../../../resolver/issues/fix.ts';
import { wasTried } from '../../../resolver/issues/fixes.ts';
import { applied as apply } from '../closure/applied.ts';
import { pinwheel } from '../pinwheel/bundled.ts';
import { makeIndex } from '../solver/made-index.ts';

type Question = Asked<ResolveQuestion>;

const DEFAULT = { compatibility_date: '2025-11-02', compatibility_flags: ['python_workers'] };
const PINNED = { compatibility_flags: ['python_3.13_packages_2025_09_22'] };
const OLD = { compatibility_date: '2025-05-01', compatibility_flags: ['python_workers'] };
const AS_OF = { as_of: '2026-11-20' };
const index = makeIndex({ idna: { '3.15': [] }, urllib3: { '2.7.0': [] } });

const affecting = (findings: AuditAnswer['findings']) => findings.filter(({ affected }) => affected);

/** The question with a fix applied, as its fields say. */
const applied = (question: Question, fix: Fix): Question => {
  const changed = apply(question, fix, null);
  if (!changed) throw new Error(`${fix.kind} is not a change of a question`);
  return changed;
};

const QUESTIONS: Record<string, Question> = {
  'a date': { ...DEFAULT, requirements: ['requests', 'jinja2', 'fastapi'] },
  'many packages': { ...DEFAULT, requirements: ['aiohttp', 'requests', 'fastapi', 'cryptography'] },
  'a requirement that newer sets do not satisfy': { ...DEFAULT, requirements: ['aiohttp<3.12', 'requests'] },
  'a package flag': { ...DEFAULT, ...PINNED, requirements: ['aiohttp', 'pillow'] },
  'a package flag alone': { ...PINNED, requirements: ['aiohttp', 'jinja2'] },
  'an old date': { ...OLD, requirements: ['aiohttp', 'pydantic'] },
  'a Pyodide': { pyodide: '0.27.0', requirements: ['pillow', 'nltk'] },
  'a Pyodide that no workerd runs': { pyodide: '0.29.0', requirements: ['pillow', 'nltk'] },
  'a constraint': { ...DEFAULT, requirements: ['aiohttp'], constraints: ['idna<4'] },
  'an index': { ...DEFAULT, requirements: ['requests'], index, exclude_newer: false },
};

describe.each(Object.entries(QUESTIONS))('%s', (name, asked) => {
  const question = { ...asked, ...AS_OF };

  test('every proposed change, applied, clears what it says', async () => {
    const answer = AuditAnswer.parse(await pinwheel.audit(question));
    expect(answer.findings.length).toBeGreaterThan(0);
    let changes = 0;
    const after = new Map<string, AuditAnswer>();
    for (const finding of answer.findings) {
      if (!finding.affected)
        expect(finding).toMatchObject({ clears: [], statement: { package: finding.name } });
      else expect(finding.clears.length).toBeGreaterThan(0);
      for (const fix of finding.clears.filter(wasTried)) {
        changes++;
        const key = JSON.stringify({ ...fix, has: null });
        if (!after.has(key)) after.set(key, await pinwheel.audit(applied(question, fix)));
        const { findings, target } = after.get(key)!;
        if (fix.kind === 'package_flag') {
          const same_runtime = fix.pyodide === answer.target.runtime.pyodide;
          expect(fix).toMatchObject({ same_runtime, pyodide: target.runtime.pyodide });
          if (fix.replaces !== null) expect(question.compatibility_flags).toContain(fix.replaces);
        }
        const all = affecting(findings);
        expect(all.filter(({ id, name }) => id === finding.id && name === finding.name)).toEqual([]);
        expect(answer.best!.leaves).toBeLessThanOrEqual(all.length);
        if ('has' in fix && fix.has?.length) {
          const { packages } = await pinwheel.resolve(applied(question, fix));
          expect(packages).toEqual(expect.arrayContaining([expect.objectContaining(fix.has[0]!)]));
        }
      }
    }
    if (!name.startsWith('a requirement that')) expect(changes).toBeGreaterThan(0);
  });

  test('the best step leaves as many as it says, and fewer than there are', async () => {
    const { findings: all, best } = await pinwheel.audit(question);
    const findings = affecting(all);
    if (best === null) return expect(name).toMatch(/^a requirement that/);
    const ids = new Set(findings.map(({ name, id }) => `${name} ${id}`));
    const then = await pinwheel.audit(applied(question, best.fix));
    expect(best.not_audited.toSorted()).toEqual(then.not_audited.toSorted());
    const left = affecting(then.findings);
    const isKnown = ({ name, id }: { name: string; id: string }) => ids.has(`${name} ${id}`);
    expect(left).toHaveLength(best.leaves);
    expect(best.leaves).toBeLessThan(findings.length);
    expect(findings.length - left.filter(isKnown).length).toBe(best.clears);
    expect(
      left
        .filter((finding) => !isKnown(finding))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(best.introduces.toSorted());
  });
});

describe('what does not clear a finding says why', () => {
  const advices = ({ findings }: AuditAnswer, of: string) =>
    findings
      .filter(({ name, affected }) => name === of && affected)
      .flatMap(({ clears }) => clears.flatMap((fix) => (fix.kind === 'advice' ? fix.text : [])));
  const asked = (versions: Parameters<typeof makeIndex>[0]) =>
    pinwheel.audit({
      ...{ ...DEFAULT, ...AS_OF, requirements: ['requests'] },
      ...{ index: makeIndex(versions), exclude_newer: false as const },
    });

  test('an index has the version that it would choose', async () => {
    const { findings, best } = await asked({ idna: { '3.15': [] }, urllib3: { '2.7.0': [] } });
    const fixOf = (of: string) => findings.find(({ name, affected }) => name === of && affected)!.clears[0];
    expect(fixOf('urllib3')).toMatchObject({ packages: ['urllib3'], has: [{ version: '2.7.0' }] });
    expect(best).toMatchObject({
      leaves: 0,
      clears: 2,
      fix: { packages: ['idna', 'urllib3'] },
      not_audited: [],
    });
  });

  test('a step names the packages that it brings, of which no advisories were looked at', async () => {
    const { not_audited, best } = await asked({
      urllib3: { '2.7.0': ['no-such'] },
      'no-such': { '1.0': [] },
    });
    expect([not_audited, best?.not_audited]).toEqual([[], ['no-such']]);
  });

  test.each([
    ['no wheel for this ABI', { '2.7.0': { tags: 'cp313-cp313-manylinux_2_28_x86_64' } }],
    ['no wheel for this ABI', { '2.7.0': { tags: null } }],
    ['does not go with this question', { '2.7.0': ['no-such-package'] }],
  ])('an index that has %s', async (text, versions) => {
    const answer = await asked({ urllib3: versions });
    expect(advices(answer, 'urllib3')).toEqual([
      expect.stringContaining('no later date'),
      expect.stringContaining(text),
    ]);
    expect(advices(answer, 'idna')[1]).toBe('The index does not have idna.');
  });

  test('without an index, one is proposed, and a date that is not for all of the question', async () => {
    const requirements = ['aiohttp<3.12', 'starlette'];
    const { findings } = await pinwheel.audit({ ...DEFAULT, ...AS_OF, requirements });
    const starlette = findings.filter(({ name, affected }) => name === 'starlette' && affected);
    for (const { clears } of starlette)
      expect(clears.at(-1)).toEqual({ kind: 'use_index', requirement: null, packages: ['starlette'] });
    expect(JSON.stringify(starlette)).toMatch(
      /has starlette 1\.0\.0\. But that does not satisfy aiohttp<3\.12\./,
    );
  });
});

test('nothing is found in packages without advisories, and nothing is tried', async () => {
  const { findings, best } = await pinwheel.audit({ ...DEFAULT, ...AS_OF, requirements: ['six'] });
  expect([findings, best]).toEqual([[], null]);
});

test('a library is not the package of its name', async () => {
  const question = { compatibility_flags: ['python_3.12_packages_2025_06_04'], ...AS_OF };
  const { findings } = await pinwheel.audit({ ...question, requirements: ['gdal'] });
  const { packages } = await pinwheel.resolve({ ...question, requirements: ['gdal'] });
  expect(packages.map(({ name, kind }) => [name, kind])).toContainEqual(['gdal', 'shared_library']);
  expect(findings.map(({ name }) => name)).not.toContain('gdal');
});

test('the severest package is first, and a finding says when it was published', async () => {
  const { findings } = await pinwheel.audit({
    ...DEFAULT,
    ...AS_OF,
    requirements: ['requests', 'starlette'],
  });
  const names = (some: AuditAnswer['findings']) => [...new Set(some.map(({ name }) => name))];
  expect(names(affecting(findings))).toEqual(['starlette', 'idna', 'urllib3']);
  expect(names(findings.slice(affecting(findings).length))).toEqual(['starlette', 'urllib3', 'requests']);
  expect(findings[0]).toMatchObject({
    name: 'starlette',
    version: '0.47.2',
    severity: 'high',
    fixed: [expect.any(String)],
    affected: true,
  });
  const day = findings.map(({ published }) => published).sort()[0]!;
  const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
  const then = await pinwheel.audit({
    ...DEFAULT,
    as_of: before,
    requirements: ['requests', 'starlette'],
  });
  expect(then.findings).toEqual([]);
});

test('the same finding is worded apart if it has no fix, and if nothing has the fix', async () => {
  const { findings } = await pinwheel.audit({
    ...PINNED,
    ...AS_OF,
    requirements: ['requests', 'pillow', 'nltk'],
  });
  const texts = findings.flatMap(({ fixed, clears }) =>
    clears.flatMap((fix) => (fix.kind === 'advice' ? [[fixed.length > 0, fix.text.split(',')[0]!]] : [])),
  );
  for (const [hasFix, text] of texts)
    expect(text).toMatch(hasFix ? /^Fixed in \d/ : /^No fixed version is known\.$/);
  expect(texts.length).toBeGreaterThan(0);
});

const MADE: AdvisoriesDocument = {
  kind: 'advisories',
  source: {
    repository: 'https://github.com/pypa/advisory-database',
    commit: 'x',
    day: '2026-11-01',
    license: 'x',
  },
  statements: [],
  names: ['idna'],
  advisories: [
    {
      ...{ package: 'idna', id: 'A-1', aliases: [], published: '2026-01-01', modified: '2026-01-01' },
      ...{ summary: 'x', severity: null, link: null, ranges: [{}], versions: [], withdrawn: '2026-10-01' },
    },
  ],
};

test('what sets of another ABI have is not denied', async () => {
  const { findings } = await pinwheel.audit({ ...OLD, ...AS_OF, requirements: ['aiohttp'] });
  const stuck = findings.filter(({ clears: [fix] }) => fix?.kind === 'advice');
  expect(stuck.length).toBeGreaterThan(0);
  const { package_set } = await pinwheel.target({ compatibility_flags: ['python_3.13_packages_2026_11_20'] });
  const { findings: there } = await pinwheel.audit({
    ...{ compatibility_flags: [package_set.flag], ...AS_OF, requirements: ['aiohttp'] },
  });
  expect(there.map(({ id }) => id)).not.toContain(stuck[0]!.id);
  expect(JSON.stringify(stuck)).not.toContain('package set has it');
  expect(stuck[0]!.clears[0]).toMatchObject({
    text: expect.stringContaining('package set of this ABI has it'),
  });
});

describe('with documents of your own', () => {
  const set = async ({ flag }: { flag: string }) =>
    (await import(`../../../data/sets/${flag}.json`, { with: { type: 'json' } })).default;

  test('nothing is said of other package sets in place of a set of your own', async () => {
    const own = { ...(await set({ flag: 'python_3.13_packages_2025_08_08' })), flag: 'own.json' };
    const asked = { ...DEFAULT, ...AS_OF, requirements: ['idna'], set: own };
    const { findings } = await pinwheel.audit(asked);
    const text =
      'Fixed in 3.15, which own.json does not have: other package sets are not tried in its place.';
    expect(findings.map(({ clears }) => clears)).toEqual([[{ kind: 'advice', text }]]);
  });
  const documents = { catalog: catalog as Catalog, openSet: set };
  const question = { ...DEFAULT, requirements: ['requests'] };

  test('a withdrawn advisory counts up to that day, and what nobody looked for is named', async () => {
    const own = createResolver({ ...documents, advisories: () => MADE });
    const { findings, diagnostics } = await own.audit({ ...question, as_of: '2026-09-30' });
    expect(findings).toMatchObject([{ id: 'A-1', severity: null, score: null, fixed: [] }]);
    expect(findings[0]!.clears).toMatchObject([{ kind: 'advice', text: 'No fixed version is known.' }]);
    expect(diagnostics.find(({ code }) => code === 'not_audited')?.message).toMatch(/urllib3/);
    const later = await own.audit({ ...question, as_of: '2026-11-20' });
    expect(later.findings).toEqual([]);
    const codes = later.diagnostics.map(({ code }) => code);
    expect(codes).not.toContain('old_advisories');
    const old = await own.audit({ ...question, as_of: '2026-12-02' });
    expect(old.diagnostics.map(({ code }) => code)).toContain('old_advisories');
  });

  test('of other ABIs, the newest set alone is opened', async () => {
    const opened: string[] = [];
    const openSet = (head: { flag: string }) => {
      opened.push(head.flag);
      return set(head);
    };
    const own = createResolver({ ...documents, openSet, advisories: () => MADE });
    await own.audit({ ...PINNED, as_of: '2026-09-30', requirements: ['idna'] });
    const others = opened.filter((flag) => !flag.startsWith('python_3.13'));
    expect(others).toEqual(['python_3.14_packages_2026_09_14', 'python_3.12_packages_2026_09_16']);
  });

  test('without advisories, there is no audit', async () => {
    const outcome = await createResolver(documents).safeAudit(question);
    expect(!outcome.ok && outcome.issues.map(({ code }) => code)).toEqual(['no_advisories']);
  });
});

test('what does not resolve is explained as resolve does', async () => {
  const question = { ...DEFAULT, ...AS_OF, requirements: ['fastapii'] };
  expect(await pinwheel.safeAudit(question)).toEqual(await pinwheel.safeResolve(question));
});
