/** Applies the fixes of a check that need no thought: missing requirements, misplaced package flags, a handler. */
import { dirname, resolve } from 'node:path';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { sayFixes } from '../../../resolver/issues/fixes.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { commandErrorOf } from '../../common/failure.ts';
import { writeWhole } from '../../common/folders.ts';
import { readText } from '../../common/read-text.ts';
import { type Edit, settingEdit } from '../audit.ts';
import { editRequirements } from '../edit-requirements.ts';
import { wranglerFileOf } from '../question.ts';
import type { WorkerPlace } from '../workers.ts';
import { environmentName, settingsOf } from '../wrangler-file.ts';
import type { CheckOptions } from './check.ts';

/** Changes the files of a project, one after the other. What cannot be changed stays, and is remarked on. */
export async function fixProject(
  findings: readonly Finding[],
  { folder, config }: WorkerPlace,
  options: CheckOptions,
): Promise<Edit[]> {
  const { config: _, ...asked } = options;
  const wrangler = config ?? wranglerFileOf(asked, { folder });
  const home = wrangler === null ? folder : dirname(wrangler);
  const edits: Edit[] = [];
  const apply = async (finding: Finding, makeEdits: () => Promise<(Edit | null)[]>) => {
    const made = await makeEdits().catch((error: unknown) => {
      if (commandErrorOf(error) === null) throw error;
      return [null];
    });
    const whole = made.flatMap((edit) => edit ?? []);
    if (whole.length < made.length) {
      const message = `Not changed, because of how the file is written: ${finding.message}`;
      options.listener.remarks([{ severity: 'warning', message, fix: sayFixes(finding.fixes) }]);
      return;
    }
    for (const edit of whole.filter(({ before, after }) => before !== after)) {
      await writeWhole(edit.file, edit.after);
      edits.push(edit);
    }
  };

  const added = new Set<string>();
  for (const finding of findings) {
    const { code, path, severity, fixes } = finding;
    const [fix] = fixes.length === 1 && severity !== 'info' ? fixes : [];
    // Requirements that were named with -r are not the project's own.
    if (fix?.kind === 'add_requirement' && options.requirements.length === 0) {
      const { requirement } = fix;
      if (added.has(requirement)) continue;
      added.add(requirement);
      await apply(finding, async () => [await editRequirements(home, [requirement], true)]);
    } else if (fix?.kind === 'edit_file' && code === 'no_handler') {
      await apply(finding, async () => [await appended(resolve(path), fix.line)]);
    } else if (code === 'package_flag_in_wrangler' && wrangler !== null) {
      await apply(finding, async () => {
        const { flag, edit } = await withoutPackageFlag(wrangler, options.env);
        return [settingEdit(home, 'package-set', flag), edit];
      });
    }
  }
  return edits;
}

async function appended(file: string, lines: string): Promise<Edit> {
  const before = await readText(file);
  return { file, before, after: withLines(before, lines) };
}

export function withLines(before: string, lines: string): string {
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  const text = [before.trimEnd(), '', '', lines, ''].join('\n').trimStart();
  return text.replace(/\r?\n/g, end);
}

/** The package flag of a wrangler file, and the file without it. `edit`: null if there are several, or no place for that. */
async function withoutPackageFlag(
  file: string,
  env: string | undefined,
): Promise<{ flag: string; edit: Edit | null }> {
  const before = await readText(file);
  const flagsOf = async (text: string) =>
    (await settingsOf(file, text, environmentName(env))).compatibility_flags;
  const flags = await flagsOf(before);
  const [flag = '', ...others] = flags.filter(isPackageFlag);
  const word = `(["'])${flag.replaceAll('.', '\\.')}\\1`;
  const rest = JSON.stringify(flags.filter((other) => other !== flag));
  const patterns = [new RegExp(`,\\s*${word}`), new RegExp(`${word}\\s*,?[ \\t]*`)];
  for (const pattern of others.length === 0 ? patterns : []) {
    const after = before.replace(pattern, '');
    // Without its list around it, the text may not be read any more.
    const left = await flagsOf(after).catch(() => null);
    if (JSON.stringify(left) === rest) return { flag, edit: { file, before, after } };
  }
  return { flag, edit: null };
}
