/** `pinwheel audit`: the known vulnerabilities of a closure, and what clears them. */
import { lackOf } from '../../resolver/audit/audit.ts';
import { SEVERITIES, type Severity } from '../../resolver/audit/severity.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { AuditFinding, AuditStep, Target } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { advice, fixed, sayFixes, wasTried } from '../../resolver/issues/fixes.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { groupedBy } from '../../resolver/sorted-by.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { withoutCredentials } from '../common/credentials.ts';
import { CommandError } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { count, cut, visible } from '../common/text.ts';
import { annotated, datePlace } from '../print/annotations.ts';
import { editLines } from '../print/edits.ts';
import { print, printAnswer, printRemarks } from '../print/print.ts';
import { fixOf, optionsOf } from '../print/remarks.ts';
import { hanging, joinSections, output, type Screen, sentence } from '../print/table.ts';
import { commandIn, NOTHING_REQUIRED } from '../print/words.ts';
import { type Audited, auditProject, planFix, settingsFix } from '../project/audit.ts';
import type { ClosureOptions } from '../project/closure.ts';
import { Edits, writeEdits } from '../project/edits.ts';
import { commandWith } from '../project/options.ts';
import { wranglerFileOf } from '../project/question.ts';
import { ignoring } from '../project/vulnerabilities.ts';

/** How many packages are shown in full, and fixes of each. Of its findings, one fewer is shown. */
const SHOWN = 3;
const WIDTH = 200;
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'info', none: 'info' } as const;

interface AuditOptions extends ClosureOptions {
  failOn?: Severity;
  strict?: boolean;
  fix?: boolean;
}

export async function auditCommand(named: readonly string[], options: AuditOptions): Promise<void> {
  const audited = await auditProject(named, options);
  const { answer, ignored, remarks } = audited;
  const { format } = options;
  const diagnostics = format === 'json' ? [] : answer.diagnostics;
  printRemarks([...diagnostics, ...remarks], format === 'table' ? output.detail : 'full');
  if (format === 'github' || format === 'sarif') {
    const config = options.pyodide === undefined ? wranglerFileOf(options) : null;
    print(annotated(auditAnnotations(audited, config), format));
  } else if (format === 'cyclonedx' || format === 'openvex') {
    const { toCyclonedx, toOpenvex } = await import('../print/vex.ts');
    const written = format === 'openvex' ? await toOpenvex(audited) : toCyclonedx(audited);
    if (written) print([JSON.stringify(written)]);
    else say('Nothing is written: without findings, there is no statement for an OpenVEX document.');
  } else {
    const document = ignored.length > 0 ? { ...answer, ignored } : answer;
    printAnswer(format, document, (screen) =>
      auditLines(audited, screen, (fix) => commandOf(named, options, audited.words, fix)),
    );
  }
  if (options.fix) await applyFix(audited, options);
  if (isBlocked(audited, options)) throw new CommandError(1, []);
}

function say(message: string, severity: Remark['severity'] = 'info', fix: string | null = null): void {
  printRemarks([{ severity, message, fix }]);
}

/** Whether there are findings that can be cleared, from a severity on. An unrated one may have any severity. */
function isBlocked(view: Audited, { failOn = 'none', strict = false }: AuditOptions): boolean {
  const least = SEVERITIES.indexOf(failOn);
  return counted(view).some(({ severity, clears }) => {
    const isSevere = severity === null || SEVERITIES.indexOf(severity) >= least;
    return isSevere && (strict || clears.some(wasTried));
  });
}

async function applyFix(view: Audited, options: AuditOptions): Promise<void> {
  const fix = counted(view).length > 0 ? await settingsFix(view.answer, options) : null;
  if (fix === null)
    return say(
      'Nothing was changed: no setting of the project that counts here clears any more, neither another package flag for this runtime nor a package from an index of the project.',
    );
  const edits = new Edits();
  if (!(await planFix(edits, fix, options)))
    return say('Nothing was changed, because of how the files are written.', 'warning', sayFixes([fix]));
  await writeEdits(edits.all);
  if (options.format === 'table') {
    const rest = view.words === null ? [] : ['It counts once the packages are vendored or locked again.'];
    print(['', ...edits.all.flatMap((edit) => editLines(edit, 'Changed')), ...rest]);
  }
}

/** The findings that count: those that have an effect, and are not ignored. */
function counted({ answer, ignored }: Audited): AuditFinding[] {
  return answer.findings.filter((finding) => finding.affected && !ignoring(ignored, finding));
}

/** At the line of the wrangler file that pins the packages. */
function auditAnnotations(view: Audited, config: string | null): Finding[] {
  const place = datePlace(config);
  return counted(view).map((finding): Finding => {
    const { id, name, version, severity, summary, clears } = finding;
    const message = `${name} ${version}, ${namesOf(finding)}: ${summary}`;
    return { severity: LEVELS[severity ?? 'medium'], code: id, message, ...fixed(clears), ...place };
  });
}

/** @param commandOf the command that shows what a fix leaves */
export function auditLines(view: Audited, screen: Screen, commandOf: (fix: Fix) => string): string[] {
  const { answer, packages, ignored } = view;
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
    best === null ? [] : [...hanging('', 0, stepText(best, besides), columns), `  ${commandOf(best.fix)}`],
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

/** The same question with a change. `read`: what asks for the files that were read instead of requirements. */
function commandOf(
  named: readonly string[],
  { failOn, strict, ...options }: AuditOptions,
  read: readonly string[] | null,
  fix: Fix,
): string {
  if (fix.kind === 'run_command') return commandIn(fix.command);
  const flag = options.flag.filter((flag) => !isPackageFlag(flag));
  const replaced = { date: { date: undefined }, package_flag: { flag, pyodide: undefined } }[
    fix.kind as string
  ];
  const exit = [...(strict ? ['--strict'] : []), ...(failOn ? ['--fail-on', failOn] : [])];
  const command = commandIn(commandWith({ ...options, ...replaced }, 'audit', ...exit));
  const words = read ?? [...named, ...options.requirements.flatMap((file) => ['-r', file])];
  return [command, ...words.map((word) => shellWord(withoutCredentials(word))), changeOf(fix)].join(' ');
}
