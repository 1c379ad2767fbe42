/** Moves a project to another compatibility date: what changes in its files, and the move tried before it is kept. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { changedFile, savedMeanwhile, uneditable } from '../../resolver/issues/files.ts';
import type { Finding } from '../../resolver/python/index.ts';
import { parseDirectRequirement } from '../../resolver/requirements/requirement.ts';
import { openBackend } from '../ask/backend.ts';
import { unanswered } from '../common/failure.ts';
import { writeWhole } from '../common/folders.ts';
import { readText } from '../common/read-text.ts';
import type { Edit } from './audit.ts';
import { findConfig } from './build-project.ts';
import { checkWorker } from './check/check.ts';
import { repinRequirements } from './edit-requirements.ts';
import { casesOf, type TryOptions, type TryReport, tryProject } from './try/try.ts';
import { environmentName, settingsOf } from './wrangler-file.ts';

export interface UpgradeOptions extends TryOptions {
  to: string;
}

export interface Upgrade {
  home: string;
  edits: Edit[];
  /** What keeps the Worker from running on that date, or changes it, and only a person can mend. */
  left: Finding[];
}

/** Changes nothing. */
export async function planUpgrade(folder: string, options: UpgradeOptions): Promise<Upgrade> {
  const config = await findConfig(folder, options.config);
  const home = dirname(config);
  const { pinwheel } = await openBackend(options);
  const moved = { ...options, date: options.to, config: [config], format: 'json' };
  const { report } = await checkWorker(pinwheel, { folder: home, config }, moved);
  const versions = pinsIn(report.findings);
  const pins = await repinRequirements(home, versions);
  const code = codeEdits(report.findings, report.snapshot.entry);
  const dated = await datedEdit(config, options.env, options.to);
  const edits = [dated, ...pins.edits, ...code.edits].filter(({ before, after }) => before !== after);
  const done = new Set([
    ...code.done,
    ...report.findings.filter((finding) => isPinned(finding, pins, versions)),
  ]);
  const counts = ({ severity, code }: Finding) =>
    severity === 'error' || (severity === 'warning' && FLAG.test(code));
  return { home, edits, left: report.findings.filter((finding) => counts(finding) && !done.has(finding)) };
}

/** Code of a finding that a flag gives. */
const FLAG = /^flag_is_/;

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

function isPinned(
  { path, fixes }: Finding,
  { file, names }: Awaited<ReturnType<typeof repinRequirements>>,
  versions: ReadonlyMap<string, string>,
): boolean {
  return fixes.some(
    (fix) =>
      fix.kind === 'set_requirement' &&
      versions.has(fix.name) &&
      names.includes(fix.name) &&
      resolve(path) === resolve(file),
  );
}

const DATE = /\bcompatibility_date["']?\s*[=:]\s*(["'])(.*?)\1/g;

/** The file whose date counts in an environment: its own, or else that of the top level. */
async function datedEdit(file: string, env: string | undefined, to: string): Promise<Edit> {
  const before = await readText(file);
  const dateOf = async (text: string) =>
    (await settingsOf(file, text, environmentName(env))).compatibility_date;
  if ((await dateOf(before)) === to) return { file, before, after: before };
  for (const { index, 0: written, 2: date = '' } of before.matchAll(DATE)) {
    const made = written.slice(0, written.length - date.length - 1) + to + written.at(-1);
    const after = before.slice(0, index) + made + before.slice(index + written.length);
    if ((await dateOf(after)) === to) return { file, before, after };
  }
  throw unanswered([uneditable({ file })]);
}

const METHOD = /^([ \t]+(?:async[ \t]+)?def[ \t]+)on_(\w+)/;
const FUNCTION = /^async[ \t]+def[ \t]+on_fetch[ \t]*\(([^()]*)\)/;
const SDK = /^from workers import ([\w, \t]+)$/m;
/** What `on_fetch` is called with. */
const GIVEN = ['request', 'self.env', 'self.ctx'];

/** The changes that the rows of flags show and that need no thought: methods without `on_`, and a class for `on_fetch`. */
function codeEdits(findings: readonly Finding[], main: string | null): { edits: Edit[]; done: Finding[] } {
  const edits = new Map<string, Edit>();
  const done: Finding[] = [];
  // From the end, so that the lines before stay.
  for (const finding of findings.filter(({ code }) => code === 'flag_is_on').toReversed()) {
    const { path: file, line } = finding;
    if (!file.endsWith('.py')) continue;
    const before = edits.get(file)?.before ?? readFileSync(file, 'utf8');
    const text = edits.get(file)?.after ?? before;
    const lines = text.split('\n');
    const renamed = lines[line - 1]!.replace(METHOD, '$1$2');
    const [, parameters] = FUNCTION.exec(lines.slice(line - 1).join('\n')) ?? [];
    const after =
      renamed !== lines[line - 1]
        ? lines.with(line - 1, renamed).join('\n')
        : parameters !== undefined && file === main
          ? withClass(text, parameters)
          : null;
    if (after === null) continue;
    edits.set(file, { file, before, after });
    done.push(finding);
  }
  return { edits: [...edits.values()], done };
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
  const added = `\n\n\n${lines.join('\n')}\n`;
  return start.trimEnd() + (text.includes('\r\n') ? added.replaceAll('\n', '\r\n') : added);
}

/** Tries the move with its edits, which are taken back at the end; throws if something fails or changes. */
export async function tryUpgrade(
  folder: string,
  { edits }: Upgrade,
  options: UpgradeOptions,
): Promise<{ report: TryReport; failed: boolean }> {
  const report = await tryProject(folder, { ...options, moved: (task) => edited(edits, task) });
  return { report, failed: casesOf(report).some(({ problem }) => problem !== null) };
}

async function edited<Result>(edits: readonly Edit[], task: () => Promise<Result>): Promise<Result> {
  /** Takes back what nobody has changed meanwhile, and returns the other files. */
  const restore = () =>
    edits.filter(({ file, before, after }) => {
      const isOurs = existsSync(file) && readFileSync(file, 'utf8') === after;
      if (isOurs) writeFileSync(file, before);
      return !isOurs;
    });
  // Ctrl-C ends the process amid the work.
  process.once('exit', restore);
  let saved: Edit[] = [];
  const result = await writeEdits(edits)
    .then(task)
    .finally(() => {
      process.removeListener('exit', restore);
      saved = restore();
    });
  if (saved.length > 0) throw unanswered(saved.map(({ file }) => savedMeanwhile({ file })));
  return result;
}

export async function writeEdits(edits: readonly Edit[]): Promise<void> {
  for (const { file, before, after } of edits) {
    const isSame = existsSync(file)
      ? (await readText(file)) === before.replace(/^\ufeff/, '')
      : before === '';
    if (!isSame) throw unanswered([changedFile({ file })]);
    await writeWhole(file, after);
  }
}
