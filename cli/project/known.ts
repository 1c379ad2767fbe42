/** How many known vulnerabilities there are, for commands that are about something else. */
import type { AdvisoriesDocument } from '../../resolver/audit/advisories.ts';
import { advisoriesAbout, knownIn, pinnedIn } from '../../resolver/audit/findings.ts';
import type {
  CompareAnswer,
  Pinwheel,
  PinwheelSource,
  ResolvedPackage,
  Target,
} from '../../resolver/index.ts';
import { count } from '../common/text.ts';

type Package = Pick<ResolvedPackage, 'kind' | 'name' | 'version'>;

async function advisoriesOf(
  source: PinwheelSource,
  packages: readonly Package[],
): Promise<AdvisoriesDocument | null> {
  const view = await source.view();
  return view.ok ? advisoriesAbout(view.value, source, pinnedIn({ packages })) : null;
}

/** How many apply to a Worker, and in how many packages; null if none do. */
export async function vulnerabilitiesIn(
  { source }: Pinwheel,
  target: Target,
  packages: readonly Package[],
): Promise<string | null> {
  const document = await advisoriesOf(source, packages);
  const keys = document ? knownIn(packages, target, document) : [];
  const names = new Set(keys.map((key) => key.split(' ')[0]));
  return keys.length === 0 ? null : `${keys.length} known in ${count(names.size, 'package')}`;
}

/** How many a move clears and introduces, in the packages that it changes; null if none. */
export async function movedText({ source }: Pinwheel, answer: CompareAnswer): Promise<string | null> {
  const { removed, changed, added } = answer.closure ?? answer.packages;
  const side = (at: 'from' | 'to', others: readonly Package[]) => [
    ...others,
    ...changed.map(({ kind, name, ...versions }) => ({ kind, name, version: versions[at] })),
  ];
  const document = await advisoriesOf(source, [...side('from', removed), ...added]);
  if (!document) return null;
  const before = new Set(knownIn(side('from', removed), answer.from, document));
  const after = new Set(knownIn(side('to', added), answer.to, document));
  const cleared = [...before].filter((key) => !after.has(key)).length;
  const introduced = [...after].filter((key) => !before.has(key)).length;
  return cleared + introduced === 0 ? null : `${cleared} cleared, ${introduced} new`;
}
