/** Moves a project to another compatibility date: what changes in its files, and the move tried before it is kept. */
import { dirname, resolve } from 'node:path';
import { uneditable } from '../../resolver/issues/files.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { parseDirectRequirement } from '../../resolver/requirements/requirement.ts';
import { openBackend } from '../ask/backend.ts';
import { unanswered } from '../common/failure.ts';
import { findConfig } from './build-project.ts';
import { checkWorker } from './check/check.ts';
import { withLines } from './check/fix.ts';
import { type Repinned, repinRequirements } from './edit-requirements.ts';
import { type Edit, Edits } from './edits.ts';
import type { TryOptions } from './try/try.ts';
import { readWranglerFile } from './wrangler-file.ts';

export interface UpgradeOptions extends TryOptions {
  to: string;
}

export interface Upgrade {
  /** The wrangler file, and its folder. */
  config: string;
  home: string;
  edits: Edit[];
  /** Findings that only a person can mend, which end or change the Worker on that date. */
  left: Finding[];
}

/** Changes nothing. */
export async function planUpgrade(folder: string, options: UpgradeOptions): Promise<Upgrade> {
  const config = await findConfig(folder, options.config);
  const home = dirname(config);
  const { pinwheel } = await openBackend(options);
  const moved = { ...options, date: options.to, format: 'json' };
  const { report } = await checkWorker(pinwheel, { folder: home, config }, moved);
  const edits = new Edits();
  await changeDate(edits, config, options.env, options.to);
  const versions = pinsIn(report.findings);
  const pins = await repinRequirements(edits, home, (name) => versions.get(name));
  const called = await changeHandlers(edits, report.findings, report.snapshot.entry);
  const left = report.findings.filter((finding) => {
    const { severity, code } = finding;
    const counts = severity === 'error' || (severity === 'warning' && OF_DATE.test(code));
    return counts && !called.has(finding) && !isRepinned(finding, pins);
  });
  return { config, home, edits: edits.all, left };
}

/** Code of a finding that the date gives: by a flag, or because its runtime does not fit the package set or the project. */
const OF_DATE = /^(?:flag_is_|runtime_mismatch$|other_python$)/;

/** The versions that the set of that date has of what no longer fits. */
export function pinsIn(findings: readonly Finding[]): Map<string, string> {
  const pins = new Map<string, string>();
  for (const { fixes, severity } of findings) {
    for (const fix of severity === 'error' ? fixes : []) {
      if (fix.kind !== 'set_requirement' || fix.because !== 'pinned') continue;
      const parsed = parseDirectRequirement(fix.requirement);
      const [pin] = parsed.ok ? parsed.value.specifiers : [];
      if (pin) pins.set(fix.name, pin.text.replace(/^==\s*/, ''));
    }
  }
  return pins;
}

/** Whether a finding is about a requirement that gets another version, or that goes. */
export function isRepinned({ path, fixes }: Finding, { file, names }: Repinned): boolean {
  return resolve(path) === resolve(file) && fixes.some((fix) => 'name' in fix && names.includes(fix.name));
}

const DATE = /\bcompatibility_date["']?\s*[=:]\s*(["'])(.*?)\1/g;

/** Changes the date that counts in an environment: its own, or else that of the top level. */
async function changeDate(edits: Edits, file: string, env: string | undefined, to: string): Promise<void> {
  const dateOf = async (text: string) => (await readWranglerFile(file, env, text)).compatibility_date;
  const isChanged = await edits.change(file, async (text) => {
    if ((await dateOf(text)) === to) return text;
    for (const { index, 0: written, 2: date = '' } of text.matchAll(DATE)) {
      const end = index + written.length - 1;
      const changed = text.slice(0, end - date.length) + to + text.slice(end);
      if ((await dateOf(changed)) === to) return changed;
    }
    return null;
  });
  if (!isChanged) throw unanswered([uneditable({ file })]);
}

const METHOD = /^([ \t]+(?:async[ \t]+)?def[ \t]+)on_(\w+)/;
const FUNCTION = /^async[ \t]+def[ \t]+on_fetch[ \t]*\(([^()]*)\)/;
const SDK = /^from workers import ([\w, \t]+)$/m;
/** The arguments of `on_fetch`. */
const GIVEN = ['request', 'self.env', 'self.ctx'];

/**
 * Plans what the rows of flags show and what needs no thought: methods without `on_`, and a class for `on_fetch`. Returns
 * the findings that are then over.
 */
async function changeHandlers(
  edits: Edits,
  findings: readonly Finding[],
  main: string | null,
): Promise<ReadonlySet<Finding>> {
  const over = new Set<Finding>();
  // From the end, so that the lines before stay.
  for (const finding of findings.filter(({ code }) => code === 'flag_is_on').toReversed()) {
    const { path: file, line } = finding;
    if (!file.endsWith('.py')) continue;
    const isChanged = await edits.change(file, (text) => {
      const lines = text.split('\n');
      const renamed = lines[line - 1]!.replace(METHOD, '$1$2');
      if (renamed !== lines[line - 1]) return lines.with(line - 1, renamed).join('\n');
      const [, parameters] = FUNCTION.exec(lines.slice(line - 1).join('\n')) ?? [];
      return parameters !== undefined && file === main ? withClass(text, parameters) : null;
    });
    if (isChanged) over.add(finding);
  }
  return over;
}

/** Null if its parameters are not the three that workerd gives. */
function withClass(text: string, parameters: string): string | null {
  const names = parameters.split(',').filter((name) => name.trim() !== '');
  if (names.length > GIVEN.length || /[*/=]/.test(parameters)) return null;
  const [written, imported] = SDK.exec(text) ?? [];
  const sdk = 'from workers import WorkerEntrypoint';
  const all = [...(imported?.split(',').map((name) => name.trim()) ?? []), 'WorkerEntrypoint'].sort();
  const start = written ? text.replace(written, `from workers import ${[...new Set(all)].join(', ')}`) : text;
  const lines = [
    ...(written ? [] : [sdk, '', '']),
    'class Default(WorkerEntrypoint):',
    '    async def fetch(self, request):',
    `        return await on_fetch(${GIVEN.slice(0, names.length).join(', ')})`,
  ];
  return withLines(start, lines.join('\n'));
}
