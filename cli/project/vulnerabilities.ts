/** Known vulnerabilities of a project: how many there are, which are ignored, and what a move changes. */
import {
  advisoriesAbout,
  findingsIn,
  type KnownFinding,
  keyOf,
  type Pinned,
} from '../../resolver/audit/findings.ts';
import type { CompareAnswer, Pinwheel, Target } from '../../resolver/index.ts';
import type { Remark } from '../common/listener.ts';
import { count } from '../common/text.ts';
import { type Ignored, readToolTable, type Where } from './settings.ts';

/** The findings that affect each of some targets; null without advisories. */
async function findingsOf({ source }: Pinwheel, sides: readonly (readonly [Target, readonly Pinned[]])[]) {
  const view = await source.view();
  const all = sides.flatMap(([, packages]) => packages);
  const document = view.ok ? await advisoriesAbout(view.value, source, all) : null;
  return sides.map(([target, packages]) =>
    document ? findingsIn(packages, target, document).filter(({ affected }) => affected) : [],
  );
}

type Named = Pick<KnownFinding, 'id' | 'aliases' | 'affected'>;

/** The entry of `audit.ignore` that names a finding, by its id or an alias. */
export const ignoring = (ignored: readonly Ignored[], { id, aliases }: Named): Ignored | undefined =>
  ignored.find((entry) => entry.id === id || aliases.includes(entry.id));

/** The entries of `audit.ignore` that leave out findings, and what is wrong with others. */
export async function readIgnored(
  project: Where,
  { findings, target }: { findings: readonly Named[]; target: Target },
) {
  const { ignore = [] } = await readToolTable(project);
  const ignored: Ignored[] = [];
  const remarks: Remark[] = [];
  const wrong = (message: string) => remarks.push({ severity: 'warning', message, fix: null });
  for (const entry of ignore) {
    const { id, until } = entry;
    const found = findings.filter((finding) => ignoring([entry], finding));
    if (found.length === 0) wrong(`audit.ignore has ${id}, which is not among these findings.`);
    else if (!found.some(({ affected }) => affected))
      wrong(`audit.ignore has ${id}, which is without effect in a Worker anyway.`);
    else if (until < target.as_of) wrong(`audit.ignore had ${id} until ${until}: it counts again.`);
    else ignored.push(entry);
  }
  return { ignored, remarks };
}

/** How many apply to a Worker and are not ignored, and in how many packages; null if none do. */
export async function vulnerabilitiesIn(
  pinwheel: Pinwheel,
  target: Target,
  packages: readonly Pinned[],
  project: Where,
): Promise<string | null> {
  const [findings = []] = await findingsOf(pinwheel, [[target, packages]]);
  if (findings.length === 0) return null;
  const { ignored } = await readIgnored(project, { findings, target });
  const counted = findings.filter((finding) => !ignoring(ignored, finding));
  const names = new Set(counted.map(({ name }) => name));
  const rest = findings.length - counted.length;
  const said = names.size === 0 ? 'none' : `${counted.length} known in ${count(names.size, 'package')}`;
  return rest === 0 ? said : `${said}, besides ${rest} ignored`;
}

/** How many that are not ignored a move clears and introduces, in the packages that it changes; null if none. */
export async function movedText(
  pinwheel: Pinwheel,
  answer: CompareAnswer,
  project: Where,
): Promise<string | null> {
  const { removed, changed, added } = answer.closure ?? answer.packages;
  const side = (at: 'from' | 'to', others: readonly Pinned[]) => [
    ...others,
    ...changed.map(({ kind, name, ...versions }) => ({ kind, name, version: versions[at] })),
  ];
  const sides = await findingsOf(pinwheel, [
    [answer.from, side('from', removed)],
    [answer.to, side('to', added)],
  ]);
  const { ignored } = await readIgnored(project, { findings: sides.flat(), target: answer.to });
  const [before, after] = sides.map(
    (findings) => new Set(findings.filter((finding) => !ignoring(ignored, finding)).map(keyOf)),
  ) as [Set<string>, Set<string>];
  const cleared = [...before].filter((key) => !after.has(key)).length;
  const introduced = [...after].filter((key) => !before.has(key)).length;
  if (cleared + introduced === 0) return null;
  const isPart = answer.closure !== null && answer.closure.failing.length > 0;
  return `${cleared} cleared, ${introduced} new${isPart ? ', without what cannot be satisfied' : ''}`;
}
