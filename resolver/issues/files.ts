/** Issues of the files of projects that a command reads: `pyproject.toml`, `pylock.toml` and requirements files. */

import { didYouMean } from '../text/nearest.ts';
import { listed } from '../text/printable.ts';
import { define, defineCauses } from './define.ts';
import { edit } from './fixes.ts';

const SHOWN = 10;

const LIST_REQUIREMENTS =
  'List the requirements in project.dependencies, or name a group of [dependency-groups].';

/** `detail`: what the parser says of the text. */
const NOT_PARSED = ['{file} could not be parsed: {detail}', 'Correct the TOML.'] as const;

export const malformedPyproject = /* @__PURE__ */ defineCauses('malformed', 'malformed_pyproject', {
  not_parsed: NOT_PARSED,
  /** `poetry`: whether it has Poetry's own table. */
  no_project: ({ file, poetry }: { file: string; poetry: boolean }) => [
    `${file} has no [project] table.`,
    poetry ? `Poetry's own table is not read. ${LIST_REQUIREMENTS}` : LIST_REQUIREMENTS,
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

export const malformedPylock = /* @__PURE__ */ defineCauses('malformed', 'malformed_pylock', {
  not_parsed: NOT_PARSED,
  no_version: ['{file} has no lock-version that pinwheel supports, such as 1.0.', WRITE_AGAIN],
  no_packages: ['packages in {file} has to be a list of tables, each with a name.', WRITE_AGAIN],
});

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
    another_file: [
      '{file} is not a requirements file.',
      'Give a requirements.txt, pyproject.toml, pylock.toml or pyodide-lock.json.',
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

const instead = (what: string, other: string, { name, near, known, elsewhere }: NotAmong): string =>
  elsewhere
    ? `It has ${other === 'extra' ? 'an' : 'a'} ${other} of that name: write --${other} ${name}.`
    : (didYouMean(near) ?? (known.length > 0 ? `It has ${listed(known, SHOWN)}.` : `It has no ${what}s.`));

export const unknownExtra = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_extra',
  { name: 'string' },
  (given: { name: string } & NotAmong) => [
    `${given.file} has no extra "${given.name}".`,
    instead('extra', 'group', given),
  ],
);

export const unknownGroup = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_group',
  { name: 'string' },
  (given: { name: string } & NotAmong) => [
    `${given.file} has no group "${given.name}".`,
    instead('group', 'extra', given),
  ],
);

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
