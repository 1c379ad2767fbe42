/** Questions that may go beyond their package set, on the wire. */
import * as z from 'zod';
import type { CatalogView, Outcome, ResolveAnswer, ResolveQuestion } from '../../resolver/index.ts';
import { noIndexHere, otherIndex } from '../../resolver/issues/solver.ts';
import { type PackageIndex, resolveBeyond } from '../../resolver/solver/index.ts';
import type { Bindings } from '../env.ts';
import { described } from '../http/described.ts';
import { repeated } from '../http/query.ts';
import { sourceOf } from '../storage/history.ts';
import { indexUrlOf } from './address.ts';
import { keptIndex } from './kept-index.ts';

/** Comparisons of versions for one question: one or two seconds. */
const EFFORT = 5_000_000;

const Moment = z.union([z.string(), z.literal(false)]);

/** The members of a body. */
export const BeyondBody = {
  index: described(z.union([z.boolean(), z.string()]).optional(), {
    description:
      "Whether packages that the set does not have come from the registry's package index; or the URL of that index. " +
      'A registry has one only if its operator switched it on.',
    example: true,
  }),
  unpin: described(z.array(z.string()).max(100).optional(), {
    description: 'Names of the set that come from the index instead.',
    example: ['fastapi', 'starlette'],
  }),
  exclude_newer: described(Moment.optional(), {
    description:
      'A day or an RFC 3339 moment after which uploads do not count; false if all do. Without it, the compatibility ' +
      'date, or the day on which the set was released if that is later.',
    example: '2026-09-30',
  }),
  exclude_newer_package: described(z.record(z.string(), Moment).optional(), {
    description: 'The same for single packages.',
    example: { django: '2026-11-05' },
  }),
};

/** The same as parameters of a query. */
export const BeyondQuery = {
  index: described(z.string().optional(), {
    description:
      "`true` for the registry's package index if its operator switched one on, or the URL of that index.",
  }),
  unpin: repeated('Names of the set that come from the index instead.', []),
  exclude_newer: described(z.string().optional(), {
    description:
      'A day or an RFC 3339 moment after which uploads to the index do not count; `false` if all do.',
  }),
  exclude_newer_package: repeated('The same for single packages, each as `NAME=DAY`.', []),
};

interface WrittenBeyond {
  index?: string | undefined;
  unpin: string[];
  exclude_newer?: string | undefined;
  exclude_newer_package: string[];
}

/** The index members of a query; null if there are none. */
export function beyondOf({ index, unpin, exclude_newer, exclude_newer_package }: WrittenBeyond) {
  const isSilent = (index === undefined || index === 'false') && exclude_newer === undefined;
  if (isSilent && unpin.length + exclude_newer_package.length === 0) return null;
  const momentOf = (text: string) => (text === 'false' ? (false as const) : text);
  const pairs = exclude_newer_package.map((one) => {
    const [, name, day] = /^([^=]*)=(.*)$/s.exec(one) ?? ['', one, ''];
    return [name!, momentOf(day!)] as const;
  });
  return {
    index: index === undefined || index === 'true' ? true : index !== 'false' && index,
    unpin,
    ...(exclude_newer !== undefined && { exclude_newer: momentOf(exclude_newer) }),
    exclude_newer_package: Object.fromEntries(pairs),
  };
}

export type Beyond = Omit<ResolveQuestion, 'index' | 'set'> & { index?: boolean | string | undefined };

/** Answers from the set and the operator's index. Errors are explained with everything that the index has today. */
export async function askBeyond(
  env: Bindings,
  view: CatalogView,
  { index: asked = true, ...question }: Beyond,
): Promise<Outcome<{ answer: ResolveAnswer; index: PackageIndex | null }>> {
  const url = indexUrlOf(env);
  if (asked !== false && url === null) return { ok: false, issues: [noIndexHere({})] };
  if (typeof asked === 'string' && url !== null && withSlash(asked) !== withSlash(url)) {
    return { ok: false, issues: [otherIndex({ asked, url })] };
  }
  const ask = async (index: PackageIndex | null) => {
    const outcome = await resolveBeyond(view, { ...question, index }, sourceOf(env, view), EFFORT);
    return outcome.ok ? { ok: true as const, value: { answer: outcome.value, index } } : outcome;
  };
  if (url === null || asked === false) return ask(null);
  const outcome = await ask(keptIndex(env, url));
  return outcome.ok ? outcome : ask(keptIndex(env, url, true));
}

const withSlash = (url: string) => url.replace(/\/?$/, '/');
