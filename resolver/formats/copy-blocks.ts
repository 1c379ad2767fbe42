/**
 * Lines to copy that reproduce an answer: for a wrangler file if its date and flags select the set, for Python's
 * installers if the set has wheels for everything, and for `pinwheel vendor`; only for `pinwheel build` if no workerd
 * runs the set, because a Worker cannot import what is vendored for another Pyodide.
 */
import type { ResolvedPackage, Target } from '../answer.ts';
import { isArchived } from '../closure/archives.ts';
import { selectTarget } from '../compatibility/target.ts';
import { type CatalogView, minorOf } from '../compatibility/view.ts';
import { COMMAND } from '../published.ts';
import { printable, shellWord } from '../text/printable.ts';

/** Lines to copy, such as the two of a wrangler file. `name` is a file's name, or that of a program. */
export interface CopyBlock {
  name: 'wrangler.jsonc' | 'wrangler.toml' | 'pyproject.toml' | 'pip' | 'pinwheel vendor' | 'pinwheel build';
  lines: string[];
}

export interface CopyBlocks {
  remark: string | null;
  blocks: CopyBlock[];
}

export interface Offer {
  target: Target;
  /** A date that selects the target without a package flag, or null: see {@link dateThatGives}. */
  date: string | null;
  /** The closure of the requirements; empty without requirements. */
  packages: readonly Pick<ResolvedPackage, 'name' | 'version' | 'kind' | 'requested' | 'wheel'>[];
  /** The project's files of requirements, if there is a project. */
  files?: readonly string[];
  /** The address of the set's simple index; null if no registry is known, or the set is not all wheels. */
  index: string | null;
}

export function copyBlocks({ target, date, packages, files: sources = [], index }: Offer): CopyBlocks {
  const { flag } = target.package_set;
  const { pyodide, workerd_bundle: bundle } = target.runtime;
  const files = packages.filter(({ kind }) => kind === 'package');
  const archived = files.some(({ name, kind, wheel: { filename } }) => isArchived({ name, kind, filename }));
  const pins = (some: typeof files) => some.map(({ name, version }) => printable(`${name}==${version}`));
  const requested = pins(files.filter((file) => file.requested));
  const selected =
    target.reasons.package_set.code === 'own_set'
      ? [...target.workerd_flags.map((workerd) => `--flag ${workerd}`), `--set ${shellWord(flag)}`]
      : [`--flag ${flag}`];
  const question = ['--date', date ?? target.compatibility_date, ...selected].join(' ');
  const last: CopyBlock =
    bundle === null
      ? { name: 'pinwheel build', lines: [`${COMMAND} build ${question}`] }
      : { name: 'pinwheel vendor', lines: [vendorLine(question, requested, sources)] };
  const blocks: CopyBlock[] = date === null ? [] : wranglerBlocks(date, target.workerd_flags);
  if (index !== null && !archived && bundle !== null) {
    const project = files.length > 0 ? projectLines(requested, target) : [];
    const source = ['[[tool.uv.index]]', 'name = "pinwheel"', `url = ${JSON.stringify(index)}`];
    blocks.push({ name: 'pyproject.toml', lines: [...project, ...source] });
    if (files.length > 0)
      blocks.push({ name: 'pip', lines: [pipLine(pins(files).map(shellWord), index, target)] });
  }
  const todo =
    bundle === null
      ? ` with Pyodide ${pyodide}: build a Worker that includes both.`
      : ': vendor its packages.';
  const remark = date === null ? `No compatibility date selects ${flag}${todo}` : null;
  return { remark, blocks: [...blocks, last] };
}

export function dateThatGives(view: CatalogView, target: Target): string | null {
  const first = view.sets.get(target.package_set.flag)?.default_from;
  const dates = [target.compatibility_date, first ?? target.compatibility_date];
  const given = dates.find((compatibility_date) => {
    const again = selectTarget(view, {
      compatibility_date,
      compatibility_flags: target.workerd_flags,
      as_of: target.as_of,
      experimental: true,
    });
    return again.ok && isSame(again.value, target);
  });
  return given ?? null;
}

export function isSame(a: Target, b: Target): boolean {
  return a.package_set.flag === b.package_set.flag && a.runtime.workerd_bundle === b.runtime.workerd_bundle;
}

function wranglerBlocks(date: string, flags: readonly string[]): CopyBlock[] {
  const list = `[${flags.map((flag) => JSON.stringify(flag)).join(', ')}]`;
  return [
    {
      name: 'wrangler.jsonc',
      lines: ['{', `  "compatibility_date": "${date}",`, `  "compatibility_flags": ${list}`, '}'],
    },
    { name: 'wrangler.toml', lines: [`compatibility_date = "${date}"`, `compatibility_flags = ${list}`] },
  ];
}

function vendorLine(question: string, pins: readonly string[], files: readonly string[]): string {
  const sources = (files.length > 0 ? files : ['requirements.txt']).map((file) => `-r ${shellWord(file)}`);
  const asked = pins.length > 0 ? pins.map(shellWord) : sources;
  return `${COMMAND} vendor ${asked} ${question}`;
}

function projectLines(pins: readonly string[], { runtime }: Target): string[] {
  return [
    '[project]',
    'name = "worker"',
    'version = "0.1.0"',
    `requires-python = "==${minorOf(runtime.python)}.*"`,
    `dependencies = [${pins.map((pin) => JSON.stringify(pin)).join(', ')}]`,
    '',
  ];
}

/**
 * pip evaluates markers for the machine that it runs on, and demands what wheels say that they need, which locks do not
 * have whole. So it gets all packages, and `--no-deps`, which a requirements file cannot say.
 * @param index null if the requirements name one, or pip's default has all
 */
export function pipLine(
  what: readonly string[],
  index: string | null,
  { runtime }: Pick<Target, 'runtime'>,
): string {
  const { abi, platform, python } = runtime;
  const platforms = abi === platform ? [platform] : [`pyodide_${abi}`, `pyemscripten_${abi}`];
  const cp = `cp${minorOf(python).replace('.', '')}`;
  return [
    'pip install',
    ...(index === null ? [] : [`--index-url ${shellWord(index)}`]),
    ...platforms.map((name) => `--platform ${name}_wasm32`),
    `--python-version ${minorOf(python)} --implementation cp --abi ${cp} --abi abi3 --abi none`,
    '--only-binary :all: --no-deps --target python_modules',
    ...what,
  ].join(' ');
}
