/** The Pythons of a lock, from the command line. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { prepareSet } from '../../resolver/closure/prepare.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { Issue, PackageSet, Pinwheel, Target } from '../../resolver/index.ts';
import { withOwnSet } from '../../resolver/pinwheel/beyond.ts';
import type { HostPython, SliceQuestion } from '../../resolver/solver/index.ts';
import { answered, misused, outOfReach, refused } from '../common/failure.ts';
import type { PlainQuestion } from './backend.ts';

/** Nearly every Python has packaging, or pip's copy of it. */
const SCRIPT = `
import json
try:
    from packaging import markers, tags
except ImportError:
    from pip._vendor.packaging import markers, tags
print(json.dumps({"markers": markers.default_environment(), "tags": [str(tag) for tag in tags.sys_tags()]}))`;

const MOST_OUTPUT = 16_000_000;

export async function describeHost(program: string): Promise<HostPython> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-c', SCRIPT], { maxBuffer: MOST_OUTPUT });
    return JSON.parse(stdout) as HostPython;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    const detail = said.trim().split('\n').at(-1)!;
    throw outOfReach({ problem: 'silent_python', program, detail }, error);
  }
}

/** The target of a Worker, with the question for it; or the Python of a host, which has none. */
export type LockTarget =
  | { name: string; target: Target; question: PlainQuestion }
  | { name: string; host: HostPython };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PYODIDE = /^\d+\.\d+\.\d+\S*$/;

/** Words such as `2026-11-20`, `2026-11-20+no_python_workers_314`, `0.29.5` or `host`; by default the Worker. */
export async function readTargets(
  pinwheel: Pinwheel,
  words: readonly string[],
  { question: asked, set }: { question: PlainQuestion; set: PackageSet | null },
  withHints: (issues: readonly Issue[]) => Issue[],
): Promise<LockTarget[]> {
  const named = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  const repeated = named.find((word, at) => named.indexOf(word) !== at);
  if (repeated) throw misused({ problem: 'repeated_target', target: repeated });
  const names = named.length > 0 ? named : ['worker'];
  return Promise.all(
    names.map(async (name) => {
      const [kind, program] = name.split('=', 2) as [string, string?];
      if (kind === 'host') return { name, host: await describeHost(program ?? 'python3') };
      const question = name === 'worker' ? asked : questionOf(name, asked);
      const outcome = await pinwheel.safeTarget(question);
      if (!outcome.ok) throw refused(naming(name, names, withHints(outcome.issues)));
      const target = outcome.value;
      const view = answered(await pinwheel.source.view(target.registry.revision));
      return { name, target: set ? answered(await withOwnSet(view, target, set)) : target, question };
    }),
  );
}

/** With the target before each message, if there are several. */
export function naming<Said extends { message: string }>(
  target: string,
  { length }: readonly unknown[],
  issues: readonly Said[],
): Said[] {
  if (length === 1) return [...issues];
  return issues.map((issue) => ({ ...issue, message: `${target}: ${issue.message}` }));
}

function questionOf(word: string, asked: PlainQuestion): PlainQuestion {
  if (PYODIDE.test(word)) {
    return { ...asked, compatibility_date: null, compatibility_flags: [], pyodide: word };
  }
  const parts = word.split('+');
  const dates = parts.filter((part) => DAY.test(part));
  const flags = parts.filter((part) => !DAY.test(part));
  if (dates.length > 1) throw misused({ problem: 'target_of_two_dates', target: word });
  const isWhole = flags.length > 0 && flags.every(isPackageFlag);
  const own = flags.length > 0 ? flags : (asked.compatibility_flags ?? []);
  const usual = own.some((flag) => flag === 'python_workers' || isPackageFlag(flag))
    ? own
    : ['python_workers', ...own];
  return {
    ...asked,
    pyodide: null,
    compatibility_date: dates[0] ?? (isWhole ? null : asked.compatibility_date),
    compatibility_flags: usual,
  };
}

export async function questionsOf(
  pinwheel: Pinwheel,
  targets: readonly LockTarget[],
  rest: Omit<SliceQuestion, 'name' | 'target' | 'set'>,
  today: string,
  own: PackageSet | null,
): Promise<SliceQuestion[]> {
  const days = targets.flatMap((named) => {
    return 'target' in named ? [named.target.compatibility_date, named.target.package_set.released] : [];
  });
  // The host has no date; it uses the latest one of the Workers.
  const day = days.sort().at(-1) ?? today;
  return Promise.all(
    targets.map(async (named) => {
      const { name } = named;
      if ('target' in named) {
        const set = own ? prepareSet(own) : await pinwheel.source.openSet(named.target.package_set);
        return { ...rest, name, target: named.target, set };
      }
      const runtime = { python: '', abi: '', platform: '' };
      const target = { compatibility_date: day, runtime, package_set: { flag: '', released: day } };
      return { ...rest, name, target, set: prepareSet({ flag: '', packages: [] }), host: named.host };
    }),
  );
}
