/** `pinwheel audit`: the known vulnerabilities of a closure, and what clears them. */
import { SEVERITIES, type Severity } from '../../resolver/audit/severity.ts';
import { sayFixes, wasTried } from '../../resolver/issues/fixes.ts';
import { CommandError } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { annotated } from '../print/annotations.ts';
import { type AuditView, auditAnnotations, auditLines, counted } from '../print/audit.ts';
import { editLines } from '../print/edits.ts';
import { print, printAnswer, printRemarks } from '../print/print.ts';
import { output } from '../print/table.ts';
import { auditProject, planFix, settingsFix } from '../project/audit.ts';
import type { ClosureOptions } from '../project/closure.ts';
import { Edits, writeEdits } from '../project/edits.ts';
import { readIgnored } from '../project/known.ts';
import { wranglerFileOf } from '../project/question.ts';

interface AuditOptions extends ClosureOptions {
  failOn?: Severity;
  strict?: boolean;
  fix?: boolean;
}

export async function auditCommand(named: readonly string[], options: AuditOptions): Promise<void> {
  const audited = await auditProject(named, options);
  const { answer } = audited;
  const { ignored, remarks } = await readIgnored(options, answer);
  const view = { ...audited, ignored, line: process.argv.slice(2) };
  const { format } = options;
  const diagnostics = format === 'json' ? [] : answer.diagnostics;
  printRemarks([...diagnostics, ...remarks], format === 'table' ? output.detail : 'full');
  if (format === 'github' || format === 'sarif') {
    const config = options.pyodide === undefined ? wranglerFileOf(options) : null;
    print(annotated(auditAnnotations(view, config), format));
  } else if (format === 'cyclonedx' || format === 'openvex') {
    const { toCyclonedx, toOpenvex } = await import('../print/vex.ts');
    const written = format === 'openvex' ? await toOpenvex(view) : toCyclonedx(view);
    if (written) print([JSON.stringify(written)]);
    else say('Nothing is written: without findings, there is no statement for an OpenVEX document.');
  } else {
    const document = ignored.length > 0 ? { ...answer, ignored } : answer;
    printAnswer(format, document, (screen) => auditLines(view, screen));
  }
  if (options.fix) await applyFix(view, options);
  if (isBlocked(view, options)) throw new CommandError(1, []);
}

function say(message: string, severity: Remark['severity'] = 'info', fix: string | null = null): void {
  printRemarks([{ severity, message, fix }]);
}

/** Whether there are findings that can be cleared, from a severity on. An unrated one may have any severity. */
function isBlocked(view: AuditView, { failOn = 'none', strict = false }: AuditOptions): boolean {
  const least = SEVERITIES.indexOf(failOn);
  return counted(view).some(({ severity, clears }) => {
    const isSevere = severity === null || SEVERITIES.indexOf(severity) >= least;
    return isSevere && (strict || clears.some(wasTried));
  });
}

async function applyFix(view: AuditView, options: AuditOptions): Promise<void> {
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
