/** Issues of compatibility dates, flags and revisions. Where workerd has a sentence, the message is that one. */
import { didYouMean } from '../text/nearest.ts';
import { printable, visible } from '../text/printable.ts';
import { define, type Named, row } from './define.ts';
import type { Fix } from './fix.ts';

const DAY_FORM = 'Write a day from 2000-01-01 to 2999-12-31 as YYYY-MM-DD.';

export const invalidCompatibilityDate = /* @__PURE__ */ define(
  'malformed',
  'invalid_compatibility_date',
  { date: 'string', meant: 'string | null' },
  ({ date, meant }) => [
    `Invalid compatibility date: ${printable(date)}`,
    meant ? `Write it as ${meant}.` : DAY_FORM,
  ],
);

export const futureCompatibilityDate = /* @__PURE__ */ row('malformed', 'future_compatibility_date', [
  `Can't set compatibility date in the future: "{date}". Today's date (UTC) is "{today}".`,
  'Use {today} or an earlier date, or ask as of {date}.',
]);

export const missingCompatibilityDate = /* @__PURE__ */ row('malformed', 'missing_compatibility_date', [
  'Worker must specify compatibilityDate.',
  'Give a compatibility date or a package flag.',
]);

export const invalidAsOf = /* @__PURE__ */ row('malformed', 'invalid_as_of', [
  'Invalid as-of day: {as_of:quoted}',
  DAY_FORM,
]);

const unknown = <const Code extends string>(code: Code, what: string) =>
  define('malformed', code, { flag: 'string', near: 'string[]' }, ({ flag, near }) => [
    `No such ${what} flag: ${visible(flag)}`,
    didYouMean(near) ?? 'Remove it: no flag has a name like it.',
  ]);

export const unknownFlag = /* @__PURE__ */ unknown('unknown_flag', 'compatibility');
export const unknownPackageFlag = /* @__PURE__ */ unknown('unknown_package_flag', 'package');

export const experimentalFlag = /* @__PURE__ */ row('malformed', 'experimental_flag', [
  'The compatibility flag {flag} is experimental and may break or be removed in a future version of workerd. To use this flag, you must pass --experimental on the command line.',
  'Remove {flag}, or ask with experimental=true.',
]);

export const repeatedFlag = /* @__PURE__ */ define(
  'malformed',
  'repeated_flag',
  { flag: 'string' },
  ({ flag }) => [`Compatibility flag specified multiple times: ${visible(flag)}`, 'Name it once.'],
);

export const contradictoryFlags = /* @__PURE__ */ row('malformed', 'contradictory_flags', [
  'Compatibility flags are mutually contradictory: {enable} vs {disable}',
  'Remove {enable} or {disable}.',
]);

export const pythonWorkersRequired = /* @__PURE__ */ define(
  'unanswerable',
  'python_workers_required',
  {},
  ({ fixes }: { fixes: readonly Fix[] }) => [
    'The python_workers compatibility flag is required to use Python.',
    fixes,
  ],
);

export const contradictoryPackageFlags = /* @__PURE__ */ define(
  'malformed',
  'contradictory_package_flags',
  { flags: 'object' as Named<[first: string, other: string]> },
  ({ flags: [first, other] }) => [
    `Package flags are mutually contradictory: ${first} vs ${other}`,
    `Remove ${first} or ${other}.`,
  ],
);

export const tooManyFlags = /* @__PURE__ */ row('malformed', 'too_many_flags', [
  'There are {count:number} compatibility flags, but at most {most:number} are allowed.',
]);

export const noRuntimeYet = /* @__PURE__ */ define(
  'unanswerable',
  'no_runtime_yet',
  /** `first`: the first revision that has a runtime, or null. */
  { revision: 'number', first: 'number | null' },
  ({ revision, first }) => [
    `No runtime of workerd is known at revision ${revision} yet.`,
    first === null ? null : `Ask for revision ${first} or a later one.`,
  ],
);

export const noPackageSet = /* @__PURE__ */ row('unanswerable', 'no_package_set', [
  'No package set of Pyodide {pyodide} is known at revision {revision:number}.',
  'Name a package flag, or ask for a later revision.',
]);

export const yankedPackageSet = /* @__PURE__ */ row('unanswerable', 'yanked_package_set', [
  'The package set of Pyodide {pyodide}, {package_set}, was yanked: {reason:quoted}',
  'Name another package flag, or {package_set} to use it anyway.',
]);

export const unknownRevision = /* @__PURE__ */ define(
  'unknown',
  'unknown_revision',
  { revision: 'number', newest: 'number' },
  ({ revision, newest }) => [
    `No such revision: ${revision}`,
    newest > 0 ? `The newest is ${newest}.` : 'Nothing has been published yet.',
  ],
);
