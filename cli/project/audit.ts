/** Audits what a project has: its vendored packages, a lock, or the closure of its requirements. */
import { join } from 'node:path';
import { audit } from '../../resolver/audit/audit.ts';
import type { Pinned } from '../../resolver/audit/findings.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { AuditAnswer, Pinwheel, ResolveQuestion } from '../../resolver/index.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { run } from '../../resolver/issues/fixes.ts';
import { evaluateMarker, markerEnvironment } from '../../resolver/requirements/marker.ts';
import { groupedBy, sortedBy } from '../../resolver/sorted-by.ts';
import { listed } from '../../resolver/text/printable.ts';
import { type Backend, openBackend } from '../ask/backend.ts';
import { withoutWheels } from '../ask/closure.ts';
import { answered } from '../common/failure.ts';
import type { Remark } from '../common/listener.ts';
import { count } from '../common/text.ts';
import { readPlace, targetOf } from './beyond.ts';
import { movePackageFlag } from './check/fix.ts';
import { askWhole, type ClosureOptions, questionOf } from './closure.ts';
import { type Edits, withSetting } from './edits.ts';
import { readLayout } from './layout.ts';
import { commandWith } from './options.ts';
import { wranglerFileOf } from './question.ts';
import { readRequirements } from './reading.ts';
import { type Ignored, readToolTable } from './settings.ts';
import { isPylock } from './sources/lock-files.ts';
import { PROJECT_FILE, requirementFiles } from './sources/sources.ts';
import { readIgnored } from './vulnerabilities.ts';
import { projectHome } from './wrangler-file.ts';

export interface Audited {
  answer: AuditAnswer;
  packages: readonly Pinned[];
  /** Arguments that ask for the closure instead of the folder or the lock that was read; null if none was read. */
  words: string[] | null;
  /** The entries of `audit.ignore` that leave out findings; and what is wrong with others. */
  ignored: Ignored[];
  remarks: Remark[];
}

const SHOWN = 5;

export async function auditProject(named: readonly string[], options: ClosureOptions): Promise<Audited> {
  const backend = await openBackend(options);
  const files = options.requirements;
  const vendored = named.length + files.length === 0 ? await vendoredIn(options) : [];
  const areLocks = files.length > 0 && files.every((file) => isPylock(file) || file.endsWith('.json'));
  const isInstalled = vendored.length > 0 || (named.length === 0 && areLocks);
  const audited = isInstalled
    ? await auditInstalled(backend, vendored, options)
    : await auditClosure(backend, named, options);
  return { ...audited, ...(await readIgnored(options, audited.answer)) };
}

async function auditClosure(given: Backend, named: readonly string[], options: ClosureOptions) {
  const { question, answer, backend } = await askWhole(named, options, given);
  const audited = answered(await backend.pinwheel.safeAudit(question));
  return { answer: audited, packages: answer.packages, words: null };
}

/** The packages that wrangler uploads with the Worker in place of its closure. */
async function vendoredIn({ config, env, listener }: ClosureOptions): Promise<Pinned[]> {
  const places = (await readLayout(projectHome(config) || '.', config, env)).vendored;
  const packages = places.flatMap(({ installed }) => installed.packages);
  const folders = places.map(({ folder }) => folder);
  const message = `Auditing ${count(packages.length, 'package')} in ${listed(folders, SHOWN)}.`;
  if (packages.length > 0) listener.remarks([{ severity: 'info', message, fix: null }]);
  return packages;
}

/** Audits vendored packages or, without any, those of locks. What is tried is what a project requires, or else they. */
async function auditInstalled({ pinwheel }: Backend, vendored: readonly Pinned[], options: ClosureOptions) {
  const isFolder = vendored.length > 0;
  const files = isFolder
    ? await requirementFiles(projectHome(options.config), options.group)
    : options.requirements;
  const { question, target, pins, others, proposed } = await read(pinwheel, {
    ...options,
    requirements: files,
  });
  const installed = isFolder ? vendored : pins;
  const isRequired = isFolder && files.length > 0;
  const names = isRequired ? [] : installed.map(({ name }) => name);
  const asked = isRequired ? question : { ...question, requirements: names };
  const message = `Not audited, because no version of them could be read: ${listed(others, SHOWN)}.`;
  if (!isFolder && others.length > 0) options.listener.remarks([{ severity: 'warning', message, fix: null }]);
  const resolved = await pinwheel.safeResolve(asked);
  const members = resolved.ok ? resolved.value.packages : [];
  const format = files.every(isPylock) ? 'pylock' : 'pyodide-lock';
  const [text, command] = isFolder
    ? ['Vendor the packages again', commandWith(options, 'vendor')]
    : ['Lock what the package set has', commandWith(options, 'resolve', ...names, '--format', format)];
  // A lock has no place for archives.
  const isRenewed = isFolder ? isRequired : resolved.ok && withoutWheels(members).length === 0;
  const modules = new Set(members.flatMap(({ kind, name }) => (kind === 'package' ? [] : name)));
  const packages = installed.filter(({ name }) => !modules.has(name));
  const renew = isRenewed ? run(command, `${text}: ${command}`) : null;
  const words = isRequired ? files.flatMap((file) => ['-r', file]) : names;
  const { source, safeResolve } = pinwheel;
  const view = answered(await source.view(asked.revision ?? undefined));
  const settled = { ...asked, as_of: target.as_of } as ResolveQuestion;
  const outcome = audit(view, settled, source, (_, moved) => safeResolve(moved), { packages, target, renew });
  return { answer: proposed(answered(await outcome)), packages, words };
}

/** The question of files, the versions that they pin for its target, and what they have besides. */
async function read(pinwheel: Pinwheel, options: ClosureOptions) {
  const place = await readPlace(pinwheel, options);
  const { registry: _, answer_version: __, ...target } = await targetOf(pinwheel, place, options);
  const environment = markerEnvironment(target.runtime);
  const asked = { ...options, keepsRefused: true };
  const { refused, ...reading } = await readRequirements(pinwheel, place, [], asked);
  const pins: Pinned[] = [];
  const others = refused.map(({ text }) => text);
  for (const { parsed, text } of reading.requirements) {
    if (parsed?.marker && evaluateMarker(parsed.marker, environment) === false) continue;
    const [pin] = parsed?.specifiers ?? [];
    if (parsed && pin) pins.push({ name: parsed.name, version: pin.written });
    else others.push(text);
  }
  return { question: questionOf(reading), target, pins, others, proposed: reading.proposed };
}

type Applied = Extract<Fix, { kind: 'package_flag' | 'take_from_index' }>;

/**
 * The change of a project's settings that clears the most: the best step, if it is another package flag for the same
 * runtime, or packages from the project's own index; else the one that clears the most by itself. Null if there is none,
 * or none is needed: a date is never changed.
 */
export async function settingsFix({ findings, best }: AuditAnswer, options: ClosureOptions) {
  const { index, find_links } = await readToolTable(options);
  const hasIndex = index !== undefined || find_links !== undefined;
  // A question that the command line has by itself does not follow the settings.
  const { pyodide, flag } = options;
  const isNamed = pyodide !== undefined || flag.some(isPackageFlag) || wranglerFileOf(options) === null;
  const isApplied = (fix: Fix): fix is Applied =>
    fix.kind === 'package_flag' ? fix.same_runtime && !isNamed : fix.kind === 'take_from_index' && hasIndex;
  if (best && isApplied(best.fix)) return best.fix;
  // Findings that vendoring or locking again clears need no other setting.
  const left = findings.filter(({ clears }) => clears[0]?.kind !== 'run_command');
  const applied = left.flatMap(({ clears }) => clears.filter(isApplied));
  const groups = groupedBy(applied, (fix) => ('flag' in fix ? fix.flag : fix.packages.join(' ')));
  return sortedBy(groups.values(), (group) => -group.length)[0]?.[0] ?? null;
}

/** Plans the fix in the file that has the setting. False if only a person can change that. */
export async function planFix(edits: Edits, fix: Applied, options: ClosureOptions): Promise<boolean> {
  const file = join(projectHome(options.config), PROJECT_FILE);
  if (fix.kind === 'take_from_index') {
    const { unpin = [] } = await readToolTable({ config: options.config });
    return edits.change(file, (text) => withSetting(text, 'unpin', [...unpin, ...fix.packages]));
  }
  const wrangler = wranglerFileOf(options);
  // workerd does not know package flags: one that the wrangler file names moves.
  if (wrangler && !(await movePackageFlag(edits, wrangler, file, options.env))) return false;
  return edits.change(file, (text) => withSetting(text, 'package-set', fix.flag));
}
