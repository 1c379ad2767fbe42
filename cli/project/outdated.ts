/** Which packages of a closure have a newer version: in a newer set for the same ABI, or in the index that is asked. */
import { laterSets } from '../../resolver/closure/candidates.ts';
import type { Target } from '../../resolver/index.ts';
import { compareWritten } from '../../resolver/time/version-order.ts';
import { answered } from '../common/failure.ts';
import { askWhole, type ClosureOptions } from './closure.ts';

export interface OutdatedPackage {
  name: string;
  version: string;
  requested: boolean;
  /** In the newest set for the same ABI that has the newest version; null if no set has a newer one. */
  newer: { version: string; package_flag: string } | null;
  /** The version in the index, up to {@link Outdated.until}; null if no index is asked, or it has none newer. */
  index: string | null;
}

export interface Outdated {
  target: Target;
  asksIndex: boolean;
  /** The day until which uploads to the index count, by default the compatibility date; null if all do. */
  until: string | null;
  /** All packages of the closure. */
  packages: OutdatedPackage[];
}

export async function outdatedPackages(named: readonly string[], options: ClosureOptions): Promise<Outdated> {
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
  const rows = packages.map(async ({ name, version, requested }): Promise<OutdatedPackage> => {
    const later = (pins.get(name) ?? []).filter(
      (pin) => places.has(pin.flag) && compareWritten(version, pin.version) < 0,
    );
    const [best] = later.sort(
      (a, b) => compareWritten(b.version, a.version) || places.get(b.flag)! - places.get(a.flag)!,
    );
    const uploaded = await inIndex(name);
    return {
      ...{ name, version, requested },
      newer: best ? { version: best.version, package_flag: best.flag } : null,
      index: uploaded !== null && compareWritten(version, uploaded) < 0 ? uploaded : null,
    };
  });
  const until = answer.index?.exclude_newer?.slice(0, 'YYYY-MM-DD'.length) ?? null;
  return { target, asksIndex: index !== null, until, packages: await Promise.all(rows) };
}
