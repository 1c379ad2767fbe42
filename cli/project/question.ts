/** The question: from the options, and what they leave open from a wrangler file and the `pyproject.toml` beside it. */
import { dirname, join } from 'node:path';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import { tableAt } from '../../resolver/formats/table.ts';
import type { Pinwheel, TargetAnswer } from '../../resolver/index.ts';
import { malformedPyproject } from '../../resolver/issues/files.ts';
import { advice, fixed } from '../../resolver/issues/fixes.ts';
import { valueIn } from '../../resolver/question/read.ts';
import type { BackendOptions } from '../ask/backend.ts';
import { type LocatedIssue, misused, refused } from '../common/failure.ts';
import type { Listener, Remark } from '../common/listener.ts';
import { inputError, readPyproject } from '../common/read-text.ts';
import { environmentName, findWranglerFile, readWranglerFile } from './wrangler-file.ts';

export interface QuestionOptions extends BackendOptions {
  date?: string;
  flag: string[];
  config?: string;
  env?: string;
  asOf?: string;
  revision?: string;
  experimental?: true;
  pyodide?: string;
  set?: string;
  /** `--index` is PyPI, `--no-index` none, whatever is configured. */
  index?: boolean;
  /** Not given by words: set where a build follows. */
  built?: true;
  format: string;
  listener: Listener;
}

export interface Question {
  compatibility_date: string | null;
  compatibility_flags: string[];
  /** Null for today. */
  as_of: string | null;
  /** Null for the newest. */
  revision: number | null;
  experimental: boolean;
  /** Null if date and flags select it. */
  pyodide: string | null;
}

/** The named wrangler file, or the one of a folder, unless the options replace it. Null if none is needed. */
export function wranglerFileOf(
  { config, date, flag, env }: Pick<QuestionOptions, 'config' | 'date' | 'flag' | 'env'>,
  { asksDate = true, folder = '' } = {},
): string | null {
  if (config !== undefined) return config;
  const isOpen = (asksDate && date === undefined) || flag.length === 0 || env;
  return isOpen ? findWranglerFile(folder) : null;
}

/**
 * `--date` and `--flag` override the wrangler file; a package flag overrides only the project's package flag. `--pyodide`
 * overrides all that a project says of its runtime.
 */
export async function readQuestion(options: QuestionOptions, asksDate = true): Promise<Question> {
  const { date, flag, env, asOf, revision, experimental = false, pyodide = null } = options;
  const other = [date && '--date', flag.length > 0 && '--flag'].find(Boolean);
  if (pyodide !== null && other)
    throw misused({ problem: 'replaced_option', option: '--pyodide', replaces: other });
  const asked = revision === undefined ? null : (valueIn('number', [revision]) as number | null);
  if (revision !== undefined && asked === null)
    throw misused({ problem: 'invalid_revision', text: revision });
  const own = { as_of: asOf ?? null, revision: asked, experimental, pyodide };
  if (pyodide !== null) return { compatibility_date: null, compatibility_flags: [], ...own };
  const path = wranglerFileOf(options, { asksDate });
  if (path === null && env) throw misused({ problem: 'environment_of_nothing' });
  const environment = environmentName(env);
  const settings = path === null ? null : await readWranglerFile(path, environment);
  const pinned = path === null ? null : await readPinnedSet(dirname(path));
  const question = {
    compatibility_date: date ?? settings?.compatibility_date ?? null,
    compatibility_flags: flagsOf(flag, settings?.compatibility_flags ?? [], pinned),
    ...own,
  };
  if (path !== null && (options.config === undefined || (env === undefined && environment !== ''))) {
    options.listener.remarks([announcement(path, environment, question, pinned)]);
  }
  options.listener.remarks(settings?.remarks ?? []);
  return question;
}

/** The package set that a project pins beside its wrangler file, which has no package flags: workerd does not know them. */
export async function readPinnedSet(home: string): Promise<string | null> {
  const path = join(home, 'pyproject.toml');
  const flag = tableAt(await readPyproject(path, 'pinwheel'), 'tool', 'pinwheel')?.['package-set'] ?? null;
  if (flag === null || (typeof flag === 'string' && isPackageFlag(flag))) return flag;
  throw inputError([malformedPyproject({ problem: 'no_package_flag', file: path })]);
}

/** Flags of options replace those of the wrangler file; package flags alone replace only its package flag. */
function flagsOf(named: readonly string[], written: readonly string[], pinned: string | null): string[] {
  if (named.length > 0 && !named.every(isPackageFlag)) return [...named];
  if (named.length > 0) return [...written.filter((flag) => !isPackageFlag(flag)), ...named];
  return pinned === null || written.some(isPackageFlag) ? [...written] : [...written, pinned];
}

function announcement(path: string, environment: string, question: Question, pinned: string | null): Remark {
  const { compatibility_date: date, compatibility_flags: flags } = question;
  const file = environment === '' ? path : `${path}, environment ${environment}`;
  const place =
    pinned !== null && flags.includes(pinned) ? `${file} and ${join(dirname(path), 'pyproject.toml')}` : file;
  // A move may begin at a package set.
  const from = date !== null && isPackageFlag(date) ? date : `date ${date ?? 'none'}`;
  const settings = `${from}, flags ${flags.length > 0 ? flags.join(', ') : 'none'}`;
  return { severity: 'info', message: `Using ${place}: ${settings}.`, fix: null };
}

/** Adds to the issues how to give a missing date, flag or package flag. With JSON, the issues stay as they are. */
export function withHints(issues: readonly LocatedIssue[], options: QuestionOptions): LocatedIssue[] {
  if (options.format === 'json') return [...issues];
  return withPinHint(issues).map((issue) => {
    const hint = hintOf(issue, options.config);
    return hint === null ? issue : { ...issue, ...fixed([...issue.fixes, advice(hint)]) };
  });
}

/** Adds to the first issue that proposes a package flag where to set it. */
export function withPinHint<Explained extends LocatedIssue>(issues: readonly Explained[]): Explained[] {
  let isSaid = false;
  return issues.map((issue) => {
    const proposal = issue.fixes.find((fix) => fix.kind === 'package_flag');
    if (isSaid || proposal === undefined) return issue;
    isSaid = true;
    return { ...issue, ...fixed([...issue.fixes, advice(pinHint(proposal.flag))]) };
  });
}

/** The sentence that says where to set a package flag. */
export function pinHint(flag: string): string {
  const line = `package-set = "${flag}" under [tool.pinwheel] in pyproject.toml`;
  return `Name it with \`flags=${flag}\`, or permanently with ${line}.`;
}

function hintOf({ code, fixes }: LocatedIssue, config: string | undefined): string | null {
  if (code === 'missing_compatibility_date') {
    return config
      ? `Add compatibility_date to ${config}, or give --date YYYY-MM-DD.`
      : 'Give --date YYYY-MM-DD and --flag, or name a wrangler file with --config.';
  }
  // Without a date, workerd reads no flag.
  if (code !== 'python_workers_required' || fixes.length === 0) return null;
  return `Give --flag python_workers, or list it in compatibility_flags of ${config ?? 'a wrangler file'}.`;
}

export async function askTarget(
  pinwheel: Pinwheel,
  question: Question,
  options: QuestionOptions,
): Promise<TargetAnswer> {
  const outcome = await pinwheel.safeTarget(question);
  if (outcome.ok) return outcome.value;
  throw refused(withHints(outcome.issues, options));
}
