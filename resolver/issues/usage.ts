/** Issues of command lines. */
import { didYouMean, nearest } from '../text/nearest.ts';
import { shellWord } from '../text/printable.ts';
import { defineCauses } from './define.ts';
import { run } from './fixes.ts';

/** The fix for a command line error that has no better one. */
const seeHelp = (command: string | null) => `See pinwheel ${command === null ? '' : `${command} `}--help.`;

/** Words of other tools, and how pinwheel calls them, or who does it. */
const MEANT: Readonly<Record<string, string>> = {
  install: 'pinwheel sync installs what a project requires, and pinwheel add NAME requires more.',
  deploy: 'Run npx wrangler deploy: pinwheel builds Workers, and wrangler deploys them.',
  login: 'Run npx wrangler login: pinwheel needs no account.',
  uninstall: 'Did you mean pinwheel remove?',
  list: 'Did you mean pinwheel packages, or pinwheel tree?',
  freeze: 'Did you mean pinwheel lock, or pinwheel resolve --format requirements?',
  compile: 'Did you mean pinwheel lock, or pinwheel resolve --format requirements?',
  export: 'Did you mean pinwheel lock, or pinwheel resolve --format requirements?',
  run: 'Did you mean pinwheel dev?',
  serve: 'Did you mean pinwheel dev?',
  start: 'Did you mean pinwheel dev?',
  test: 'Did you mean pinwheel try?',
  new: 'Did you mean pinwheel init?',
  create: 'Did you mean pinwheel init?',
  compare: 'Did you mean pinwheel diff?',
  search: 'Did you mean pinwheel packages, or pinwheel when?',
  show: 'Did you mean pinwheel why, or pinwheel evidence?',
  clean: 'Nothing is left but the folders that you named: remove dist, python_modules or .wrangler.',
  '--compatibility-date': 'Did you mean --date?',
  '--compatibility-flag': 'Did you mean --flag?',
  '--compatibility-flags': 'Did you mean --flag, once for each?',
  '--python': 'Did you mean --date or --pyodide? They select the Python.',
  '--extra-index-url': 'Did you mean --index-url? It may be given several times.',
  '--out': 'Did you mean --output FILE, or --to FOLDER?',
};

const meant = (word: string): string | undefined => {
  const [near = ''] = nearest(word, Object.keys(MEANT), 1);
  return MEANT[near];
};

const NO_FILE = 'this project has no requirements.txt, and no pyproject.toml with a [project] table.';
const GIVE_A_DOCUMENT = 'Give the file of a document, --yank, or --withdraw.';
/** The file that `prove` reads. */
const SAVE_AN_ANSWER = 'pinwheel resolve … --json > answer.json';

export const wrongUsage = /* @__PURE__ */ defineCauses('malformed', 'wrong_usage', {
  /** `detail`: in the words of the parser of command lines; `word`: what it does not know; `near`: its proposal. */
  not_understood: (cause: {
    detail: string;
    word: string | null;
    near: string | null;
    command: string | null;
  }) => [cause.detail, meant(cause.word ?? '') ?? cause.near ?? seeHelp(cause.command)],
  unknown_command: ({ command, near }: { command: string; near: string[] }) => [
    `There is no command ${command}.`,
    meant(command) ?? didYouMean(near) ?? seeHelp(null),
  ],
  asks_nothing: [
    'The marker of {requirement} does not hold in this runtime, so that it asks for no package.',
    'Name the package without its marker.',
  ],
  unasked: [
    'pinwheel {command} asks before it changes files, and nobody is at a terminal.',
    'Give --yes, or --dry-run.',
  ],
  no_input: ['Standard input has no requirements.', 'Pipe some into it, or name a file with -r FILE.'],
  contradiction: ({ options: [first, other] }: { options: [first: string, other: string] }) => [
    `${first} and ${other} contradict each other.`,
    'Leave out one of them.',
  ],
  replaced_option: ['{option} replaces {replaces}.', 'Leave out one of them.'],
  two_configs: ['--config is given twice.', 'Give one: only check and diff take several Workers.'],
  config_and_workers: ['Several Workers and --config are given.', 'Leave out --config.'],
  folders_and_files: [
    'Folders and several wrangler files are given.',
    'Give either folders or wrangler files.',
  ],
  /** `wanted`: what the command takes. */
  lock_as_other: ({ path, wanted, command }: { path: string; wanted: string; command: string }) => [
    `${path} is a lock, not ${wanted}.`,
    [run(command, `Check it with ${command}.`)],
  ],
  no_worker: ['{path} is neither a folder nor a wrangler file.', 'Name the folder of a project.'],
  no_match: ['No wrangler file matches {pattern}.', "Write the pattern as in '**/wrangler.*'."],
  no_wrangler_file: ['{path} is not a wrangler file.', 'Give a .toml, .jsonc or .json file.'],
  environment_of_nothing: [
    '--env needs a wrangler file, and neither this folder nor any above it has one.',
    'Name one with --config.',
  ],
  invalid_revision: ['--revision {text} is not a revision.', 'A revision is a whole number, such as 12.'],
  invalid_number: ['{option} {text} is not a number from 1 to {most:number}.'],
  /** `form`: how a value of the option is written. */
  invalid_pair: ['{option} {text} is not {form}.', 'Write it as in {option} {example}.'],
  invalid_index_url: ['{text} is not the URL of an index.', 'Write a URL such as https://pypi.org/simple/.'],
  option_without_index: ['{option} needs an index.', 'Add --index for PyPI, or --index-url URL.'],
  nothing_to_resolve: [
    'There is nothing to resolve.',
    `Name a requirement, or a requirements file with \`requirements\`, or require something with pinwheel add NAME: ${NO_FILE}`,
  ],
  nothing_to_sync: ['There is nothing to sync.', `Require something with pinwheel add NAME: ${NO_FILE}`],
  nothing_to_compare: [
    'There is nothing to compare with.',
    'Give --from DATE, or a wrangler file with --config.',
  ],
  file_as_requirement: ({ path }: { path: string }) => [
    `${path} is a file, not a requirement.`,
    `Did you mean -r ${shellWord(path)}?`,
  ],
  /** `detail` and `remedy` are those of the issue that the requirement has. */
  no_requirement: ({ detail, remedy }: { detail: string; remedy: string | null }) => [detail, remedy],
  more_than_a_name: ['{text} is not just the name of a package.', 'Ask for {name} alone.'],
  standard_input_twice: ['Standard input can be read only once.', 'Give -r - once.'],
  option_without_file: ({ option, file }: { option: string; file: string }) => [
    `${option === '--extra' ? 'An extra' : 'A group'} needs a ${file}.`,
    `Name it with \`requirements=${file}\`.`,
  ],
  check_of_nothing: [
    '--check is about the lock of a project.',
    'Leave out --check, or the requirements and files.',
  ],
  repeated_target: ['--targets has {target} twice.', 'Leave one out.'],
  target_of_two_dates: ['{target} has two dates.', 'Write each target separately.'],
  empty_folder_name: ['The name of the folder is empty.', 'Name one, or leave it out for this one.'],
  taken_folder: ['{folder} already has {taken}.', 'Name a new folder, or an empty one.'],
  replaces_project: ['{folder} would replace {kept}.', 'Name a separate folder.'],
  not_a_folder: ['{path} is not a folder.', 'Name another one.'],
  folder_of_others: [
    '{folder} was not made by {maker}, and is not empty.',
    'Name another folder with `to`, or replace this one and everything in it with `force`.',
  ],
  all_revisions: ['pinwheel log verify verifies all revisions.', 'Leave out {revision}.'],
  no_revision: [
    'pinwheel log {action} needs a revision.',
    'Give one, such as pinwheel log {action} 12 --registry URL.',
  ],
  revision_after_last: ['The log has {last:number} revisions.', 'Give one of them, not {revision:number}.'],
  unsigned_log: ['The bundled log is not signed.', 'Name a registry with --registry URL.'],
  invalid_max_age: ['--max-age {text} is not a number of days.', 'Write it as in --max-age 30.'],
  max_age_without_registry: ['--max-age needs a registry.', 'Name one with --registry URL.'],
  answer_not_json: ['{file} is not JSON.', `Save an answer with ${SAVE_AN_ANSWER}.`],
  not_an_answer: [
    '{file} is not an answer of resolve or target.',
    `Pinwheel proves only these. Save one with ${SAVE_AN_ANSWER}.`,
  ],
  answer_of_an_index: [
    '{file} has packages from an index, which the log of a registry does not cover.',
    'Ask with --no-index.',
  ],
  proof_without_key: ['--proof needs the key of the log.', 'Give it with --key.'],
  key_without_log: [
    '--key needs a log that this key has signed.',
    'Give its registry with --registry, or a proof with --proof.',
  ],
  no_registry: ['publish needs the address of a registry.', 'Give --registry URL.'],
  readable_token: ['{address} is not https, so that others could read the token.', 'Give its https address.'],
  no_token: [
    'Publishing needs a token.',
    'Set {variable} to a token that npm run access made. A job of GitHub Actions needs none: give it permissions: id-token: write.',
  ],
  nothing_to_publish: ['There is nothing to publish.', GIVE_A_DOCUMENT],
  several_documents: ['Only one document can be published at a time.', GIVE_A_DOCUMENT],
  no_reason: ['A yank, a correction or a withdrawal needs a reason.', 'Give --reason TEXT.'],
  needless_reason: ['--reason is for yanks, corrections and withdrawals.', 'Leave it out.'],
  options_of_yanks: ['--sha256 and --from are for yanks.', 'Leave them out, or give --yank.'],
  announced_yank: [
    'The yank of a wheel cannot be announced: it takes effect at once.',
    'Leave out --announce and --from.',
  ],
  announced_correction: [
    'A correction cannot be announced: it takes effect at once.',
    'Leave out --announce or --correct.',
  ],
  withdrawal_of_nothing: ['--withdraw needs a revision.', 'Give a number, such as 51.'],
  document_not_json: ['{file} is not JSON: {detail}.', 'Give the document as JSON.'],
  lock_without_set: [
    '{file} is a lock, which needs the name of the package set to make of it.',
    'Give --as, such as --as python_3.13_packages_2026_11_22_acme, and the files: --find-links FOLDER.',
  ],
  lock_with_other_set: [
    '--as {flag} is not the name of a package set.',
    'Write it as python_3.13_packages_2026_11_22_acme: the Python, the day, and a word of your own.',
  ],
  lock_without_runtime: [
    '{file} does not say of which Pyodide or ABI it is.',
    'Give a lock of Pyodide 0.26 or newer.',
  ],
  options_of_locks: [
    '--as, --find-links and --base-url are for a pyodide-lock.json.',
    'Leave them out, or give a lock.',
  ],
  no_document: ['{file} has no document.', 'Give the document as one JSON object.'],
  /** The address of a registry, or a key. `detail` and `remedy` are those of the client's error. */
  invalid_address: ['{detail}', '{remedy}'],
});
