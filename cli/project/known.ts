/** How many known vulnerabilities there are, for commands that are about something else. */
import { advisoriesAbout, findingsIn, keyOf, type Pinned } from '../../resolver/audit/findings.ts';
import type { CompareAnswer, Pinwheel, Target } from '../../resolver/index.ts';
import { count } from '../common/text.ts';

/** The findings that affect each of some targets; null without advisories. */
async function findingsOf({ source }: Pinwheel, sides: readonly (readonly [Target, readonly Pinned[]])[]) {
  const view = await source.view();
  const all = sides.flatMap(([, packages]) => packages);
  const document = view.ok ? await advisoriesAbout(view.value, source, all) : null;
  return sides.map(([target, packages]) =>
    document ? findingsIn(packages, target, document).filter(({ affected }) => affected) : [],
  );
}

/** How many apply to a Worker, and in how many packages; null if none do. */
export async function vulnerabilitiesIn(
  pinwheel: Pinwheel,
  target: Target,
  packages: readonly Pinned[],
): Promise<string | null> {
  const [findings] = await findingsOf(pinwheel, [[target, packages]]);
  const names = new Set(findings!.map(({ name }) => name));
  return names.size === 0 ? null : `${findings!.length} known in ${count(names.size, 'package')}`;
}

/** How many a move clears and introduces, in the packages that it changes; null if none. */
export async function movedText(pinwheel: Pinwheel, answer: CompareAnswer): Promise<string | null> {
  const { removed, changed, added } = answer.closure ?? answer.packages;
  const side = (at: 'from' | 'to', others: readonly Pinned[]) => [
    ...others,
    ...changed.map(({ kind, name, ...versions }) => ({ kind, name, version: versions[at] })),
  ];
  const sides = await findingsOf(pinwheel, [
    [answer.from, side('from', removed)],
    [answer.to, side('to', added)],
  ]);
  const [before, after] = sides.map((findings) => new Set(findings.map(keyOf))) as [Set<string>, Set<string>];
  const cleared = [...before].filter((key) => !after.has(key)).length;
  const introduced = [...after].filter((key) => !before.has(key)).length;
  return cleared + introduced === 0 ? null : `${cleared} cleared, ${introduced} new`;
}
