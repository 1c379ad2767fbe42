/** Amounts and builds of packages, periods of dates, and names of flags, in words. */
import { FIRST_DATE } from '../../../resolver/compatibility/date.ts';
import { isPythonFlag } from '../../../resolver/compatibility/workerd.ts';
import type { CatalogView, Member } from '../../../resolver/index.ts';
import type { MemberKind } from '../../../resolver/schemas.ts';
import { groupedBy } from '../../../resolver/sorted-by.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { DateRange } from '../../../resolver/time/answers.ts';
import { isPure } from '../../../resolver/wheels/wheel-name.ts';
import { isOfTests } from '../../facts/test-packages.ts';

/** Whether a file has compiled code, by the tags of its name; null without tags, which archives of tests lack. */
export function buildOf({ filename, kind }: Pick<Member, 'filename' | 'kind'>): 'compiled' | 'pure' | null {
  if (kind === 'shared_library') return 'compiled';
  const pure = isPure({ filename });
  return pure === null ? null : pure ? 'pure' : 'compiled';
}

/** The ABI and platform of compiled wheels. The oldest Pyodides have no other ABI than the platform. */
export function abiText({ abi, platform }: Record<'abi' | 'platform', string>): string {
  return printable(abi === platform ? abi : `${abi} on ${platform}`);
}

/** A number of packages, in words. */
export function packages(count: number): string {
  return `${count} ${count === 1 ? 'package' : 'packages'}`;
}

const KINDS: Record<MemberKind, [one: string, many: string]> = {
  package: ['package', 'packages'],
  shared_library: ['library', 'libraries'],
  standard_library: ['module', 'modules'],
};

type Entry = Pick<Member, 'name' | 'kind'>;

/** The content of a set without tests, such as `57 packages, 1 library, and 1 module`. */
export function contentsOf(members: readonly Entry[]): string {
  const counted = groupedBy(
    members.filter((member) => !isOfTests(member)),
    ({ kind }) => kind,
  );
  const parts = (Object.keys(KINDS) as MemberKind[]).flatMap((kind) => {
    const count = counted.get(kind)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${KINDS[kind][count === 1 ? 0 : 1]}`];
  });
  const last = parts.length > 2 ? `and ${parts.pop()}` : '';
  return last === '' ? parts.join(' and ') : [...parts, last].join(', ');
}

/** Whether a member is a package, which is what every page counts: no library, module of Python, or test. */
export function isListed(member: Entry): boolean {
  return member.kind === 'package' && !isOfTests(member);
}

/** Such as `2025-09-29 to 2026-09-07`; a period that includes the day of the question has no end. */
export function spanText({ from, to }: DateRange, asOf: string): string {
  const first = from === FIRST_DATE;
  if (to === asOf) return first ? 'every date' : `since ${from}`;
  if (first) return `until ${to}`;
  return from === to ? from : `${from} to ${to}`;
}

/** The flags that fields suggest: those about Python, and those that disable them. */
export function flagNames({ flags }: CatalogView): string[] {
  return flags
    .filter((flag) => !flag.obsolete && isPythonFlag(flag))
    .flatMap(({ enable, disable }) => [enable, disable])
    .filter((name) => name !== null);
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
