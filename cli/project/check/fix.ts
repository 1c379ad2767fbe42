/** Applies the fixes of a check that need no thought: missing requirements, misplaced package flags, a handler. */
import { dirname, join } from 'node:path';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { commandErrorOf } from '../../common/failure.ts';
import { editRequirements } from '../edit-requirements.ts';
import { Edits, withSetting } from '../edits.ts';
import { wranglerFileOf } from '../question.ts';
import { PROJECT_FILE } from '../sources/sources.ts';
import type { WorkerPlace } from '../workers.ts';
import { readWranglerFile } from '../wrangler-file.ts';
import type { CheckOptions } from './check.ts';

/** Plans the changes. What cannot be changed is remarked on. */
export async function planFixes(
  findings: readonly Finding[],
  { folder, config }: WorkerPlace,
  options: CheckOptions,
): Promise<Edits> {
  const wrangler = config ?? wranglerFileOf(options, { folder });
  const home = wrangler === null ? folder : dirname(wrangler);
  const edits = new Edits();
  const added = new Set<string>();
  for (const finding of findings) {
    const isChanged = await planFix(finding).catch((error: unknown) => {
      if (commandErrorOf(error) === null) throw error;
      return false;
    });
    if (isChanged) continue;
    const message = `Not changed, because of how the file is written: ${finding.message}`;
    const { fix, fixes } = finding;
    options.listener.remarks([{ severity: 'warning', message, fix, fixes }]);
  }
  return edits;

  /** False if a file cannot be changed. */
  async function planFix({ code, path, severity, fixes }: Finding): Promise<boolean> {
    const [fix] = fixes.length === 1 && severity !== 'info' ? fixes : [];
    // Requirements that were named with -r are not the project's own.
    if (fix?.kind === 'add_requirement' && options.requirements.length === 0) {
      const { requirement } = fix;
      if (added.has(requirement)) return true;
      added.add(requirement);
      await editRequirements(edits, home, [requirement], true);
    } else if (fix?.kind === 'edit_file' && code === 'no_handler') {
      return edits.change(path, (text) => withLines(text, fix.line));
    } else if (code === 'package_flag_in_wrangler' && wrangler !== null) {
      return movePackageFlag(edits, wrangler, join(home, PROJECT_FILE), options.env);
    }
    return true;
  }
}

export function withLines(text: string, lines: string): string {
  return `${text.trimEnd()}\n\n\n${lines}\n`.trimStart();
}

/**
 * Moves the package flag of a wrangler file, if it has one, to the project's settings. False if there are several, or no
 * place for that.
 */
export async function movePackageFlag(
  edits: Edits,
  wrangler: string,
  project: string,
  env: string | undefined,
): Promise<boolean> {
  const flagsIn = async (text: string) => (await readWranglerFile(wrangler, env, text)).compatibility_flags;
  const text = await edits.textOf(wrangler);
  const flags = await flagsIn(text);
  const [flag, ...others] = flags.filter(isPackageFlag);
  if (flag === undefined) return true;
  if (others.length > 0) return false;
  const word = `(["'])${flag.replaceAll('.', '\\.')}\\1`;
  const rest = JSON.stringify(flags.filter((other) => other !== flag));
  for (const pattern of [new RegExp(`,\\s*${word}`), new RegExp(`${word}\\s*,?[ \\t]*`)]) {
    const without = text.replace(pattern, '');
    // Without its list around it, the text may not be read any more.
    if (JSON.stringify(await flagsIn(without).catch(() => null)) !== rest) continue;
    const isSet = await edits.change(project, (text) => withSetting(text, 'package-set', flag));
    return isSet && edits.change(wrangler, (text) => text.replace(pattern, ''));
  }
  return false;
}
