/** Audits what a project has: its vendored packages, a lock, or the closure of its requirements. */
import { join } from 'node:path';
import { audit, type Installed } from '../../resolver/audit/audit.ts';
import type { Asked, AuditAnswer, Pinwheel, ResolveQuestion } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { run } from '../../resolver/issues/fixes.ts';
import { alsoFromIndex } from '../../resolver/question/also-from-index.ts';
import { evaluateMarker, markerEnvironment } from '../../resolver/requirements/marker.ts';
import { groupedBy, sortedBy } from '../../resolver/sorted-by.ts';
import { listed, shellWord } from '../../resolver/text/printable.ts';
import { withoutWheels } from '../ask/closure.ts';
import { answered } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { count } from '../common/text.ts';
import { readPlace, targetOf } from './beyond.ts';
import { askWhole, type ClosureOptions } from './closure.ts';
import { type Edits, settingsIn, withSetting } from './edits.ts';
import { readLayout } from './layout.ts';
import { wranglerFileOf } from './question.ts';
import { readProject } from './reading.ts';
import { type Ignored, readToolTable } from './settings.ts';
import { isPylock } from './sources/lock-files.ts';
import { PROJECT_FILE, requirementFiles } from './sources/sources.ts';
import { projectHome } from './wrangler-file.ts';

export interface Audited {
  answer: AuditAnswer;
  packages: readonly { name: string; version: string }[];
  /** The words that ask for the closure, in place of the folder or the lock that was read; null if nothing was. */
  words: string[] | null;
}

const SHOWN = 5;

export async function auditProject(
  backend: Pinwheel,
  named: readonly string[],
  options: ClosureOptions,
): Promise<Audited> {
  const { requirements, listener } = options;
  const isPlain = named.length === 0 && requirements.length === 0;
  const vendored = isPlain ? await vendoredIn(options) : null;
  if (vendored) {
    const { folders, packages } = vendored;
    const message = `Auditing ${count(packages.length, 'package')} in ${listed(folders, SHOWN)}.`;
    listener.remarks([{ severity: 'info', message, fix: null }]);
    const files = await requirementFiles(projectHome(options.config), options.group);
    const { question } = await read(backend, { ...options, requirements: files });
    const command = `pinwheel vendor${options.config === undefined ? '' : ` --config ${shellWord(options.config)}`}`;
    const renew = files.length > 0 ? run(command, `Vendor the packages again: ${command}.`) : null;
    const words = files.flatMap((file) => ['-r', file]);
    return { answer: await ask(backend, question, { packages, renew }), packages, words };
  }
  const isLock = (file: string) => isPylock(file) || file.endsWith('.json');
  const isLocked = named.length === 0 && requirements.length > 0 && requirements.every(isLock);
  if (isLocked) {
    const { question, packages } = await read(backend, options);
    const names = packages.map(({ name }) => name);
    const format = requirements.every(isPylock) ? 'pylock' : 'pyodide-lock';
    const command = `pinwheel resolve ${names.map(shellWord).join(' ')} --format ${format}`;
    const asked = { ...question, requirements: names };
    const locked = await backend.safeResolve(asked);
    // A lock has no place for archives.
    const isLockable = locked.ok && withoutWheels(locked.value.packages).length === 0;
    const renew = isLockable ? run(command, `Lock what the package set has: ${command}`) : null;
    const members = locked.ok ? locked.value.packages : [];
    const ofPython = new Set(members.flatMap(({ kind, name }) => (kind === 'package' ? [] : name)));
    const audited = packages.filter(({ name }) => !ofPython.has(name));
    const answer = await ask(backend, asked, { packages: audited, renew });
    return { answer, packages: audited, words: names };
  }
  const { question, answer } = await askWhole(backend, named, options);
  const outcome = answered(await backend.safeAudit(question));
  return { answer: outcome, packages: answer.packages, words: null };
}

/** The packages that wrangler uploads with the Worker in place of its closure; null if there are none. */
async function vendoredIn({ config, env }: ClosureOptions) {
  const home = projectHome(config);
  const places = (await readLayout(home || '.', config, env)).vendored;
  const packages = places.flatMap(({ installed }) => installed.packages);
  return packages.length > 0 ? { folders: places.map(({ folder }) => folder), packages } : null;
}

/** The question of files, and the versions that they pin for its target. */
async function read(backend: Pinwheel, options: ClosureOptions) {
  const place = await readPlace(backend, options);
  const { runtime } = await targetOf(backend, place, options);
  const environment = markerEnvironment(runtime);
  const reading = await readProject(backend, place, [], options, { keepsRefused: true });
  const packages = reading.requirements.flatMap(({ parsed }) => {
    if (!parsed || (parsed.marker && evaluateMarker(parsed.marker, environment) === false)) return [];
    const [pin] = parsed.specifiers;
    return pin ? { name: parsed.name, version: pin.written } : [];
  });
  const requirements = reading.requirements.map(({ text }) => text);
  const constraints = reading.constraints.map(({ text }) => text);
  const question = { ...reading.question, requirements, ...(constraints.length > 0 && { constraints }) };
  return { question, packages };
}

async function ask(pinwheel: Pinwheel, question: Asked<ResolveQuestion>, installed: Installed) {
  const { source, safeResolve } = pinwheel;
  const view = answered(await source.view(question.revision ?? undefined));
  const as_of = question.as_of ?? new Date().toISOString().slice(0, 10);
  const settled = { ...question, as_of } as ResolveQuestion;
  return answered(await audit(view, settled, source, (_, moved) => safeResolve(moved), installed));
}

/** The findings that `audit.ignore` leaves out, and what is wrong with it. */
export async function readIgnored(
  options: ClosureOptions,
  { findings, target }: AuditAnswer,
): Promise<{ ignored: Ignored[]; remarks: Remark[] }> {
  const { ignore = [] } = await readToolTable(options);
  const remark = (message: string): Remark => ({ severity: 'warning', message, fix: null });
  const idsOf = (isAffected: boolean) =>
    new Set(
      findings.flatMap(({ id, aliases, affected }) => (affected === isAffected ? [id, ...aliases] : [])),
    );
  const [known, without] = [idsOf(true), idsOf(false)];
  const isOver = ({ until }: Ignored) => until < target.as_of;
  return {
    ignored: ignore.filter((entry) => known.has(entry.id) && !isOver(entry)),
    remarks: ignore.flatMap((entry) => {
      const { id, until } = entry;
      if (without.has(id) && !known.has(id))
        return remark(`audit.ignore has ${id}, which is without effect in a Worker anyway.`);
      if (!known.has(id)) return remark(`audit.ignore has ${id}, which is not among these findings.`);
      return isOver(entry) ? remark(`audit.ignore had ${id} until ${until}: it counts again.`) : [];
    }),
  };
}

type Applied = Extract<Fix, { kind: 'package_flag' | 'take_from_index' }>;

/**
 * The change of a project's settings that clears the most: another package flag for the same runtime, or packages from
 * the project's own index. Null if there is none: a date is never changed.
 */
export async function settingsFix(
  { findings }: AuditAnswer,
  options: ClosureOptions,
): Promise<Applied | null> {
  const { index, find_links } = await readToolTable(options);
  const hasIndex = index !== undefined || find_links !== undefined;
  const applied = findings.flatMap(({ clears }) =>
    clears.flatMap((fix) => {
      if (fix.kind === 'package_flag') return fix.same_runtime ? fix : [];
      return fix.kind === 'take_from_index' && hasIndex ? fix : [];
    }),
  );
  const keyOf = (fix: Applied) => (fix.kind === 'package_flag' ? fix.flag : fix.packages.join(' '));
  const groups = [...groupedBy(applied, keyOf).values()];
  return sortedBy(groups, (group) => -group.length)[0]?.[0] ?? null;
}

type Setting = [key: string, names: string[]];

/** Plans the fix in the file that has the setting. False if only a person can change that. */
export async function planFix(edits: Edits, fix: Applied, options: ClosureOptions): Promise<boolean> {
  const file = join(projectHome(options.config), PROJECT_FILE);
  if (fix.kind === 'take_from_index')
    return edits.change(file, async (text) => {
      const [[key, names]] = Object.entries(alsoFromIndex(await settingsIn(text), fix.packages)) as [Setting];
      return withSetting(text, key, names);
    });
  const wrangler = wranglerFileOf(options);
  const replaced = `"${fix.replaces}"`;
  if (wrangler !== null && (await edits.textOf(wrangler)).includes(replaced))
    return edits.change(wrangler, (text) => text.replace(replaced, `"${fix.flag}"`));
  return edits.change(file, (text) => withSetting(text, 'package-set', fix.flag));
}
