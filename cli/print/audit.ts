/** The findings of an audit, as text and next to the line of the wrangler file that pins them. */
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { AuditAnswer, AuditFinding, AuditStep } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { fixed, membersOf } from '../../resolver/issues/fixes.ts';
import { optionOf } from '../../resolver/question/fields.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { listed, shellWord } from '../../resolver/text/printable.ts';
import { count, cut, visible } from '../common/text.ts';
import { type Annotation, datePlace, type Report } from './annotations.ts';
import { fixOf } from './remarks.ts';
import { hanging, joinSections, type Screen } from './table.ts';

const SHOWN = 3;
const WIDTH = 200;
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'info', none: 'info' } as const;

/** @param words those of the command line, which the command of the best step repeats */
export function auditReport(
  config: string | null,
  words: readonly string[],
  fails: boolean,
): Report<AuditAnswer> {
  return {
    isFine: () => !fails,
    annotations: ({ findings }) => {
      const place = datePlace(config);
      return findings
        .filter(({ affected }) => affected)
        .map((finding): Annotation => {
          const { id, name, version, severity, summary, clears } = finding;
          const message = `${name} ${version}, ${namesOf(finding)}: ${summary}`;
          const level = severity === null ? 'warning' : LEVELS[severity];
          return { severity: level, code: id, message, ...fixed(clears), ...place };
        });
    },
    document: (answer) => answer,
    lines: (answer, screen) => auditLines(answer, words, screen),
    columns: [],
  };
}

function auditLines(
  { findings: all, best, target, advisories }: AuditAnswer,
  words: readonly string[],
  screen: Screen,
) {
  const { colors, columns } = screen;
  const { repository, day, license } = advisories;
  const findings = all.filter(({ affected }) => affected);
  const without = all.filter(({ affected }) => !affected);
  const packages = [...groupedBy(findings, ({ name }) => name).values()];
  const where = `${target.package_set.flag}, by the advisories of ${day} (${repository}, ${license})`;
  const sum =
    findings.length === 0
      ? `No known vulnerabilities in the packages from ${where}.`
      : `${vulnerabilities(findings.length)} in ${count(packages.length, 'package')} from ${where}:`;
  return joinSections([
    hanging('', 0, sum, columns),
    ...packages.map((group) => packageLines(group, screen)),
    withoutEffect(without, screen),
    best === null ? [] : [colors.bold(stepText(best)), `  ${commandOf(words, best.fix)}`],
  ]);
}

const vulnerabilities = (number: number) =>
  number === 1 ? '1 known vulnerability' : `${number} known vulnerabilities`;

function packageLines(group: readonly AuditFinding[], { colors, columns }: Screen): string[] {
  const [{ name, version }] = group as [AuditFinding];
  const rows = group.slice(0, SHOWN).flatMap((finding) => {
    const severity = (finding.severity ?? 'unrated').padEnd(9);
    const paint = /critical|high/.test(severity) ? colors.red : colors.yellow;
    const text = visible(`${namesOf(finding)}: ${finding.summary}`);
    return `  ${paint(severity)} ${cut(text, (columns ?? WIDTH) - 12)}`;
  });
  const more = group.slice(SHOWN);
  const fixes = new Map(group.flatMap(({ clears }) => clears.map((fix) => [JSON.stringify(fix), fix])));
  const said = [...fixes].map(([key, fix]) => {
    const cleared = group.filter(({ clears }) => clears.some((other) => JSON.stringify(other) === key));
    const number = cleared.length === group.length ? '' : `For ${cleared.length} of ${group.length}: `;
    return `${number}${fixOf({ fix: null, fixes: [fix] }) ?? optionsOf(fix)}`;
  });
  return [
    colors.bold(visible(`${name} ${version}`)),
    ...rows,
    ...(more.length > 0
      ? [`  and ${more.length} more: ${cut(more.map(namesOf).join(', '), (columns ?? WIDTH) - 16)}`]
      : []),
    ...said.flatMap((text) => hanging(colors.green('  fix: '), 7, text, columns)),
  ];
}

/** By statement: what it is about, and why it does not apply. */
function withoutEffect(findings: readonly AuditFinding[], { colors, columns }: Screen): string[] {
  if (findings.length === 0) return [];
  const groups = [...groupedBy(findings, ({ statement }) => statement!).entries()];
  return [
    colors.bold(`${findings.length} more without effect in a Worker:`),
    ...groups.flatMap(([{ reason }, group]) => {
      const [{ name, version }] = group as [AuditFinding];
      const text = `${name} ${version}: ${listed(
        group.map(({ id }) => id),
        SHOWN,
      )}. ${reason}`;
      return hanging('  ', 2, text, columns);
    }),
  ];
}

/** The id, and that of CVE, under which it is known elsewhere. */
function namesOf({ id, aliases }: AuditFinding): string {
  return [id, ...aliases.filter((alias) => alias.startsWith('CVE-')).slice(0, 1)].join(', ');
}

function stepText({ clears, leaves, brings }: AuditStep): string {
  const brought = brings.length === 0 ? '' : `, ${brings.length} of them new`;
  return `The best step for all clears ${clears} and leaves ${leaves}${brought}. What is left then:`;
}

function optionsOf(fix: Fix): string {
  if (fix.kind === 'date') return `--date ${fix.compatibility_date}`;
  if (fix.kind === 'package_flag') return `--flag ${fix.flag}`;
  if (fix.kind !== 'take_from_index') return '';
  return membersOf(fix)
    .map(([field, value]) => `${optionOf(field)} ${value}`)
    .join(' ');
}

/** The same command with that change. */
function commandOf(words: readonly string[], fix: Fix): string {
  const replaced =
    fix.kind === 'date' ? ['--date'] : fix.kind === 'package_flag' ? ['--flag', '--pyodide'] : [];
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [option, joined] = words[at]!.split(/=(.*)/s) as [string, string | undefined];
    const value = joined ?? words[at + 1] ?? '';
    const goes = replaced.includes(option) && (option !== '--flag' || isPackageFlag(value));
    if (!goes) kept.push(shellWord(words[at]!));
    else if (joined === undefined) at++;
  }
  return ['pinwheel', ...kept, optionsOf(fix)].join(' ');
}
