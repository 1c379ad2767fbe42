/** `pinwheel outdated`: the packages that have a newer version, in a newer set for the same ABI or in the index. */
import { laterSets } from '../../resolver/closure/candidates.ts';
import { evidenceIn } from '../../resolver/evidence-level.ts';
import { compareWritten } from '../../resolver/time/version-order.ts';
import { answered } from '../common/failure.ts';
import { count } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { type Column, joinSections, type Screen, sentence, table } from '../print/table.ts';
import { commandIn, NOTHING_REQUIRED } from '../print/words.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';
import { commandWith } from '../project/options.ts';

export async function outdatedCommand(named: readonly string[], options: ClosureOptions): Promise<void> {
  const outdated = await outdatedPackages(named, options);
  const { target, packages } = outdated;
  const isProject = named.length === 0 && options.requirements.length === 0 && !options.pyodide;
  const { date, set: _, ...rest } = options;
  const from = date === undefined ? [] : ['--from', date];
  // A package flag goes to its end.
  const compare = isProject ? `${commandIn(commandWith(rest, 'diff', ...from))} --to` : null;
  printAnswer(options.format, { target, packages }, (screen) => outdatedLines(outdated, screen, compare));
}

type Outdated = Awaited<ReturnType<typeof outdatedPackages>>;

/** With all packages of the closure. `until`: the day until which uploads to the index count; null if all do. */
async function outdatedPackages(named: readonly string[], options: ClosureOptions) {
  const { backend, answer, question, index } = await askWhole(named, options);
  const { pinwheel } = backend;
  const { target, registry } = answer;
  const packages = answer.packages.filter(({ kind }) => kind === 'package');
  const view = answered(await pinwheel.source.view(registry.revision));
  const sets = laterSets(view, target.package_set).filter(({ abi }) => abi === target.runtime.abi);
  const places = new Map(sets.map(({ flag }, at) => [flag, at]));
  const pins = await pinwheel.source.readPins(packages.map(({ name }) => name));
  const inIndex = async (name: string): Promise<string | null> => {
    if (index === null) return null;
    const asked = { ...question, unpin: [...(question.unpin ?? []), name], requirements: [name] };
    const outcome = await pinwheel.safeResolve(asked);
    return outcome.ok ? (outcome.value.packages.find((entry) => entry.name === name)?.version ?? null) : null;
  };
  const rows = packages.map(async ({ name, version, requested, evidence }) => {
    const later = (pins.get(name) ?? []).filter(
      (pin) => places.has(pin.flag) && compareWritten(version, pin.version) < 0,
    );
    const [best] = later.sort(
      (a, b) => compareWritten(b.version, a.version) || places.get(b.flag)! - places.get(a.flag)!,
    );
    const uploaded = await inIndex(name);
    return {
      ...{ name, version, requested, evidence },
      // In the newest set for the same ABI that has the newest version.
      newer: best
        ? { version: best.version, package_flag: best.flag, evidence: evidenceIn(view, best.flag)(name) }
        : null,
      index: uploaded !== null && compareWritten(version, uploaded) < 0 ? uploaded : null,
    };
  });
  const until = answer.index?.exclude_newer?.slice(0, 'YYYY-MM-DD'.length) ?? null;
  return { target, asksIndex: index !== null, until, packages: await Promise.all(rows) };
}

function outdatedLines(
  { target, asksIndex, until, packages }: Outdated,
  screen: Screen,
  compare: string | null,
): string[] {
  if (packages.length === 0) return [NOTHING_REQUIRED];
  const { colors, detail } = screen;
  const old = packages.filter(({ newer, index }) => newer !== null || index !== null);
  const columns: Column<Outdated['packages'][number]>[] = [
    {
      title: 'Package',
      text: ({ name }) => name,
      paint: (text, { requested }) => (requested ? colors.bold(text) : text),
    },
    { title: 'Here', text: ({ version }) => version },
    { title: 'Newer set', text: ({ newer }) => newer?.version ?? '', paint: colors.green },
    { title: 'Index', text: ({ index }) => index ?? '' },
    { title: 'Package flag', text: ({ newer }) => newer?.package_flag ?? '' },
  ];
  const all = count(packages.length, 'package');
  const said =
    old.length > 0
      ? `Something newer exists for ${old.length} of ${all}`
      : `Nothing is newer than the ${all}`;
  const cutoff = until === null ? '' : `; the index counts up to ${until}, which --exclude-newer changes`;
  const sum = `${said} with ${target.package_set.flag}${asksIndex ? cutoff : '; --index asks PyPI, too'}.`;
  const flags = new Set(old.flatMap(({ newer }) => newer?.package_flag ?? []));
  const [flag] = [...flags].sort();
  return joinSections([
    old.length > 0 ? table(columns, old, screen) : [],
    detail === 'answer' ? [] : sentence(sum, screen),
    detail === 'answer' || flag === undefined || compare === null ? [] : [`Next: ${compare} ${flag}`],
  ]);
}
