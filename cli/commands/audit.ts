/** `pinwheel audit`: the known vulnerabilities of a closure, and what clears them. */
import { SEVERITIES, type Severity } from '../../resolver/audit/severity.ts';
import { sayFixes, wasTried } from '../../resolver/issues/fixes.ts';
import { openBackend } from '../ask/backend.ts';
import { CommandError } from '../common/failure.ts';
import { reportOf } from '../print/annotations.ts';
import { type AuditView, auditReport } from '../print/audit.ts';
import { editLines } from '../print/edits.ts';
import { print, printRemarks } from '../print/print.ts';
import { output } from '../print/table.ts';
import { withoutOptions } from '../print/words.ts';
import { auditProject, planFix, readIgnored, settingsFix } from '../project/audit.ts';
import type { ClosureOptions } from '../project/closure.ts';
import { Edits, writeEdits } from '../project/edits.ts';
import { wranglerFileOf } from '../project/question.ts';
import { PROJECT_FILE } from '../project/sources/sources.ts';

const NO_STATEMENT = {
  severity: 'info',
  message: 'Nothing is written: without findings, there is no statement for an OpenVEX document.',
  fix: null,
} as const;

interface AuditOptions extends ClosureOptions {
  failOn?: Severity;
  strict?: boolean;
  fix?: boolean;
}

export async function auditCommand(named: readonly string[], options: AuditOptions): Promise<void> {
  const { pinwheel } = await openBackend(options);
  const audited = await auditProject(pinwheel, named, options);
  const { answer } = audited;
  const { ignored, remarks } = await readIgnored(options, answer);
  const view = { ...audited, ignored, words: wordsOf(audited.words) };
  const config = options.pyodide === undefined ? wranglerFileOf(options) : null;
  const fails = blocking(view, options).length > 0;
  const isText = options.format === 'table';
  printRemarks(
    [...(options.format === 'json' ? [] : answer.diagnostics), ...remarks],
    isText ? output.detail : 'full',
  );
  if (options.format === 'cyclonedx' || options.format === 'openvex') {
    const { toCyclonedx, toOpenvex } = await import('../print/vex.ts');
    const write = options.format === 'openvex' ? toOpenvex : toCyclonedx;
    const written = await write(view);
    if (written) print([JSON.stringify(written)]);
    else printRemarks([NO_STATEMENT]);
  } else {
    const outcome = { config: config ?? '', ok: true, result: view } as const;
    print(reportOf([outcome], false, options.format, auditReport(config, fails)));
  }
  if (options.fix) await applyFix(view, audited.words !== null, options);
  if (fails) throw new CommandError(1, []);
}

/** The words of this command line, with requirements in place of the files that were read. */
function wordsOf(instead: readonly string[] | null): string[] {
  const words = process.argv.slice(2);
  if (instead === null) return withoutOptions(words, ['--fix']);
  return [...withoutOptions(words, ['--fix', '-r', '--requirements']), ...instead];
}

/** Findings that can be cleared, from a severity on. An unrated finding may have any severity. */
function blocking({ answer, ignored }: AuditView, { failOn = 'none', strict = false }: AuditOptions) {
  const ids = new Set(ignored.map(({ id }) => id));
  return answer.findings.filter(({ affected, id, aliases, severity, clears }) => {
    const isSevere = severity === null || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn);
    const counts = affected && ![id, ...aliases].some((name) => ids.has(name));
    return counts && isSevere && (strict || clears.some(wasTried));
  });
}

async function applyFix({ answer }: AuditView, isInstalled: boolean, options: AuditOptions): Promise<void> {
  const fix = await settingsFix(answer, options);
  if (fix === null) {
    const message =
      'Nothing was changed: no other package flag for this runtime, and no package from an index of the project, clears a finding.';
    return printRemarks([{ severity: 'info', message, fix: null }]);
  }
  const edits = new Edits();
  if (!(await planFix(edits, fix, options))) {
    const message = `${PROJECT_FILE} was not changed: its [tool.pinwheel] is written in a way that only a person can change.`;
    return printRemarks([{ severity: 'warning', message, fix: sayFixes([fix]) }]);
  }
  await writeEdits(edits.all);
  if (options.format === 'table') {
    const rest = isInstalled ? ['It counts once the packages are vendored or locked again.'] : [];
    print(['', ...edits.all.flatMap((edit) => editLines(edit, 'Changed')), ...rest]);
  }
}
