import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { limitIssues } from '../../../registry/publish/gate/read-document.ts';
import { AdvisoriesDocument, type Advisory, type Statement } from '../../../resolver/audit/advisories.ts';
import { fixedAfter, isAffected, statementOn } from '../../../resolver/audit/findings.ts';
import { dayOf, documentPath, subjectOf } from '../../../resolver/publication.ts';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import { parseVersion } from '../../../resolver/requirements/version.ts';
import { groupedBy, sortedBy } from '../../../resolver/sorted-by.ts';
import { recordsIn, setTable } from '../../../scripts/import/advisories/main.ts';
import { mergeAliases, readRecord } from '../../../scripts/import/advisories/records.ts';
import { formatSorted, loadMade, loadSets, readData } from '../../../scripts/import/data-files.ts';
import { readSources } from '../../../scripts/import/sources.ts';
import { newFolder } from '../../common/own.ts';
import { askPackaging, installPackaging } from '../../resolver/requirements/packaging.ts';

const { ADVISORIES = '' } = process.env;
const { advisories } = await readSources();
const made = (await loadMade('advisories')).map((published) => AdvisoriesDocument.parse(published));
const newest = made.filter(({ range }) => !range).at(-1)!;
const text = (await readData(documentPath({ kind: 'advisories', name: subjectOf(newest) })))!;
const document = newest;
const holding = document.advisories.filter(({ withdrawn }) => withdrawn === null);
const sets = await loadSets();

if (ADVISORIES === '') console.log('The records of the archive: skipped, ADVISORIES names no folder');

test('the documents beyond the sets have every other name once, and each is within the limits of the gate', () => {
  const ranges = sortedBy(
    made.filter(({ range }) => range),
    ({ range }) => range!.from,
  );
  expect(ranges.map(({ range }) => range!.before)).toEqual([
    ...ranges.slice(1).map(({ range }) => range!.from),
    null,
  ]);
  for (const part of ranges) {
    expect(limitIssues(part)).toEqual([]);
    expect(part.advisories.length).toBeGreaterThan(100);
    expect(part.range!.completes).toBe(dayOf(document));
  }
  const packages = new Set(ranges.flatMap((part) => part.advisories.map((advisory) => advisory.package)));
  expect(packages.size).toBeGreaterThan(1_400);
  expect(document.names.filter((name) => packages.has(name))).toEqual([]);
});

test('a document with markup for an id or an alias is refused, wherever it comes from', () => {
  const [advisory] = document.advisories as [Advisory];
  for (const odd of [{ id: '<b>x</b>' }, { aliases: ['CVE-1\u001b[2J'] }])
    expect(AdvisoriesDocument.safeParse({ ...document, advisories: [{ ...advisory, ...odd }] }).success).toBe(
      false,
    );
});

test('the document names its source, is small, and has every package of the sets', async () => {
  const { repository, commit, day, license } = advisories;
  expect(document.source).toEqual({ repository, commit, day, license });
  expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(40_000);
  const members = sets.flatMap(({ packages }) => packages.filter(({ kind }) => kind === 'package'));
  expect(document.names).toEqual([...new Set(members.map(({ name }) => name))].sort());
  expect(new Set(holding.map((advisory) => advisory.package)).size).toBe(69);
});

test('advisories are as many as Python counts: one about two packages is one of each here', () => {
  const counted = (some: readonly Advisory[]) =>
    mergeAliases(some.map((advisory) => ({ ...advisory, package: 'any' }))).length;
  expect([holding.length, counted(holding)]).toEqual([412, 405]);
  const versions = groupedBy(
    sets.flatMap(({ packages }) => packages),
    ({ name }) => name,
  );
  const pinned = holding.filter((advisory) =>
    versions.get(advisory.package)!.some(({ version }) => isAffected(advisory, version)),
  );
  expect([pinned.length, counted(pinned)]).toEqual([159, 157]);
  expect(new Set(pinned.map((advisory) => advisory.package)).size).toBe(41);
});

/**
 * As counted with Python from the same archive: packages and vulnerabilities, and those that a newer set clears, of the
 * same ABI or of any. Its 24 high ones of 2025_08_08 are by CVSS 3 alone; here, CVSS 4.0 counts if there is one.
 */
const COUNTED: Record<string, [number, number, number, number]> = {
  'python_3.12_packages_2024_05_27': [27, 98, 6, 77],
  'python_3.12_packages_2024_08_29': [11, 71, 0, 53],
  'python_3.12_packages_2024_11_15': [28, 99, 7, 78],
  'python_3.12_packages_2024_12_18': [14, 85, 3, 51],
  'python_3.12_packages_2025_06_06': [14, 82, 0, 48],
  'python_3.12_packages_2024_12_31': [26, 96, 3, 75],
  'python_3.12_packages_2025_03_18': [27, 97, 3, 75],
  'python_3.12_packages_2026_09_16': [28, 98, 0, 76],
  'python_3.13_packages_2025_07_04': [25, 94, 36, 70],
  'python_3.13_packages_2025_08_08': [14, 63, 30, 40],
  'python_3.13_packages_2025_09_22': [25, 90, 32, 66],
  'python_3.13_packages_2026_01_07': [26, 96, 32, 67],
  'python_3.13_packages_2026_01_28': [27, 97, 31, 67],
  'python_3.13_packages_2026_09_16': [26, 96, 30, 66],
  'python_3.13_packages_2026_11_20': [25, 66, 0, 0],
  'python_3.14_packages_2026_08_25': [14, 44, 12, 14],
  'python_3.14_packages_2026_09_14': [13, 43, 11, 13],
  'python_3.14_packages_2026_11_20': [12, 32, 0, 0],
};

test('the table of sets has as many as Python counts', () => {
  const rows = setTable(sets, document).map((row) => {
    const [, flag, ...numbers] = /^(\S+): (\d+) \/ (\d+) .*cleared (\d+) and (\d+)$/.exec(row)!;
    return [flag, numbers.map(Number)];
  });
  expect(rows).toHaveLength(38);
  expect(Object.fromEntries(rows)).toMatchObject(COUNTED);
});

/** For each advisory, which of these versions it is about, by `packaging`; null for what is no version. */
function askPython(cases: readonly { advisory: Advisory; asked: readonly string[] }[]): (boolean | null)[][] {
  installPackaging();
  const script = fileURLToPath(new URL('affected_oracle.py', import.meta.url));
  return askPackaging<(boolean | null)[]>(
    cases.map(({ advisory: { ranges, versions }, asked }) => ({ ranges, versions, asked })),
    script,
  );
}

test("every advisory and every pinned version compare as with Python's packaging", () => {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of sets.flatMap(({ packages }) => packages))
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const cases = document.advisories.map((advisory) => ({
    advisory,
    asked: [...(versions.get(advisory.package) ?? [])],
  }));
  const answers = askPython(cases);
  let affected = 0;
  for (const [at, { advisory, asked }] of cases.entries()) {
    const told = asked.map((version) => isAffected(advisory, version));
    expect([advisory.id, told]).toEqual([advisory.id, answers[at]]);
    affected += told.filter(Boolean).length;
  }
  expect(affected).toBeGreaterThan(300);
});

test.skipIf(ADVISORIES === '')(
  'the versions that any record lists compare with every record of their package as with packaging; one in 40 without TEST_ALL',
  async () => {
    const { advisories: source } = await readSources();
    const cases: { advisory: Advisory; listed: string[] }[] = [];
    const listedOf = new Map<string, Set<string>>();
    let records = 0;
    for await (const record of recordsIn(join(ADVISORIES, 'advisory-database.tar.gz'), source)) {
      if (records++ % 40 > 0 && !process.env.TEST_ALL) continue;
      const { affected } = parse(record.text, { schema: 'failsafe' }) as {
        affected: { package: { name: string }; versions?: string[] }[];
      };
      // Some records are about a package twice.
      for (const advisory of mergeAliases(readRecord(record.text, () => {}))) {
        const same = affected.filter(({ package: { name } }) => canonicalName(name) === advisory.package);
        const listed = same.flatMap(({ versions = [] }) => versions);
        listedOf.set(advisory.package, new Set([...(listedOf.get(advisory.package) ?? []), ...listed]));
        cases.push({ advisory, listed });
      }
    }
    expect(records).toBe(7080);
    const asked = cases.map(({ advisory }) => ({
      advisory,
      asked: [...listedOf.get(advisory.package)!],
    }));
    const answers = askPython(asked);
    let unaffected = 0;
    for (const [at, { advisory, asked: versions }] of asked.entries()) {
      const told = versions.map((text) => (parseVersion(text) ? isAffected(advisory, text) : null));
      expect([advisory.id, told]).toEqual([advisory.id, answers[at]]);
      unaffected += told.filter((is) => is === false).length;
      const missed = cases[at]!.listed.filter((text) => parseVersion(text) && !isAffected(advisory, text));
      expect([advisory.id, missed]).toEqual([advisory.id, []]);
    }
    expect(unaffected).toBeGreaterThan(100);
  },
  900_000,
);

test('the document has the statements as they are written, each about a version that a set pins', async () => {
  const { statements } = JSON.parse((await readData('advisories/statements.json'))!);
  expect(document.statements).toEqual(statements);
  expect(formatSorted(document)).toBe(text);
  for (const { package: name, ids, ...statement } of document.statements) {
    for (const id of ids) {
      const advisory = holding.find((other) => other.package === name && other.id === id);
      const applies = sets.some(({ packages, runtime }) =>
        packages.some(
          (member) =>
            member.name === name &&
            isAffected(advisory!, member.version) &&
            statementOn(document.statements, advisory!, member.version, runtime)?.reason === statement.reason,
        ),
      );
      expect([id, applies]).toEqual([id, true]);
    }
  }
});

test('a statement applies to an alias, a version and a Pyodide that it names, and to no other', () => {
  const [statement] = document.statements as [Statement];
  const made = { ...statement, package: 'thing', ids: ['CVE-1'], versions: '<2', pyodide: '>=0.26.0a2,<314' };
  const on = (name: string, aliases: string[], version: string, pyodide: string) =>
    statementOn([made], { package: name, id: 'PYSEC-1', aliases }, version, pyodide) !== null;
  expect(on('thing', ['CVE-1'], '1.9+pinwheel.1', '0.26.0a2')).toBe(true);
  expect(on('thing', ['CVE-2'], '1.9', '0.29.0')).toBe(false);
  expect(on('other', ['CVE-1'], '1.9', '0.29.0')).toBe(false);
  expect(on('thing', ['CVE-1'], '2.0', '0.29.0')).toBe(false);
  expect(on('thing', ['CVE-1'], '1.9', '314.0.0')).toBe(false);
});

test('a checkout is read as git has the commit, not as its working tree is', async () => {
  const folder = newFolder();
  const file = join(folder, 'vulns/a/PYSEC-1.yaml');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'id: PYSEC-1\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'x');
  const commit = git('rev-parse', 'HEAD');
  await writeFile(file, 'id: PYSEC-2\n');
  const records = [];
  for await (const record of recordsIn(folder, { ...advisories, commit })) records.push(record);
  expect(records).toEqual([{ file: 'vulns/a/PYSEC-1.yaml', text: 'id: PYSEC-1\n' }]);
  await expect(recordsIn(folder, advisories).next()).rejects.toThrow(advisories.commit);
});

const RECORD = `
id: PYSEC-2026-1
modified: 2026-02-01T00:00:00Z
published: 2026-01-01T00:00:00Z
aliases: [CVE-2026-1]
details: |
  # Impact
  Thing is a library. Its [parser](https://a.example) reads too far, e.g. Beyond the end. It was fixed.
affected:
- package: {ecosystem: PyPI, name: Some_Thing}
  ranges:
  - type: ECOSYSTEM
    events: [{introduced: 2.0}, {fixed: "2.0.6"}, {introduced: "0"}, {fixed: 1.10}]
`;

function read(record: string): { advisories: Advisory[]; said: string[] } {
  const said: string[] = [];
  return { advisories: readRecord(record, (problem) => said.push(problem)), said };
}

describe('a record', () => {
  test('whose events are in any order, and whose versions look like numbers, is read', () => {
    const [advisory] = read(RECORD).advisories as [Advisory];
    expect(advisory).toMatchObject({
      package: 'some-thing',
      published: '2026-01-01',
      summary: 'Its parser reads too far, e.g. Beyond the end.',
      severity: null,
      ranges: [{ fixed: '1.10' }, { introduced: '2.0', fixed: '2.0.6' }],
    });
    expect(['1.9', '1.10', '2.0', '2.0.5+pinwheel.1', '2.0.6'].map((v) => isAffected(advisory, v))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(fixedAfter(advisory, '1.9')).toEqual(['1.10', '2.0.6']);
    expect(fixedAfter(advisory, '2.0')).toEqual(['2.0.6']);
  });

  test('with a last affected version has it, patched or not', () => {
    const [advisory] = read(RECORD.replace('{fixed: 1.10}', '{last_affected: 1.10}')).advisories;
    expect(['1.10', '1.10+pinwheel.1', '1.10.1'].map((v) => isAffected(advisory!, v))).toEqual([
      true,
      true,
      false,
    ]);
    expect(fixedAfter(advisory!, '1.10')).toEqual(['2.0.6']);
  });

  test('with a range without end, or with listed versions alone, is read', () => {
    const open = RECORD.replace('{introduced: 2.0}, {fixed: "2.0.6"}, ', '').replace(', {fixed: 1.10}', '');
    expect(isAffected(read(open).advisories[0]!, '99')).toBe(true);
    const listed = read(`${RECORD.slice(0, RECORD.indexOf('  ranges'))}  versions: ["1.0", nonsense]\n`);
    expect(listed.advisories[0]).toMatchObject({ ranges: [], versions: ['1.0'] });
    expect(listed.said).toEqual(['of its versions, these are left out, which are none: nonsense']);
    expect(isAffected(listed.advisories[0]!, '1')).toBe(true);
  });

  test('whose ranges and versions disagree is named, and both count', () => {
    const { advisories, said } = read(`${RECORD}  versions: ["1.9", "3.0"]\n`);
    expect(said).toEqual(['its ranges do not have 3.0']);
    expect(advisories[0]!.versions).toEqual(['3.0']);
    expect(isAffected(advisories[0]!, '3.0')).toBe(true);
  });

  test.each([
    ['a bomb of aliases', `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n${RECORD}`],
    ['ten megabytes', RECORD + ' '.repeat(10_000_000)],
    ['no end of brackets', `a: ${'['.repeat(100_000)}`],
    ['of endless ranges', RECORD.replace('{introduced: 2.0}', '{introduced: 2.0}, '.repeat(2000))],
    ['no YAML', ': ['],
    ['no record', '[]'],
    ['markup for an id', RECORD.replace('PYSEC-2026-1', '"<script>"')],
    ['a day that is none', RECORD.replace('2026-01-01T', '2026-13-01T')],
  ])('that is %s is refused', (_, record) => {
    expect(() => read(record)).toThrow();
  });

  test('about a package whose name is none leaves that out, and says so', () => {
    const odd = RECORD.replace('Some_Thing', '../x');
    expect(read(odd)).toEqual({ advisories: [], said: ['"../x" is not the name of a package'] });
  });

  test('whose details are all brackets is read before the test times out', () => {
    expect(read(RECORD.replace('# Impact', `# Impact\n  ${'['.repeat(200_000)}`)).advisories).toHaveLength(1);
  });

  test('with an alias of markup, an odd event or a vector that is none keeps the rest', () => {
    const odd = RECORD.replace('[CVE-2026-1]', '["<b>", CVE-2026-1]')
      .replace('{introduced: 2.0}', '{introduced: two}')
      .concat('severity: [{type: CVSS_V3, score: "CVSS:3.1/AV:N"}]\n');
    const { advisories, said } = read(odd);
    expect(advisories[0]).toMatchObject({ aliases: ['CVE-2026-1'], ranges: [], severity: null });
    expect(said).toEqual([
      'the alias "<b>" is not an id',
      '"CVSS:3.1/AV:N" is not a vector of CVSS 3.0, 3.1 or 4.0',
      'a range is left out for its event introduced: "two"',
    ]);
  });
});

test.each([
  // FIRST's examples of CVSS 3.1 and 4.0: phpMyAdmin, POODLE, Tomcat, Shellshock; nginx, Log4Shell, Heartbleed, and one more.
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
  ['CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L', 4.2],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7],
  ['CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:L/SC:H/SI:N/SA:H', 6.4],
])('%s has the score %s', (vector, score) => {
  const [advisory] = read(`${RECORD}severity: [{type: CVSS_V4, score: "${vector}/E:X"}]\n`).advisories;
  expect(advisory!.severity).toEqual({ score, vector });
});

test('records that name each other, in a circle or through a third, become one; a withdrawn one does not count', () => {
  const [base] = read(RECORD).advisories as [Advisory];
  const merged = mergeAliases([
    { ...base, id: 'PYSEC-1', aliases: ['CVE-1'], published: '2026-01-03', ranges: [{ fixed: '2' }] },
    {
      ...base,
      id: 'GHSA-1',
      aliases: ['CVE-2', 'PYSEC-3'],
      published: '2026-01-02',
      ranges: [{ fixed: '3' }],
    },
    { ...base, id: 'PYSEC-3', aliases: ['CVE-1', 'GHSA-1'], withdrawn: '2026-02-01', ranges: [{}] },
    { ...base, package: 'other', id: 'PYSEC-4', aliases: ['CVE-1'] },
    { ...base, package: 'other', id: 'PYSEC-5', aliases: ['CVE-9'], withdrawn: '2026-02-01' },
  ]);
  expect(merged.map(({ id, aliases }) => [id, ...aliases])).toEqual([
    ['PYSEC-4', 'CVE-1'],
    ['PYSEC-5', 'CVE-9'],
    ['GHSA-1', 'CVE-1', 'CVE-2', 'PYSEC-1', 'PYSEC-3'],
  ]);
  expect(merged[2]).toMatchObject({ withdrawn: null, ranges: [{ fixed: '3' }, { fixed: '2' }] });
  expect(fixedAfter(merged[2]!, '1')).toEqual(['3']);
  expect(merged[1]!.withdrawn).toBe('2026-02-01');
});
