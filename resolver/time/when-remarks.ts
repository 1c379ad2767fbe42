/** The remarks of an answer about time. */
import type { Diagnostic } from '../answer.ts';
import type { Pin } from '../closure/explain.ts';
import { information, warning } from '../diagnostic.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { listed } from '../text/listed.ts';
import { printable } from '../text/printable.ts';
import type { Verdict } from './probe.ts';
import { compareWritten } from './version-order.ts';

/** At most this many versions are named; the rest are counted. */
const MOST_VERSIONS = 8;

/** For a requirement that no date and no flag satisfies: the existing versions, or similar names. */
export function nowhere({ name, text }: Requirement, pins: readonly Pin[], hint: string | null): Diagnostic {
  if (pins.length === 0) {
    const beyond = `An index may have it: pinwheel resolve ${name} --index.`;
    return warning('unknown_package', `No package set has "${name}".`, hint ?? beyond);
  }
  const versions = [...new Set(pins.map(({ version }) => version))].sort((a, b) => compareWritten(b, a));
  return warning(
    'version_conflict',
    `No package set pins a version of ${name} that ${printable(text)} allows.`,
    `Package sets pin ${name} ${listed(versions, MOST_VERSIONS, 'older ones')}.`,
  );
}

export function flagsOnly({ text }: Requirement): Diagnostic {
  const message = `With these flags, no compatibility date satisfies ${printable(text)}.`;
  return warning('no_date', message, 'Name one of the package flags that provide it.');
}

/** The remarks about single targets, once each. An excluding marker is one remark for all of them. */
export function remarksOf({ text }: Requirement, verdicts: readonly Verdict[]): Diagnostic[] {
  const said = new Map<string, Diagnostic>();
  for (const { diagnostics } of verdicts) {
    for (const remark of diagnostics) {
      if (remark.code !== 'excluded_by_marker') said.set(remark.message, remark);
    }
  }
  const excluded = verdicts.some(({ holds, version }) => holds && version === null);
  const message = `The marker of ${printable(text)} does not hold everywhere: if no version is given, it asks for nothing.`;
  return [...said.values(), ...(excluded ? [information('excluded_by_marker', message)] : [])];
}
