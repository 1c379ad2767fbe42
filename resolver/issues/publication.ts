/** Issues of publications: what keeps a document, a wheel or a withdrawal out of a registry. */
import { listed, printable } from '../text/printable.ts';
import { define, row } from './define.ts';

const SHOWN = 5;

const NEW_DATE = 'A published set never changes: publish the new content under a new date.';

/** A field that is missing, or of another form. */
export const invalidField = /* @__PURE__ */ row('unanswerable', 'invalid_field', [
  '{path:quoted}: {problem:quoted}',
  'Correct the field.',
]);

export const setExists = /* @__PURE__ */ row('conflict', 'set_exists', [
  'The package set {package_set} was published in revision {revision:number} already.',
  NEW_DATE,
]);

/** A set with the content of one that is announced, or that is published and cannot be announced any more. */
export const sameSet = /* @__PURE__ */ define(
  'conflict',
  'same_set',
  /** `takes_effect`: the day for which it is announced; null if it is in force. */
  { package_set: 'string', revision: 'number', takes_effect: 'string | null' },
  ({ package_set, revision, takes_effect }) =>
    takes_effect === null
      ? [
          `The package set ${package_set} was published in revision ${revision} already, with the same content.`,
          'Leave it as it is: it is in force, and only a yank takes it back.',
        ]
      : [
          `The package set ${package_set} was announced in revision ${revision} already, with the same content, for ${takes_effect}.`,
          `Leave it as it is: its flag selects it already. For another day, withdraw revision ${revision}, and publish the set under a new date.`,
        ],
);

export const workerdExists = /* @__PURE__ */ row('conflict', 'workerd_exists', [
  'The facts of workerd {workerd} were published in revision {revision:number} with other content.',
  'Publish a correction if they were read wrongly.',
]);

export const wasYanked = /* @__PURE__ */ row('conflict', 'was_yanked', [
  '{subject:quoted} was yanked in revision {revision:number}: {reason:quoted}',
  'Publish what takes its place under a new name, or a correction of the yank.',
]);

export const alreadyWithdrawn = /* @__PURE__ */ row('conflict', 'already_withdrawn', [
  'The announcement of revision {announcement:number} was withdrawn in revision {revision:number}.',
  'To publish it after all, announce it for another day, or a set under a new date.',
]);

export const otherHead = /* @__PURE__ */ row('conflict', 'other_head', [
  'The registry is no longer at revision {revision:number}: somebody else has published.',
  'Publish again: nothing was changed.',
]);

/** A document about the files of a set that has less than the one before it, or another size. */
export const lostFiles = /* @__PURE__ */ row('conflict', 'lost_files', [
  'Revision {revision:number} says that the file with the SHA-256 {sha256} has {size:number} bytes, and this one does not.',
  'Give all files of that revision, too, or publish a correction.',
]);

export const emptySet = /* @__PURE__ */ row('unanswerable', 'empty_set', [
  'The package set {package_set:quoted} has no packages.',
  'Give at least one package.',
]);

export const repeatedMember = /* @__PURE__ */ row('unanswerable', 'repeated_member', [
  /** `field`: name or filename. */ 'Several packages have the {field} {value:quoted}.',
  'Give each a name and a file of its own.',
]);

export const unsortedPackages = /* @__PURE__ */ row('unanswerable', 'unsorted_packages', [
  '{after:quoted} comes after {before:quoted}, but packages are sorted by name.',
  'Sort them by their canonical names, so that equal sets have equal digests.',
]);

export const otherName = /* @__PURE__ */ row('unanswerable', 'other_name', [
  '{package:quoted} is not the canonical form of {written:quoted}.',
  'Give its canonical name (PEP 503).',
]);

export const invalidFilename = /* @__PURE__ */ row('unanswerable', 'invalid_filename', [
  '{filename:quoted}, the file of {package:quoted}, {problem}.',
  'Give the name of a wheel of this package and version, or of an archive.',
]);

export const foreignTags = /* @__PURE__ */ row('unanswerable', 'foreign_tags', [
  '{filename:quoted} does not run on ABI {abi:quoted}: its tags are those of another runtime.',
  'Pin a wheel for this ABI, or a pure one.',
]);

export const unusableUrl = /* @__PURE__ */ row('unanswerable', 'unusable_url', [
  'The URL of {package:quoted}, {url:quoted}, {problem}.',
  'Give an https URL of a public host.',
]);

export const danglingDependency = /* @__PURE__ */ row('unanswerable', 'dangling_dependency', [
  '{package:quoted} needs {needs:quoted}, which the set does not have.',
  'Add {needs:quoted} to the set, or leave {package:quoted} out.',
]);

export const contradictedPin = /* @__PURE__ */ row('unanswerable', 'contradicted_pin', [
  /** `clause`: what its METADATA asks for, and what the set has. */ 'By the METADATA of {package:quoted}, {clause:quoted}.',
  'Pin versions that the wheel accepts.',
]);

export const unknownPython = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_python',
  { python: 'string', known: 'string[]' },
  ({ python, known }) => [
    `The registry does not know Python ${printable(python)}.`,
    `It knows ${listed(known, SHOWN) || 'none'}: publish the support window of a new one first.`,
  ],
);

export const unknownAbi = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_abi',
  { abi: 'string', python: 'string', known: 'string[]' },
  ({ abi, python, known }) => [
    `${printable(abi)} is not known as an ABI of Python ${printable(python)}.`,
    known.length > 0 ? `Known are ${listed(known, SHOWN)}.` : null,
  ],
);

export const impossibleDate = /* @__PURE__ */ row('unanswerable', 'impossible_date', [
  '{path}: {date:quoted} is not a day of the calendar.',
  'Give a day as YYYY-MM-DD.',
]);

export const backwardDates = /* @__PURE__ */ row('unanswerable', 'backward_dates', [
  /** Both texts have their day; `next` begins the sentence. */ '{next:quoted}, comes before {first:quoted}.',
  'Give dates in their order.',
]);

/** A default on a day that has come, or before its announcement takes effect. */
export const earlyDefault = /* @__PURE__ */ row('unanswerable', 'early_default', [
  '{package_set} would be a default from {default_from} on, but may be one from {earliest} on.',
  'Give {earliest} or a later day as its default_from.',
]);

/** A default set that would have less than the one before it. */
export const takesAway = /* @__PURE__ */ row('unanswerable', 'takes_away', [
  '{package_set} is to be a default, but {loss}.',
  'Add what is missing, or leave default_from null, so that only its flag selects the set.',
]);

/** A default set of Pinwheel's own without evidence for all that those before it import. */
export const unseenDefault = /* @__PURE__ */ define(
  'unanswerable',
  'unseen_default',
  { package_set: 'string', packages: 'string[]' },
  ({ package_set, packages }) => [
    `${package_set} is to be a default, but no published evidence says that ${listed(packages, SHOWN)} can be imported from it.`,
    'Publish the set with default_from null and evidence of it (npm run evidence); then publish the same files under a new date with a default_from.',
  ],
);

/** An answer of a date that has come, or that comes before an announcement takes effect. */
export const changesAnswer = /* @__PURE__ */ define(
  'unanswerable',
  'changes_answer',
  { flags: 'string[]', from: 'string', until: 'string', before: 'string', after: 'string' },
  ({ flags, from, until, before, after }) => [
    `It would change the answer of ${flags.join(', ')} for ${
      from === until ? from : `dates from ${from} to ${until}`
    }: ${before} would become ${after}.`,
    'Publish it as a correction if workerd has changed or the registry was wrong, or with a later day.',
  ],
);

export const unknownSubject = /* @__PURE__ */ row('unanswerable', 'unknown_subject', [
  'The registry has no {subject:quoted}.',
  'Name a published package flag, or the file name and SHA-256 of a wheel that a set pins.',
]);

/** A revision that is not an announcement, or one that has taken effect. `fix`: what to publish instead. */
export const notWithdrawable = /* @__PURE__ */ define(
  'unanswerable',
  'not_withdrawable',
  { revision: 'number', problem: 'string' },
  ({ revision, problem, fix }: { revision: number; problem: string; fix: string }) => [
    `Revision ${revision} cannot be withdrawn: ${problem}.`,
    fix,
  ],
);

export const earlyEffect = /* @__PURE__ */ row('unanswerable', 'early_effect', [
  'It would take effect on {day}; the earliest possible day is {earliest}.',
  'Give {earliest} or a later day.',
]);

/** Evidence about something else than what is published. */
export const otherEvidence = /* @__PURE__ */ row('unanswerable', 'other_evidence', [
  'The evidence about {subject:quoted} cannot be published: {problem:quoted}.',
  'Run the published set again: npm run evidence -- --set FLAG.',
]);

/** A wheel whose bytes are not those of a sound wheel of its name. */
export const refusedWheel = /* @__PURE__ */ row('unanswerable', 'refused_wheel', [
  '{filename:quoted} is rejected: {problem:quoted}.',
  'Build the wheel again.',
]);

export const otherWheel = /* @__PURE__ */ row('unanswerable', 'other_wheel', [
  /** `found`: in what the given file differs from the pinned one. */ 'The given {filename:quoted} has {found}.',
  'Give the file that the set was made from.',
]);

export const strayWheel = /* @__PURE__ */ row('unanswerable', 'stray_wheel', [
  '{package_set} pins no Pinwheel-built wheel named {filename:quoted}.',
  'Give only the wheels that the set pins without a URL.',
]);

export const missingWheel = /* @__PURE__ */ row('unanswerable', 'missing_wheel', [
  '{filename:quoted} is a Pinwheel-built wheel: its bytes are neither given nor stored.',
  'Publish the set together with the file.',
]);
