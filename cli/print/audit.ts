/** The findings of an audit, as text and next to the line of the wrangler file that pins them. */
import { lackOf } from '../../resolver/audit/audit.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { AuditFinding, AuditStep, Target } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { advice, fixed, wasTried } from '../../resolver/issues/fixes.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { count, cut, visible } from '../common/text.ts';
import type { Audited } from '../project/audit.ts';
import { ignoring } from '../project/known.ts';
import type { Ignored } from '../project/settings.ts';
import { datePlace } from './annotations.ts';
import { fixOf, optionsOf } from './remarks.ts';
import { hanging, joinSections, type Screen, sentence } from './table.ts';
import { commandIn, NOTHING_REQUIRED, withoutOptions } from './words.ts';

/** How many packages are shown in full, and fixes of each. Of its findings, one fewer is shown. */
const SHOWN = 3;
const WIDTH = 200;
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'info', none: 'info' } as const;

export type AuditView = Audited & {
  ignored: readonly Ignored[];
  /** The words of the command line, which the command of the best step repeats. */
  line: readonly string[];
};

/** The findings that count: those that have an effect, and are not ignored. */
export function counted({ answer, ignored }: AuditView): AuditFinding[] {
  return answer.findings.filter((finding) => finding.affected && !ignoring(ignored, finding));
}

/** At the line of the wrangler file that pins the packages. */
export function auditAnnotations(view: AuditView, config: string | null): Finding[] {
  const place = datePlace(config);
  return counted(view).map((finding): Finding => {
    const { id, name, version, severity, summary, clears } = finding;
    const message = `${name} ${version}, ${namesOf(finding)}: ${summary}`;
    return { severity: LEVELS[severity ?? 'medium'], code: id, message, ...fixed(clears), ...place };
  });
}

export function auditLines(view: AuditView, screen: Screen): string[] {
  const { answer, packages, words, ignored, line } = view;
  if (packages.length === 0) return [NOTHING_REQUIRED];
  const { best, target, advisories, not_audited } = answer;
  const { columns, colors } = screen;
  const fitting = (line: string) => cut(visible(line), columns ?? WIDTH);
  const findings = counted(view);
  const without = answer.findings.filter(({ affected }) => !affected);
  const rest = answer.findings.length - without.length - findings.length;
  const besides = rest === 0 ? '' : ` besides ${rest} ignored`;
  const groups = [...groupedBy(findings, ({ name }) => name).values()];
  const source = screen.detail === 'full' ? ` (${advisories.repository}, ${advisories.license})` : '';
  const where = `${target.package_set.flag}, by the advisories of ${advisories.day}${source}${notLookedAt(not_audited)}`;
  const isClear = findings.length === 0;
  const number = isClear ? packages.length - not_audited.length : groups.length;
  const sum = `${vulnerabilities(findings.length)}${besides} in ${count(number, 'package')} with ${where}${isClear ? '.' : ':'}`;
  const apart = `${without.length} more without effect in a Worker; --format json says which and why:`;
  return joinSections([
    sentence(sum, screen),
    ...groups.slice(0, SHOWN).map((group) => packageLines(group, target, screen)),
    groups.slice(SHOWN).map(foldedLine).map(fitting),
    ignored.flatMap(({ id, reason, until }) =>
      sentence(`${id} is ignored until ${until}: ${reason}`, screen),
    ),
    without.length === 0
      ? []
      : [...sentence(apart, screen, colors.bold), ...withoutEffect(without).map(fitting)],
    best === null
      ? []
      : [...hanging('', 0, stepText(best, besides), columns), `  ${commandOf(line, words, best.fix)}`],
  ]);
}

const vulnerabilities = (number: number) =>
  number === 1 ? '1 known vulnerability' : `${number || 'No'} known vulnerabilities`;

function packageLines(group: readonly AuditFinding[], target: Target, { colors, columns }: Screen): string[] {
  const [{ name, version }] = group as [AuditFinding];
  const rows = group.slice(0, SHOWN - 1).map((finding) => {
    const severity = (finding.severity ?? 'unrated').padEnd(9);
    const paint = /critical|high/.test(severity) ? colors.red : colors.yellow;
    const text = visible(`${namesOf(finding)}: ${finding.summary}`);
    return `  ${paint(severity)} ${cut(text, (columns ?? WIDTH) - 12)}`;
  });
  const more = group.slice(SHOWN - 1).map(namesOf);
  if (more.length > 0) rows.push(cut(`  and ${more.length} more: ${more.join(', ')}`, columns ?? WIDTH));
  const fixes = fixesOf(group, target).slice(0, SHOWN);
  return [
    colors.bold(visible(`${name} ${version}`)),
    ...rows,
    ...fixes.flatMap((same) => {
      const [fix] = same as [Fix];
      const number = same.length === group.length ? '' : `For ${same.length} of ${group.length}: `;
      const text = fixOf({ fix: null, fixes: [fix] }) ?? changeOf(fix);
      return hanging(colors.green('  fix: '), 7, number + text, columns);
    }),
  ];
}

/** The fixes of a package's findings, in groups of the same. What nothing clears has its advice together. */
function fixesOf(group: readonly AuditFinding[], target: Target): Fix[][] {
  const isStuck = ({ clears, fixed }: AuditFinding) => !clears.some(wasTried) && fixed.length > 0;
  const versions = [...new Set(group.filter(isStuck).flatMap(({ fixed }) => fixed))];
  versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const lack = advice(lackOf(versions, SHOWN, target));
  const shown = group.flatMap((finding) =>
    isStuck(finding) ? [lack, ...finding.clears.slice(1)] : finding.clears,
  );
  return [...groupedBy(shown, (fix) => JSON.stringify(fix)).values()];
}

/** A package on one line. */
function foldedLine(group: readonly AuditFinding[]): string {
  const [{ name, version, severity }] = group as [AuditFinding];
  const ids = group.map(({ id }) => id).join(', ');
  return `${name} ${version}: ${severity ?? 'unrated'}, ${vulnerabilities(group.length)}: ${ids}`;
}

/** By statement: what it is about, and the first sentence of why it does not apply. */
function withoutEffect(findings: readonly AuditFinding[]): string[] {
  const groups = groupedBy(findings, ({ name, statement }) => `${name} ${statement!.reason}`);
  return [...groups.values()].map((group) => {
    const [{ name, version, id, statement }] = group as [AuditFinding];
    const [reason] = statement!.reason.split(/\.(?= |$)/);
    return `  ${name} ${version}, ${group.length === 1 ? id : group.length}: ${reason}.`;
  });
}

/** The id, and that of CVE, under which it is known elsewhere. */
function namesOf({ id, aliases }: AuditFinding): string {
  return [id, ...aliases.filter((alias) => alias.startsWith('CVE-')).slice(0, 1)].join(', ');
}

const notLookedAt = ({ length }: readonly string[]) =>
  length === 0 ? '' : `; ${count(length, 'package')} not looked at`;

function stepText({ fix, clears, leaves, introduces, not_audited }: AuditStep, besides: string): string {
  const added = introduces.length === 0 ? '' : `, ${introduces.length} of them new`;
  const said = `The best step for all${besides && ', ignored ones too,'} clears ${clears} and leaves ${leaves}${added}${notLookedAt(not_audited)}`;
  return fix.kind === 'run_command' ? `${said}:` : `${said}. What is left then:`;
}

/** The options that make a change. */
function changeOf(fix: Fix): string {
  if (fix.kind === 'date') return `--date ${fix.compatibility_date}`;
  if (fix.kind === 'package_flag') return `--flag ${fix.flag}`;
  return fix.kind === 'take_from_index' ? optionsOf(fix) : '';
}

/** A command line with a change, and with requirements in place of the files that were read. */
function commandOf(line: readonly string[], instead: readonly string[] | null, fix: Fix): string {
  if (fix.kind === 'run_command') return commandIn(fix.command);
  const replaced = { date: ['--date'], package_flag: ['--flag', '--pyodide'] }[fix.kind as string] ?? [];
  const kept = withoutOptions(
    line,
    ['--fix', ...(instead ? ['-r', '--requirements'] : []), ...replaced],
    (name, value) => name !== '--flag' || isPackageFlag(value),
  );
  return ['pinwheel', ...[...kept, ...(instead ?? [])].map(shellWord), changeOf(fix)].join(' ');
}
