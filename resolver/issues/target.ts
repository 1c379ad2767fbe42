/** Issues of compatibility dates, flags and revisions. Where workerd has a sentence, the message is that one. */
import { didYouMean } from '../text/nearest.ts';
import { printable, visible } from '../text/printable.ts';
import { define } from './define.ts';

const DAY_FORM = 'Write a day from 2000-01-01 on as YYYY-MM-DD.';
const UNLIKE_ANY = 'Remove it: no flag has a name like it.';

export const invalidCompatibilityDate = /* @__PURE__ */ define(
  'malformed',
  'invalid_compatibility_date',
  ({ date, meant }: { date: string; meant: string | null }) => [
    `Invalid compatibility date: ${printable(date)}`,
    meant ? `Write it as ${meant}.` : DAY_FORM,
  ],
);

export const futureCompatibilityDate = /* @__PURE__ */ define(
  'malformed',
  'future_compatibility_date',
  ({ date, today }: { date: string; today: string }) => [
    `Can't set compatibility date in the future: "${date}". Today's date (UTC) is "${today}".`,
    `Use ${today} or an earlier date, or ask as of ${date}.`,
  ],
);

export const missingCompatibilityDate = /* @__PURE__ */ define(
  'malformed',
  'missing_compatibility_date',
  (_: object) => ['Worker must specify compatibilityDate.', 'Give a compatibility date or a package flag.'],
);

export const invalidAsOf = /* @__PURE__ */ define(
  'malformed',
  'invalid_as_of',
  (fields: { as_of: string }) => [`Invalid as-of day: ${printable(fields.as_of)}`, DAY_FORM],
);

export const unknownFlag = /* @__PURE__ */ define(
  'malformed',
  'unknown_flag',
  ({ flag, near }: { flag: string; near: string[] }) => [
    `No such compatibility flag: ${visible(flag)}`,
    didYouMean(near) ?? UNLIKE_ANY,
  ],
);

export const experimentalFlag = /* @__PURE__ */ define(
  'malformed',
  'experimental_flag',
  ({ flag }: { flag: string }) => [
    `The compatibility flag ${flag} is experimental and may break or be removed in a future version of ` +
      'workerd. To use this flag, you must pass --experimental on the command line.',
    `Remove ${flag}, or ask with experimental=true.`,
  ],
);

export const repeatedFlag = /* @__PURE__ */ define(
  'malformed',
  'repeated_flag',
  ({ flag }: { flag: string }) => [
    `Compatibility flag specified multiple times: ${visible(flag)}`,
    'Name it once.',
  ],
);

export const contradictoryFlags = /* @__PURE__ */ define(
  'malformed',
  'contradictory_flags',
  ({ enable, disable }: { enable: string; disable: string }) => [
    `Compatibility flags are mutually contradictory: ${enable} vs ${disable}`,
    `Remove ${enable} or ${disable}.`,
  ],
);

export const pythonWorkersRequired = /* @__PURE__ */ define(
  'unanswerable',
  'python_workers_required',
  ({ fix }: { fix: string | null }) => [
    'The python_workers compatibility flag is required to use Python.',
    fix,
  ],
);

export const unknownPackageFlag = /* @__PURE__ */ define(
  'malformed',
  'unknown_package_flag',
  ({ flag, near }: { flag: string; near: string[] }) => [
    `No such package flag: ${visible(flag)}`,
    didYouMean(near) ?? UNLIKE_ANY,
  ],
);

export const contradictoryPackageFlags = /* @__PURE__ */ define(
  'malformed',
  'contradictory_package_flags',
  ({ flags: [first, other] }: { flags: [first: string, other: string] }) => [
    `Package flags are mutually contradictory: ${first} vs ${other}`,
    `Remove ${first} or ${other}.`,
  ],
);

export const tooManyFlags = /* @__PURE__ */ define(
  'malformed',
  'too_many_flags',
  ({ count, most }: { count: number; most: number }) => [
    `There are ${count} compatibility flags, but at most ${most} are allowed.`,
    null,
  ],
);

export const noRuntimeYet = /* @__PURE__ */ define(
  'unanswerable',
  'no_runtime_yet',
  /** `first`: the first revision that has a runtime, or null. */
  ({ revision, first }: { revision: number; first: number | null }) => [
    `No runtime of workerd is known at revision ${revision} yet.`,
    first === null ? null : `Ask for revision ${first} or a later one.`,
  ],
);

export const noPackageSet = /* @__PURE__ */ define(
  'unanswerable',
  'no_package_set',
  ({ pyodide, revision }: { pyodide: string; revision: number }) => [
    `No package set of Pyodide ${pyodide} is known at revision ${revision}.`,
    'Name a package flag, or ask for a later revision.',
  ],
);

export const yankedPackageSet = /* @__PURE__ */ define(
  'unanswerable',
  'yanked_package_set',
  ({ pyodide, package_set, reason }: { pyodide: string; package_set: string; reason: string }) => [
    `The package set of Pyodide ${pyodide}, ${package_set}, was yanked: ${printable(reason)}`,
    `Name another package flag, or ${package_set} to use it anyway.`,
  ],
);

export const unknownRevision = /* @__PURE__ */ define(
  'unknown',
  'unknown_revision',
  ({ revision, newest }: { revision: number; newest: number }) => [
    `No such revision: ${revision}`,
    newest > 0 ? `The newest is ${newest}.` : 'Nothing has been published yet.',
  ],
);
