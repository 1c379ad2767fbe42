/** Issues of the files of projects that a command reads: `pyproject.toml`, `pylock.toml` and requirements files. */

import { didYouMean } from '../text/nearest.ts';
import { listed, printable } from '../text/printable.ts';
import { define, defineCauses, row } from './define.ts';
import { advice, edit, run } from './fixes.ts';

const SHOWN = 10;

const LIST_REQUIREMENTS =
  'List the requirements in project.dependencies, or name a group of [dependency-groups].';

/** A command that writes requirements in a form that is read. */
const exporting = (command: string, file: string) => {
  const whole = `${command} -o ${file}`;
  return [whole, `Export them: ${whole}, then give \`requirements=${file}\`.`] as const;
};

const POETRY_EXPORT = 'poetry export -o requirements.txt';
/** Beside the `pyproject.toml`, that file goes first. Not all commands have -r. */
const POETRY = [
  run(POETRY_EXPORT, `Export them: ${POETRY_EXPORT}, which is read if no file is named.`),
  advice('Or list them under [project], which Poetry reads since 2.0.'),
];

/** `detail`: what the parser says of the text. */
const NOT_PARSED = ['{file} could not be parsed: {detail}', 'Correct the TOML.'] as const;

export const malformedPyproject = /* @__PURE__ */ defineCauses('malformed', 'malformed_pyproject', {
  not_parsed: NOT_PARSED,
  /** `poetry`: whether it has Poetry's own table. */
  no_project: ({ file, poetry }: { file: string; poetry: boolean }) => [
    `${file} has no [project] table.`,
    poetry ? POETRY : LIST_REQUIREMENTS,
  ],
  /** A dynamic `field`. */
  left_to_backend: ({ file, field, poetry }: { file: string; field: string; poetry: boolean }) => [
    `${file} leaves ${field} to its build backend, which pinwheel does not run.`,
    poetry ? POETRY : `List them in ${field}, and not under dynamic, or in a requirements.txt.`,
  ],
  no_list: ['{field} has to be a list of strings.', 'Write it as in ["fastapi", "httpx>=0.28"].'],
  no_version_range: ['{field} has to be a string.', 'Write it as in ">=3.12".'],
  no_package_flag: [
    'package-set in {file} has to be a package flag.',
    'Write it as in package-set = "python_3.13_packages_2025_09_22".',
  ],
  no_table: ['tool.pinwheel has to be a table.', 'Write [tool.pinwheel].'],
  unknown_setting: ({ setting, near, known }: { setting: string; near: string[]; known: string[] }) => [
    `tool.pinwheel has no setting ${setting}.`,
    didYouMean(near) ?? `The settings are ${known.join(', ')}.`,
  ],
  /** `example`: a value, as TOML. */
  invalid_setting: ['tool.pinwheel.{setting} is invalid.', 'Write it as in {setting} = {example}.'],
  /** `cycle`: the groups, the first one again at the end. */
  cycle_of_groups: ({ cycle }: { cycle: string[] }) => [
    `The dependency groups form a cycle: ${cycle.join(' includes ')}.`,
    'Leave out one include-group.',
  ],
  deep_groups: ['Dependency groups include each other more than {most:number} levels deep.'],
  group_of_another_type: ['The dependency group {group} has to be a list.'],
  invalid_entry: ({ group }: { group: string }) => [
    `The dependency group ${group} has an invalid entry.`,
    'Write a requirement, or {include-group = "NAME"}.',
  ],
  same_group: ({ groups: [first, other] }: { groups: [first: string, other: string] }) => [
    `The dependency groups ${first} and ${other} have the same name.`,
    'Rename one: case does not count, and neither does the choice of -, _ or a dot.',
  ],
});

const WRITE_AGAIN = 'Write the file again with a tool that supports PEP 751.';

export const malformedLock = /* @__PURE__ */ defineCauses('malformed', 'malformed_lock', {
  not_parsed: NOT_PARSED,
  no_version: ['{file} has no lock-version that pinwheel supports, such as 1.0.', WRITE_AGAIN],
  no_packages: ['packages in {file} has to be a list of tables, each with a name.', WRITE_AGAIN],
});

/** A lock that is to be written with `command`. */
type ToLock = { file: string; command: string };
const lockAgain = (message: string, { command }: ToLock) =>
  [message, [run(command, `Write it: ${command}`)]] as const;

/** The lock of a project. `names`: what the answer has, with its versions. */
export const staleLock = /* @__PURE__ */ defineCauses('unanswerable', 'stale_lock', {
  missing: (given: ToLock) => lockAgain(`There is no ${printable(given.file)}.`, given),
  other_versions: (given: ToLock & { names: string }) =>
    lockAgain(`${printable(given.file)} is stale: it does not have ${given.names}.`, given),
  other_settings: (given: ToLock) =>
    lockAgain(`${printable(given.file)} is stale: it was made from other requirements or settings.`, given),
});

/** Another tool made the file that `pinwheel lock` would write. */
export const foreignLock = /* @__PURE__ */ row('unanswerable', 'foreign_lock', [
  '{file:quoted} was not made by pinwheel lock.',
  'Move it away, or print a lock: pinwheel lock --format pylock',
]);

/** How bytes are not text. */
const UNDECODED = {
  /** The file begins with the mark of that encoding. */
  mark: (encoding: string) => `begins as ${encoding} does, but is not encoded in it`,
  declared: (encoding: string) => `declares the encoding ${encoding}, but is not encoded in it`,
  unknown: (encoding: string) => `declares the encoding ${encoding}, which cannot be read`,
  undeclared: () => 'is not UTF-8, but declares no other encoding',
} as const;

/** Why a file has no text. */
export interface Undecoded {
  why: keyof typeof UNDECODED;
  encoding: string;
}

/** How the tools export what their own locks have. */
const EXPORTS: Readonly<Record<string, readonly [command: string, text: string]>> = {
  uv: exporting('uv export --format pylock.toml', 'pylock.uv.toml'),
  poetry: exporting('poetry export', 'requirements.txt'),
  pdm: exporting('pdm export', 'requirements.txt'),
  Pipfile: [
    'pipenv requirements > requirements.txt',
    'Export them: pipenv requirements > requirements.txt, which is read if no file is named.',
  ],
};

export const malformedRequirementsFile = /* @__PURE__ */ defineCauses(
  'malformed',
  'malformed_requirements_file',
  {
    not_decoded: ({ file, why, encoding }: { file: string } & Undecoded) => [
      `${file} ${UNDECODED[why](encoding)}.`,
      'Save it as UTF-8.',
    ],
    /** A line that pip rejects. `detail` and `remedy` are those of the parser. */
    rejected_line: ({ detail, remedy }: { detail: string; remedy: string | null }) => [detail, remedy],
    another_file: ({ file }: { file: string }) => {
      const [, tool] = /(uv|poetry|pdm|Pipfile)(?:\.lock)?$/.exec(file) ?? [];
      const give = 'Give a requirements.txt, pyproject.toml, pylock.toml or pyodide-lock.json.';
      return [`${printable(file)} is not a requirements file.`, tool ? [run(...EXPORTS[tool]!)] : give];
    },
    no_script: [
      '{file:quoted} has no requirements: it has no block # /// script.',
      'Write one as PEP 723 has it, or give a requirements.txt or pyproject.toml.',
    ],
  },
);

/** An unknown extra or group, and the known ones. `elsewhere`: whether the name is known as the other kind. */
type NotAmong = {
  file: string;
  name: string;
  near: string[];
  known: string[];
  elsewhere: boolean;
};

const notAmong = <const Code extends string>(code: Code, what: 'extra' | 'group', other: 'extra' | 'group') =>
  define('unanswerable', code, { name: 'string' }, (given: NotAmong) => {
    const { file, name, near, known, elsewhere } = given;
    const has = known.length > 0 ? `It has ${listed(known, SHOWN)}.` : `It has no ${what}s.`;
    return [
      `${file} has no ${what} "${name}".`,
      elsewhere
        ? `It has ${other === 'extra' ? 'an' : 'a'} ${other} of that name: write --${other} ${name}.`
        : (didYouMean(near) ?? has),
    ];
  });

export const unknownExtra = /* @__PURE__ */ notAmong('unknown_extra', 'extra', 'group');
export const unknownGroup = /* @__PURE__ */ notAmong('unknown_group', 'group', 'extra');

/** A file that another one names, and that is not read. */
export const refusedFile = /* @__PURE__ */ defineCauses('unanswerable', 'refused_file', {
  too_many: ['More than {most:number} files include each other.'],
  too_deep: ['Files include each other more than {most:number} levels deep.'],
  url: ['{path} is a URL, which pinwheel does not download.', 'Download the file first.'],
  /** `file`: what messages call it. */
  outside: [
    '{path} is outside the folder of the file that includes it.',
    'To allow it, name {file} with -r or -c too.',
  ],
});

export const notRequired = /* @__PURE__ */ define(
  'unanswerable',
  'not_required',
  { name: 'string', file: 'string' },
  ({ name, file, command }: { name: string; file: string; command: string }) => [
    `${file} does not require ${name}.`,
    [run(command, `See which package needs it: ${command}`)],
  ],
);

/** A file that a command would change. `among`: the files that have its requirements. */
export const uneditable = /* @__PURE__ */ define(
  'unanswerable',
  'uneditable_file',
  { file: 'string' },
  ({ file, among }: { file: string; among?: readonly string[] }) =>
    among
      ? [
          `${file} takes its dependencies from several files.`,
          `Change one by hand, then run pinwheel sync: ${listed(among, SHOWN)}.`,
        ]
      : [
          `${file} is written in a way that only a person can change.`,
          'Change it by hand, then run pinwheel sync.',
        ],
);

/** Somebody else wrote it between reading and writing. */
export const changedFile = /* @__PURE__ */ row('unanswerable', 'changed_file', [
  '{file} has changed since its change was shown, and was left as it is.',
  'Run the same command again.',
]);

export const savedMeanwhile = /* @__PURE__ */ row('unanswerable', 'saved_meanwhile', [
  '{file} was saved while the move was tried, so it still has the changes of the move.',
  'Compare it with your version control, and take back what you do not want.',
]);

/** `encoding`: such as UTF-16. */
export const undecodedFile = /* @__PURE__ */ row('malformed', 'undecoded_file', [
  '{file} is {encoding}.',
  'Save it as UTF-8.',
]);

export const fileTooLarge = /* @__PURE__ */ define(
  'unanswerable',
  'file_too_large',
  { file: 'string', most: 'number' },
  ({ file, most }) => [`${file} is larger than ${most / 1_000_000} MB.`, 'Give a smaller file.'],
);

export const tooManyFiles = /* @__PURE__ */ defineCauses('unanswerable', 'too_many_files', {
  in_project: ({ folder, most }: { folder: string; most: number }) => [
    `${folder} has more than ${most.toLocaleString('en-US')} files.`,
    'Name only the folder of the Worker.',
  ],
  in_worker: ({ folder, most }: { folder: string; most: number }) => [
    `${folder} has more than ${most.toLocaleString('en-US')} files, and all of them would go into the Worker.`,
    'Move the main module into a separate folder.',
  ],
});

/** Pinwheel takes a package flag from there, but wrangler refuses the file. */
export const packageFlagInWrangler = /* @__PURE__ */ define(
  'unanswerable',
  'package_flag_in_wrangler',
  { flag: 'string', file: 'string' },
  ({ flag, file }) => [
    `wrangler refuses ${flag} in compatibility_flags: workerd does not know package flags.`,
    [
      edit(
        'pyproject.toml',
        `package-set = "${flag}"`,
        `Move it from ${file} to pyproject.toml: package-set = "${flag}" under [tool.pinwheel].`,
      ),
    ],
  ],
);

/** Packages in the folder of the modules, and not in that of the wrangler file. */
export const misplacedModules = /* @__PURE__ */ row('unanswerable', 'misplaced_modules', [
  'wrangler refuses the folder {folder:quoted} beside the main module.',
  'Move what is in it to python_modules beside {file:quoted}, and delete the folder.',
]);

/** In words that somebody else wrote. `where`: the file, and the line or the entry. */
type Written = { where: string; line: string };

/** The requests of `pinwheel try`. */
export const malformedRequests = /* @__PURE__ */ defineCauses('malformed', 'malformed_requests', {
  no_request: ['{file:quoted} has no request.', 'Write one, such as GET /.'],
  too_many: ['{file:quoted} has more than {most:number} requests.', 'Keep those that matter.'],
  unknown_variable: ({ name }: { where: string; name: string }) => [
    `There is no variable ${printable(name)}.`,
    'Define it in a line above, such as @host = http://localhost:8787.',
  ],
  no_request_line: ({ line }: Written) => [
    `${printable(line)} is not the first line of a request.`,
    'Write a method and a URL, as in GET http://localhost:8787/items.',
  ],
  no_header: ({ line }: Written) => [
    `${printable(line)} is not a header.`,
    'Write it as in Accept: text/html, with an empty line before the body.',
  ],
  not_supported: ({ line }: Written) => [
    `${printable(line)} names a file or a script, which pinwheel does not read.`,
    'Write the body into the request, and leave out scripts.',
  ],
  no_har: ['{file:quoted} is not a HAR file.', 'Save one in the network panel of a browser.'],
});

/** A package `name` with a source of another kind; `what` is its place or its setting. */
type Sourced = {
  name: string;
  what: string;
  /** The requirement names that place itself. */
  placed?: true;
  /** The indexes that the project asks before any other. */
  first?: string[];
};

const byPath = (name: string, place: string) =>
  `${name} = { path = "${place}" } under [tool.uv.sources] of pyproject.toml`;
const byName = ({ name, placed }: Sourced) =>
  placed ? ` Then require ${name} by its name, without the place.` : '';
const needsFolder = (first: string) => (problem: (given: Sourced) => string) => (given: Sourced) =>
  [
    problem(given),
    `${first}, and name its folder: ${byPath(given.name, `../${given.name}`)}.${byName(given)}`,
  ] as const;
const needsWheel = (first: string) => (problem: (given: Sourced) => string) => (given: Sourced) =>
  [
    problem(given),
    `${first}, and name that file: ${byPath(given.name, 'FILE.whl')}.${byName(given)}`,
  ] as const;
const onlyBuilt =
  (problem: (given: Sourced) => string, first = 'Build') =>
  (given: Sourced) =>
    [
      problem(given),
      `${first} its wheel with its own tool, and give the folder of it with \`findLinks\`, or name that file: ${byPath(given.name, 'FILE.whl')}.${byName(given)}`,
    ] as const;

/**
 * A package has a source that cannot be used here. No index is asked instead: a stranger may have a package of that name
 * there. What sources mean is uv's: docs.astral.sh/uv/concepts/projects/dependencies.
 */
export const refusedSource = /* @__PURE__ */ defineCauses('unanswerable', 'refused_source', {
  repository: needsFolder('Clone it')(
    ({ name, what }) => `${name} comes from ${what}, a repository, which pinwheel does not clone.`,
  ),
  url: needsWheel('Download a wheel of it')(
    ({ name, what }) => `${name} comes from ${what}, which pinwheel does not download.`,
  ),
  index: ({ name, what, first = [] }: Sourced) => [
    `${name} comes from the index ${what} alone, and no index is asked.`,
    first.length > 0
      ? `Ask what the project names: ${first.map((url) => `\`index=${url}\``).join(' ')}.`
      : `Add \`index\`: then that one is asked for ${name}, and PyPI for what has no source.`,
  ],
  no_index: [
    '{name} comes from the index {what}, which no [[tool.uv.index]] has as its name.',
    'Correct the name of the index.',
  ],
  archive: needsWheel('Build a wheel of it')(
    ({ name, what }) => `${name} comes from ${what}, which is neither a folder nor a wheel.`,
  ),
  absent: ['{name} comes from {what}, which does not exist.', 'Correct the path of the source.'],
  not_understood: ({ name, what }: Sourced) => [
    `The source of ${name} is not understood: ${what}.`,
    `Name a folder or a wheel: ${byPath(name, `../${name}`)}.`,
  ],
  no_workspace: ({ name }: Sourced) => [
    `${name} is said to come from the workspace, but this project is in none.`,
    'List the folder of this project in members under [tool.uv.workspace], in the pyproject.toml above it.',
  ],
  no_member: [
    '{name} is not a member of the workspace of {what}.',
    'List its folder in members under [tool.uv.workspace] there, and not in exclude.',
  ],
  undeclared_member: ({ name, what }: Sourced) => [
    `${name} is a member of the workspace of ${what}, but nothing says that it comes from there.`,
    `Add ${name} = { workspace = true } under [tool.uv.sources].`,
  ],
  not_a_package: [
    '{name} comes from {what}, which says package = false: its code is not installed.',
    'Leave out package = false, or require what it requires.',
  ],
  varying: [
    'Whether {name} comes from its source depends on the Python: {what}.',
    'Write the marker of the source with sys_platform alone: it is emscripten in every Worker.',
  ],
  no_project: onlyBuilt(
    ({ name, what }) =>
      `${name} comes from ${what}, which has no pyproject.toml with a name and a version under [project].`,
    'Write both there. Or build',
  ),
  other_name: [
    '{name} comes from {what}, whose pyproject.toml has another name under [project].',
    'Correct the name, or the path of the source.',
  ],
  built: onlyBuilt(({ name, what }) => `${name} has to be built, because of ${what}.`),
  no_module: onlyBuilt(
    ({ name, what }) => `${what} has no package or module of the name ${name}, at its root or in src/.`,
  ),
});

/** An index that a project names goes first, so that no other one can have a stranger's package of a name that is there. */
export const unaskedIndex = /* @__PURE__ */ row('unanswerable', 'unasked_index', [
  '{declared_in} names the index {url}, which has to be asked before any other: that may have packages of strangers under the same names.',
  'Ask it first: `index={url}`.',
]);
