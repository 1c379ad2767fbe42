/** `pinwheel audit`: the known vulnerabilities of a closure, and what clears them. */
import { SEVERITIES, type Severity } from '../../resolver/audit/severity.ts';
import type { AuditAnswer } from '../../resolver/index.ts';
import { openBackend } from '../ask/backend.ts';
import { answered, CommandError } from '../common/failure.ts';
import { reportOf } from '../print/annotations.ts';
import { auditReport } from '../print/audit.ts';
import { print, printRemarks } from '../print/print.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';
import { wranglerFileOf } from '../project/question.ts';

interface AuditOptions extends ClosureOptions {
  failOn?: Severity;
  strict?: boolean;
}

export async function auditCommand(named: readonly string[], options: AuditOptions): Promise<void> {
  const { pinwheel } = await openBackend(options);
  const { question } = await askWhole(pinwheel, named, options);
  const answer = answered(await pinwheel.safeAudit(question));
  const config = options.pyodide === undefined ? wranglerFileOf(options) : null;
  const fails = blocking(answer, options).length > 0;
  if (options.format !== 'json') printRemarks(answer.diagnostics);
  const outcome = { config: config ?? '', ok: true, result: answer } as const;
  print(reportOf([outcome], false, options.format, auditReport(config, process.argv.slice(2), fails)));
  if (fails) throw new CommandError(1, []);
}

/** Those that can be cleared, from a severity on; an unrated one may have any. */
function blocking({ findings }: AuditAnswer, { failOn = 'none', strict = false }: AuditOptions) {
  return findings.filter(({ affected, severity, clears }) => {
    const isSevere = severity === null || SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn);
    return affected && isSevere && (strict || clears.some(({ kind }) => kind !== 'advice'));
  });
}
