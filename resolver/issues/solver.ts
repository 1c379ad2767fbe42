/** Issues of what is asked beyond a package set. */
import { define, type FieldsOf, row } from './define.ts';
import type { Fix } from './fix.ts';
import { WRITTEN } from './requirements.ts';

/** Why there is no answer, as `reportDerivation` writes it, and what was found to help. */
export interface Proof {
  proof: string;
  fixes: readonly Fix[];
}

/** No file of an index satisfies a requirement. */
export const noVersion = /* @__PURE__ */ define(
  'unanswerable',
  'no_version',
  { ...WRITTEN, package: 'string' },
  ({ proof, fixes }: FieldsOf<typeof WRITTEN> & { package: string } & Proof) => [proof, fixes],
);

/** Requirements that contradict each other; the message is the proof. */
export const noSolution = /* @__PURE__ */ define(
  'unanswerable',
  'no_solution',
  {},
  ({ proof, fixes }: Proof) => [proof, fixes],
);

/** Neither an answer nor a proof that there is none, in as much work as a question may make. */
export const tooHard = /* @__PURE__ */ row('unanswerable', 'too_hard', [
  'There are too many combinations: neither an answer nor a proof that there is none was found.',
  'Pin the versions of some packages, such as those that your project has now.',
]);

/** A registry whose operator has not switched on an index. */
export const noIndexHere = /* @__PURE__ */ define(
  'unanswerable',
  'no_index_here',
  {},
  /** `wheels`: whether the question has wheels from elsewhere, rather than `index`. */
  ({ wheels }: { wheels: boolean }) =>
    wheels
      ? [
          'This registry uses no package index, and does not read wheels from elsewhere.',
          'Use the command line: pinwheel resolve NAME --find-links FOLDER --format pyodide-lock.',
        ]
      : [
          'This registry uses no package index: its answers are from package sets.',
          'Leave out index, or ask with the library or the command line, and an index of your own.',
        ],
);

export const otherIndex = /* @__PURE__ */ row('unanswerable', 'other_index', [
  'This registry uses the index {url}, not {asked:quoted}.',
  'Write index: true, or "{url}".',
]);

export const invalidWheelUrl = /* @__PURE__ */ row('malformed', 'invalid_wheel_url', [
  '{url:quoted} is not the URL of a wheel.',
  'Write one like https://files.example/shout-2.0-py3-none-any.whl.',
]);

export const invalidCutoff = /* @__PURE__ */ row('malformed', 'invalid_cutoff', [
  '{cutoff:quoted} is neither a day nor a moment.',
  'Write a day like 2026-11-20, or a moment like 2026-11-20T12:00:00Z.',
]);

export const invalidName = /* @__PURE__ */ row('malformed', 'invalid_name', [
  '{name:quoted} is not the name of a package.',
  'Write its name alone.',
]);
