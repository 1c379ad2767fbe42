/** The findings of an audit, as text and next to the line of the wrangler file that pins them. */
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { AuditAnswer, AuditFinding, AuditStep } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { advice, fixed, wasTried } from '../../resolver/issues/fixes.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { listed, shellWord } from '../../resolver/text/printable.ts';
import { count, cut, visible } from '../common/text.ts';
import type { Audited } from '../project/audit.ts';
import type { Ignored } from '../project/settings.ts';
import { type Annotation, datePlace, type Report } from './annotations.ts';
import { fixOf, optionsOf } from './remarks.ts';
import { hanging, joinSections, type Screen, sentence } from './table.ts';
import { NOTHING_REQUIRED, withoutOptions } from './words.ts';

/** How many packages are shown in full, and fixes of each. Of its findings, one fewer is shown. */
const SHOWN = 3;
const WIDTH = 200;
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'info', none: 'info' } as const;

export interface AuditView extends Omit<Audited, 'words'> {
  ignored: readonly Ignored[];
  /** The words of the command line, which the command of the best step repeats. */
  words: readonly string[];
}

const affecting = ({ findings }: AuditAnswer) => findings.filter(({ affected }) => affected);

export function auditReport(config: string | null, fails: boolean): Report<AuditView> {
  return {
    isFine: () => !fails,
    annotations: ({ answer }) => {
      const place = datePlace(config);
      return affecting(answer).map((finding): Annotation => {
        const { id, name, version, severity, summary, clears } = finding;
        const message = `${name} ${version}, ${namesOf(finding)}: ${summary}`;
        const level = severity === null ? 'warning' : LEVELS[severity];
        return { severity: level, code: id, message, ...fixed(clears), ...place };
      });
    },
    document: ({ answer, ignored }) => (ignored.length > 0 ? { ...answer, ignored } : answer),
    lines: auditLines,
    columns: [],
  };
}

function auditLines({ answer, packages: audited, words, ignored }: AuditView, screen: Screen) {
  if (audited.length === 0) return [NOTHING_REQUIRED];
  const { best, target, advisories, not_audited } = answer;
  const { columns } = screen;
  const findings = affecting(answer);
  const without = answer.findings.filter(({ affected }) => !affected);
  const packages = [...groupedBy(findings, ({ name }) => name).values()];
  const source = screen.detail === 'full' ? ` (${advisories.repository}, ${advisories.license})` : '';
  const where = `${target.package_set.flag}, by the advisories of ${advisories.day}${source}`;
  const rest = notLookedAt(not_audited);
  const sum =
    findings.length === 0
      ? `No known vulnerabilities in ${count(audited.length - not_audited.length, 'package')} from ${where}${rest}.`
      : `${vulnerabilities(findings.length)} in ${count(packages.length, 'package')} from ${where}${rest}:`;
  return joinSections([
    hanging('', 0, sum, columns),
    ...packages.slice(0, SHOWN).map((group) => packageLines(group, screen)),
    packages.slice(SHOWN).map((group) => foldedLine(group, screen)),
    ignored.flatMap(({ id, reason, until }) =>
      hanging('', 0, `${id} is ignored until ${until}: ${reason}`, columns),
    ),
    withoutEffect(without, screen),
    best === null ? [] : [...hanging('', 0, stepText(best), columns), `  ${commandOf(words, best.fix)}`],
  ]);
}

const vulnerabilities = (number: number) =>
  number === 1 ? '1 known vulnerability' : `${number} known vulnerabilities`;

function packageLines(group: readonly AuditFinding[], { colors, columns }: Screen): string[] {
  const [{ name, version }] = group as [AuditFinding];
  const rows = group.slice(0, SHOWN - 1).flatMap((finding) => {
    const severity = (finding.severity ?? 'unrated').padEnd(9);
    const paint = /critical|high/.test(severity) ? colors.red : colors.yellow;
    const text = visible(`${namesOf(finding)}: ${finding.summary}`);
    return `  ${paint(severity)} ${cut(text, (columns ?? WIDTH) - 12)}`;
  });
  const more = group.slice(SHOWN - 1);
  const said = clearsOf(group)
    .slice(0, SHOWN)
    .map(([fix, cleared]) => {
      const number = cleared === group.length ? '' : `For ${cleared} of ${group.length}: `;
      return `${number}${fixOf({ fix: null, fixes: [fix] }) ?? changeOf(fix)}`;
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

/** The fixes of a package's findings, each with how many it is for. What nothing clears has its advice together. */
function clearsOf(group: readonly AuditFinding[]): [Fix, number][] {
  const stuck = group.filter(({ clears, fixed }) => !clears.some(wasTried) && fixed.length > 0);
  const versions = [...new Set(stuck.flatMap(({ fixed }) => fixed))];
  versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const text = `Fixed in ${listed(versions, SHOWN)}, but no later date or package set has it for this question.`;
  const shown = group.flatMap(({ clears, fixed }): Fix[] => {
    if (clears.some(wasTried) || fixed.length === 0) return clears;
    return [advice(text), ...clears.slice(1)];
  });
  const same = groupedBy(shown, (fix) => JSON.stringify(fix));
  return [...same.values()].map((fixes) => [fixes[0]!, fixes.length]);
}

/** A package on one line. */
function foldedLine(group: readonly AuditFinding[], { columns }: Screen): string {
  const [{ name, version, severity }] = group as [AuditFinding];
  const ids = group.map(({ id }) => id).join(', ');
  const text = `${name} ${version}: ${severity ?? 'unrated'}, ${vulnerabilities(group.length)}: ${ids}`;
  return cut(visible(text), columns ?? WIDTH);
}

/** By statement: what it is about, and the first sentence of why it does not apply. */
function withoutEffect(findings: readonly AuditFinding[], screen: Screen): string[] {
  if (findings.length === 0) return [];
  const { colors, columns } = screen;
  const groups = groupedBy(findings, ({ name, statement }) => `${name} ${statement!.reason}`);
  const heading = `${findings.length} more without effect in a Worker; --format json says which and why:`;
  return [
    ...sentence(heading, screen, colors.bold),
    ...[...groups.values()].flatMap((group) => {
      const [{ name, version, id, statement }] = group as [AuditFinding];
      const [reason] = statement!.reason.split('. ') as [string];
      const ids = group.length === 1 ? id : String(group.length);
      return cut(visible(`  ${name} ${version}, ${ids}: ${reason.replace(/\.?$/, '.')}`), columns ?? WIDTH);
    }),
  ];
}

/** The id, and that of CVE, under which it is known elsewhere. */
function namesOf({ id, aliases }: AuditFinding): string {
  return [id, ...aliases.filter((alias) => alias.startsWith('CVE-')).slice(0, 1)].join(', ');
}

const notLookedAt = ({ length }: readonly string[]) =>
  length === 0 ? '' : `; ${count(length, 'package')} not looked at`;

function stepText({ clears, leaves, introduces, not_audited }: AuditStep): string {
  const added = introduces.length === 0 ? '' : `, ${introduces.length} of them new`;
  return `The best step for all clears ${clears} and leaves ${leaves}${added}${notLookedAt(not_audited)}. What is left then:`;
}

/** The options or the command that make a change. */
function changeOf(fix: Fix): string {
  if (fix.kind === 'date') return `--date ${fix.compatibility_date}`;
  if (fix.kind === 'package_flag') return `--flag ${fix.flag}`;
  if (fix.kind === 'run_command') return fix.command;
  return fix.kind === 'take_from_index' ? optionsOf(fix) : '';
}

/** The command of these words, with that change. */
function commandOf(words: readonly string[], fix: Fix): string {
  if (fix.kind === 'run_command') return fix.command;
  const replaced = fix.kind === 'date' ? ['--date'] : ['--flag', '--pyodide'];
  const isReplaced = (name: string, value: string) => name !== '--flag' || isPackageFlag(value);
  const kept = fix.kind === 'take_from_index' ? words : withoutOptions(words, replaced, isReplaced);
  return ['pinwheel', ...kept.map(shellWord), changeOf(fix)].join(' ');
}
