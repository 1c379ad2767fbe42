/**
 * Whether a document has the members that this command reads. Others are let be: a newer registry may have more
 * to say.
 */
import type { ResolveAnswer } from '../../resolver/answer.ts';
import type { PyodideLock } from '../../resolver/formats/pyodide-lock.ts';
import { isPatched } from '../../resolver/provenance/patched.ts';
import {
  absent,
  type Check,
  either,
  flag,
  type Guard,
  having,
  listOf,
  number,
  orNull,
  sha256,
  text,
} from '../../resolver/shape.ts';
import type { CompareAnswer, WhenAnswer } from '../../resolver/time/answers.ts';
import type { SetAnswer, TargetAnswer } from './types.ts';

/** A problem document (RFC 9457) of a registry. */
export interface Problem {
  code: string;
  detail: string;
  errors?: { code: string; message: string; fix: string | null }[];
}

/** Names and versions, which go into files of others as they are: no second word, no second line. */
const word: Check = (value) => typeof value === 'string' && /^[^\s\p{C}]+$/u.test(value);
const patched = orNull(isPatched);
const diagnostics = listOf(
  having({
    severity: (value) => value === 'info' || value === 'warning' || value === 'error',
    message: text,
    fix: orNull(text),
  }),
);
const registry = having({ revision: number });
const reason = having({ message: text });
const target = {
  compatibility_date: text,
  compatibility_flags: listOf(text),
  workerd_flags: listOf(text),
  as_of: text,
  runtime: having({ pyodide: text, python: text, abi: text, workerd_bundle: orNull(text) }),
  package_set: having({ flag: text, released: text, delivery: having({ by: text, reason }) }),
  reasons: having({ runtime: reason, package_set: reason }),
  diagnostics,
};
const resolvedPackage = having({
  name: word,
  version: word,
  kind: text,
  requested: flag,
  required_by: listOf(text),
  wheel: having({ filename: text, upstream_url: orNull(text), sha256, size: orNull(number), patched }),
});
const member = having({
  name: text,
  version: text,
  kind: text,
  imports: listOf(text),
  depends: listOf(text),
  size: orNull(number),
  patched,
});

export const isTargetAnswer = having({ registry, ...target }) as Guard<TargetAnswer>;
export const isResolveAnswer = having({
  registry,
  target: having(target),
  packages: listOf(resolvedPackage),
  diagnostics,
}) as Guard<ResolveAnswer>;
export const isSources = having({
  sets: listOf(
    having({ flag: text, source: having({ registry: text, package: text, version: text, file: text }) }),
  ),
}) as Guard<{ sets: Pick<SetAnswer, 'flag' | 'source'>[] }>;
export const isSetAnswer = having({
  flag: text,
  python: text,
  runtime: text,
  packages: listOf(member),
}) as Guard<SetAnswer>;
const runtime = having({ pyodide: text, python: text, abi: text, workerd_bundle: orNull(text) });
const dates = { from: text, to: text };
export const isWhenAnswer = having({
  registry,
  requirement: text,
  compatibility_flags: listOf(text),
  as_of: text,
  intervals: listOf(
    having({ ...dates, package_set: having({ flag: text }), version: orNull(text), runtime }),
  ),
  first: orNull(text),
  last: orNull(text),
  flags: listOf(
    having({
      flag: text,
      version: orNull(text),
      released: text,
      runtime,
      workerd_flags: orNull(listOf(text)),
      workerd_dates: listOf(having(dates)),
    }),
  ),
  diagnostics,
}) as Guard<WhenAnswer>;
const named = listOf(having({ name: text, version: text, kind: text }));
const packageChanges = {
  removed: named,
  changed: listOf(having({ name: text, ...dates, direction: text, kind: text })),
  added: named,
};
const failing = listOf(having({ requirement: text, held: flag, message: text, fix: orNull(text) }));
export const isCompareAnswer = having({
  registry,
  from: having(target),
  to: having(target),
  runtime: having({ changed: flag, ...dates }),
  python: having({ changed: flag, ...dates }),
  package_set: having({ changed: flag, ...dates }),
  packages: having(packageChanges),
  standard_library: having({ removed: listOf(text), added: listOf(text) }),
  flags: listOf(
    having({
      flag: text,
      on: flag,
      date: text,
      implied_by: listOf(text),
      disable: orNull(text),
      python: flag,
    }),
  ),
  closure: orNull(having({ ...packageChanges, affected: flag, failing })),
  diagnostics,
}) as Guard<CompareAnswer>;
export const isPyodideLock = having({ info: having({}), packages: having({}) }) as Guard<PyodideLock>;
export const isProblem = having({
  code: text,
  detail: text,
  errors: either(absent, listOf(having({ code: text, message: text, fix: orNull(text) }))),
}) as Guard<Problem>;
