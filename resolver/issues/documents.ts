/**
 * Issues of what is read or written around a question: files of projects, parameters, archives and publications.
 * For those with many causes, the caller states the text.
 */
import { listed } from '../text/listed.ts';
import { define } from './define.ts';

export interface Stated {
  message: string;
  fix: string | null;
}

const stated =
  <Fields extends object>() =>
  ({ message, fix }: Stated & Fields) =>
    [message, fix] as const;

/** Names in a message before the rest is only counted. */
const SHOWN = 5;
const MOST_NAMED = 10;

export const noUpstreamUrl = /* @__PURE__ */ define(
  'unanswerable',
  'no_upstream_url',
  ({ packages }: { packages: string[] }) => {
    return [
      `The wheels of ${listed(packages, SHOWN)} are Pinwheel-built: only a registry serves them.`,
      'Give the address of a registry.',
    ];
  },
);

/** A patched wheel, whose upstream wheel cannot be had. */
export const wheelNotBuilt = /* @__PURE__ */ define(
  'unreachable',
  'wheel_not_built',
  ({ filename, problem }: { filename: string; problem: string }) => [
    `${filename} could not be built: ${problem}.`,
    'Try again where pip or PyPI can be reached, or name a registry with --registry URL.',
  ],
);

export const malformedWranglerFile = /* @__PURE__ */ define(
  'malformed',
  'malformed_wrangler_file',
  stated<{ file: string }>(),
);

export const unknownEnvironment = /* @__PURE__ */ define(
  'malformed',
  'unknown_environment',
  ({ file, environment, known }: { file: string; environment: string; known: string[] }) => [
    `${file} has no environment "${environment}".`,
    known.length > 0 ? `It has ${listed(known, MOST_NAMED)}.` : 'It has no environments: leave out --env.',
  ],
);

export const invalidParameter = /* @__PURE__ */ define('malformed', 'invalid_parameter', stated());

/** A question to the library of which a field is missing, or no text where text is meant. */
export const invalidQuestion = /* @__PURE__ */ define('malformed', 'invalid_question', stated());

export const noStandardLibrary = /* @__PURE__ */ define(
  'unanswerable',
  'no_standard_library',
  (_: object) => [
    'Checking imports needs the standard library, which these documents lack.',
    'Pass standardLibrary to createResolver.',
  ],
);

/** A question that needs code which this client was created without. */
export const leftOut = /* @__PURE__ */ define(
  'unanswerable',
  'left_out',
  ({ name, entry }: { name: string; entry: string }) => [
    `This client was created without ${name}, which answers that.`,
    `Write createClient({ registry, ${name} }), and import { ${name} } from '${entry}'.`,
  ],
);

/** A log that does not hold what it promises. */
export const logBroken = /* @__PURE__ */ define('unanswerable', 'log_broken', stated());

/** An answer that is not the one that the log vouches for. */
export const answerDisproved = /* @__PURE__ */ define('unanswerable', 'answer_disproved', stated());

/** What is wrong with a command line. */
export const wrongUsage = /* @__PURE__ */ define('malformed', 'wrong_usage', stated());

/** A file or a registry that does not answer, or not as it should. */
export const outOfReach = /* @__PURE__ */ define('unreachable', 'out_of_reach', stated());

export const downloadFailed = /* @__PURE__ */ define(
  'unreachable',
  'download_failed',
  stated<{ url: string }>(),
);

export const wrongBytes = /* @__PURE__ */ define('unanswerable', 'wrong_bytes', stated<{ url: string }>());

export const malformedPyproject = /* @__PURE__ */ define('malformed', 'malformed_pyproject', stated());

export const malformedPylock = /* @__PURE__ */ define('malformed', 'malformed_pylock', stated());

export const malformedRequirementsFile = /* @__PURE__ */ define(
  'malformed',
  'malformed_requirements_file',
  stated(),
);

/** Hashes of which none is that of the wheel that a set pins. */
export const hashMismatch = /* @__PURE__ */ define(
  'unanswerable',
  'hash_mismatch',
  ({ package: name, sha256 }: { package: string; sha256: string }) => [
    `No hash of ${name} matches the wheel that the package set pins, sha256:${sha256}.`,
    `Leave out the hashes of ${name}, or add --hash=sha256:${sha256} if you trust this wheel.`,
  ],
);

export const unknownExtra = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_extra',
  stated<{ name: string }>(),
);

export const unknownGroup = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_group',
  stated<{ name: string }>(),
);

export const refusedFile = /* @__PURE__ */ define('unanswerable', 'refused_file', stated());

export const fileTooLarge = /* @__PURE__ */ define('unanswerable', 'file_too_large', stated());

export const tooManyFiles = /* @__PURE__ */ define('unanswerable', 'too_many_files', stated());

export const constraintWithExtras = /* @__PURE__ */ define(
  'malformed',
  'constraint_with_extras',
  ({ requirement }: { requirement: string }) => [
    `The constraint ${requirement} has extras, which only a requirement can ask for.`,
    'Leave out the extras.',
  ],
);

export const noWheels = /* @__PURE__ */ define(
  'unanswerable',
  'no_wheels',
  ({ packages, package_set }: { packages: string[]; package_set: string }) => [
    `A file for installers cannot hold ${listed(packages, SHOWN)}: ${package_set} has archives, not wheels.`,
    'Let pinwheel vendor or pinwheel build unpack them, or use pinwheel resolve --format pyodide-lock.',
  ],
);

export const unknownArchive = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_archive',
  ({ filename, package: name }: { filename: string; package: string }) => [
    `${filename} is neither a wheel nor another archive that can be unpacked.`,
    `Leave out ${name}.`,
  ],
);

export const unusableUpstreamUrl = /* @__PURE__ */ define(
  'unanswerable',
  'unusable_upstream_url',
  ({ filename, url }: { filename: string; url: string }) => [
    `${filename} comes from ${url}, which is neither https nor http.`,
    'Name a registry with --registry URL.',
  ],
);

export const refusedArchive = /* @__PURE__ */ define(
  'unanswerable',
  'refused_archive',
  stated<{ filename: string; package: string }>(),
);

/** A package that nothing needs which is required. */
export const notNeeded = /* @__PURE__ */ define('unanswerable', 'not_needed', stated<{ package: string }>());

/** A requirement that no date and no package flag satisfies. */
export const neverSatisfied = /* @__PURE__ */ define('unanswerable', 'never_satisfied', stated());
