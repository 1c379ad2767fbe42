/** Issues of what is read or written around a question: wrangler files, archives and wheels. */
import { listed } from '../text/printable.ts';
import { define, defineCauses, row } from './define.ts';
import type { Fix } from './fix.ts';
import { advice, edit, run } from './fixes.ts';

const SHOWN = 5;
const MOST_NAMED = 10;

export const noUpstreamUrl = /* @__PURE__ */ define(
  'unanswerable',
  'no_upstream_url',
  { packages: 'string[]' },
  ({ packages }) => [
    `The wheels of ${listed(packages, SHOWN)} are Pinwheel-built: only a registry serves them.`,
    'Give the address of a registry.',
  ],
);

/** A patched wheel, whose upstream wheel cannot be had. */
export const wheelNotBuilt = /* @__PURE__ */ row('unreachable', 'wheel_not_built', [
  '{filename} could not be built: {problem}.',
  'Try again where pip or PyPI can be reached, or name a registry with `registry=URL`.',
]);

/** `detail`: what the parser says of the text. */
export const malformedWranglerFile = /* @__PURE__ */ defineCauses('malformed', 'malformed_wrangler_file', {
  not_parsed: ({ file, form, detail }: { file: string; form: 'toml' | 'json'; detail: string }) => [
    `${file} could not be parsed: ${detail}`,
    form === 'toml' ? 'Correct the TOML.' : 'Correct the JSON; comments and trailing commas are fine.',
  ],
  no_object: ({ file }: { file: string }) => [
    `${file} could not be parsed: it is not an object`,
    'Write the settings between { and }.',
  ],
  no_date: ({ file }: { file: string }) => [
    `${file} could not be parsed: it has no compatibility_date at its top level.`,
    [edit(file, 'compatibility_date = "2025-11-02"', 'Add compatibility_date = "2025-11-02".')],
  ],
  /** `meant`: the date as text. */
  date_of_another_type: ({ file, meant }: { file: string; meant: string }) => [
    `compatibility_date in ${file} has to be a string.`,
    [edit(file, `compatibility_date = "${meant}"`, `Write it between quotation marks, such as "${meant}".`)],
  ],
  flags_of_another_type: [
    'compatibility_flags in {file} has to be a list of strings.',
    'Write it as in ["python_workers"].',
  ],
});

export const unknownEnvironment = /* @__PURE__ */ define(
  'malformed',
  'unknown_environment',
  { file: 'string', environment: 'string', known: 'string[]' },
  ({ file, environment, known }) => [
    `${file} has no environment "${environment}".`,
    known.length > 0 ? `It has ${listed(known, MOST_NAMED)}.` : 'It has no environments: leave out `env`.',
  ],
);

export const noStandardLibrary = /* @__PURE__ */ row('unanswerable', 'no_standard_library', [
  'Checking imports needs the standard library, which these documents lack.',
  'Pass standardLibrary to createResolver.',
]);

export const noAdvisories = /* @__PURE__ */ row('unanswerable', 'no_advisories', [
  'An audit needs advisories, which these documents lack, or had not yet at that revision.',
  'Pass advisories to createResolver, and ask the newest revision.',
]);

export const downloadFailed = /* @__PURE__ */ define(
  'unreachable',
  'download_failed',
  { url: 'string' },
  /** `transient`: whether another try may succeed. */
  (given: { url: string; filename: string; detail: string; transient: boolean }) => [
    `${given.filename} could not be downloaded: ${given.url} ${given.detail}.`,
    given.transient ? 'Run the command again: it continues where it stopped.' : null,
  ],
);

/** `pinned`: the digest that the set pins, or that is known of Pyodide. */
export const wrongBytes = /* @__PURE__ */ defineCauses('unanswerable', 'wrong_bytes', {
  sent: [
    '{url} sent {filename} with the SHA-256 {found}, but the set pins {pinned}.',
    'Check what answers at that address.',
  ],
  locked: [
    '{filename:quoted} of {file:quoted} has the SHA-256 {found}, but the lock says {pinned}.',
    'Find out which bytes you want, and lock them again.',
  ],
  /** `other`: the file that has these bytes. */
  locked_for_another: [
    '{filename:quoted} of {file:quoted}, version {version:quoted}, has the SHA-256 of {other}.',
    'Lock version, file and SHA-256 of the one that you want, or leave the entry out.',
  ],
  /** `host`: null if the file is on this machine. */
  downloaded: (given: { url: string; filename: string; detail: string; host: string | null }) => [
    `${given.filename} from ${given.url} ${given.detail}.`,
    `Nothing of it was stored. Try again, and if it fails again, tell the operator of ${given.host ?? 'this machine'}.`,
  ],
  pyodide: ({ version, found, pinned }: { url: string; version: string; found: string; pinned: string }) => [
    `Pyodide ${version} from npm has the integrity ${found}, not the known ${pinned}.`,
    'Check which registry npm uses.',
  ],
  /** `detail`: in the words of what reads the index. */
  index: ({ detail }: { url: string; detail: string }) => [
    detail,
    'Tell the operator of the index: pinwheel used nothing of it.',
  ],
});

/** Hashes of which none is that of the wheel that a set pins. */
export const hashMismatch = /* @__PURE__ */ row('unanswerable', 'hash_mismatch', [
  'No hash of {package} matches the wheel that the package set pins, sha256:{sha256}.',
  'Leave out the hashes of {package}, or add --hash=sha256:{sha256} if you trust this wheel.',
]);

export const constraintWithExtras = /* @__PURE__ */ row('malformed', 'constraint_with_extras', [
  'The constraint {requirement} has extras, which only a requirement can ask for.',
  'Leave out the extras.',
]);

const unpack = (commands: string) =>
  `Let ${commands} unpack them, or use pinwheel resolve --format pyodide-lock.`;

export const noWheels = /* @__PURE__ */ define(
  'unanswerable',
  'no_wheels',
  { packages: 'string[]', package_set: 'string' },
  /** `native`: whether a library is among them, which only a Worker with its own Python loads. */
  (given: { packages: string[]; package_set: string; wheels: readonly Fix[]; native: boolean }) => [
    `A file for installers cannot list ${given.packages.join(', ')}: ${given.package_set} has archives of them, and pip and uv install only wheels.`,
    [...given.wheels, advice(unpack(given.native ? 'pinwheel build' : 'pinwheel vendor or pinwheel build'))],
  ],
);

/** A shared library that packages load, and that is not among the files of a Worker on the platform. */
export const nativeLibrary = /* @__PURE__ */ define(
  'unanswerable',
  'native_library',
  { library: 'string', version: 'string', by: 'string[]' },
  ({ library, version, by }) => [
    `${listed(by, SHOWN)} ${by.length === 1 ? 'loads' : 'load'} the native library ${library} ${version}, which the platform does not load from python_modules.`,
    [run('pinwheel build', 'Use pinwheel build: the Worker then includes its own Python, with the library.')],
  ],
);

/** A package failed when it ran, for want of another one. */
export const undeclaredDependency = /* @__PURE__ */ row('unanswerable', 'undeclared_dependency', [
  '{name} {version} cannot be used on Pyodide {pyodide} without {dependency}, which the package set does not list as its dependency.',
  'Require {dependency}, too.',
]);

export const unknownArchive = /* @__PURE__ */ row('unanswerable', 'unknown_archive', [
  '{filename} is neither a wheel nor another archive that can be unpacked.',
  'Leave out {package}.',
]);

export const unusableUpstreamUrl = /* @__PURE__ */ row('unanswerable', 'unusable_upstream_url', [
  '{filename} comes from {url}, which is neither https nor http.',
  'Name a registry with `registry=URL`.',
]);

/** `detail`: what is wrong with it, as the end of a sentence. */
export const refusedArchive = /* @__PURE__ */ defineCauses('unanswerable', 'refused_archive', {
  not_loaded: ['{filename} is not unpacked: {detail}.', 'Leave out {package}.'],
  not_built: ['{filename} could not be unpacked: {detail}.', 'Leave out {package}.'],
  not_vendored: [
    '{filename} could not be unpacked: {detail}.',
    'The package set pins this file, from {url}. Leave out {package}, and tell the publisher of the set.',
  ],
});

/** At most this many dependents are named. */
const MOST_PARENTS = 3;

/** A package that nothing needs which is required. */
export const notNeeded = /* @__PURE__ */ define(
  'unanswerable',
  'not_needed',
  { package: 'string' },
  (given: {
    package: string;
    version: string;
    package_set: string;
    /** The packages of the set that need it. */
    parents: readonly string[];
    required: boolean;
  }) => {
    const { package: name, version, package_set, parents, required } = given;
    const by = parents.length > 0 ? `, or a package that needs it: ${listed(parents, MOST_PARENTS)}` : '';
    return [
      `Nothing that ${required ? 'these requirements need' : 'is required'} depends on ${name}, which ${package_set} pins at ${version}.`,
      `To include it, require ${name} itself${by}.`,
    ];
  },
);

/** A requirement that no date and no package flag satisfies, as a remark of the answer says. */
export const neverSatisfied = /* @__PURE__ */ define(
  'unanswerable',
  'never_satisfied',
  { detail: 'string', remedy: 'string | null' },
  ({ detail, remedy }) => [detail, remedy],
);
