/** Issues of what could not be read, sent or trusted: files, registries, indexes and logs. */
import { series } from '../text/printable.ts';
import { defineCauses } from './define.ts';
import { run } from './fixes.ts';
import { toTrustAnew } from './log.ts';

const INSTALL_AGAIN = 'Install pinwheel again.';
const AGAIN_LATER = 'Try again in a while.';
const CHECK_THE_PATH = 'Check the path.';

/** The fix for a failed connection, by the name that `connectionCause` gives it. */
const CONNECTION = {
  unknown_host: 'Check the host name in the URL, and that this machine is online.',
  refused: 'Check the URL, and that a server listens there.',
  certificate:
    'If the index has a certificate authority of its own, set NODE_EXTRA_CA_CERTS to its certificate.',
  tls: 'Check that the server speaks https.',
  other: 'Check the URL and the connection, and try again.',
} as const;
export type ConnectionFailure = keyof typeof CONNECTION;

/** Why a file could not be read or written. */
const FILES = {
  absent: 'there is no such file',
  folder: 'it is a folder',
  denied: 'access is denied',
} as const;
export type FileFailure = keyof typeof FILES;
type UnreadFile = {
  file: string;
  path: string;
  why: FileFailure | null;
  folder: string | null;
  detail: string;
};

const IN_THE_WAY = {
  file: 'Name a folder: this is a file.',
  file_above: 'Name another path: a part of this one is a file, not a folder.',
  full: 'Free some space on that disk, or use another one.',
  other: 'Check the path and its permissions, or name another one.',
} as const;
export type InTheWay = keyof typeof IN_THE_WAY;

const withoutIt = (name: string) => `${/^[A-Z]/.test(name) ? 'unset' : 'leave out'} ${name}`;
const askOnce = (command: string) => [run(command, `Ask it the question once: ${command}`)];

/** `detail` is in the words of the system, of a server, or of what asked it. */
export const outOfReach = /* @__PURE__ */ defineCauses('unreachable', 'out_of_reach', {
  /** `file`: what messages call it; `folder`: that of the process, null for a path that is not relative to it. */
  unread_file: ({ file, path, why, folder, detail }: UnreadFile) => [
    `${file} could not be read: ${why === null ? detail : FILES[why]}.`,
    why === 'absent'
      ? `Check the path${folder === null ? '' : `: it is relative to ${folder}`}.`
      : why === 'folder'
        ? `Name a file in it, such as ${path.replace(/[/\\]*$/, '')}/requirements.txt.`
        : null,
  ],
  unusable_path: ({ path, why, detail }: { path: string | null; why: InTheWay; detail: string }) => [
    `${path ?? 'A file'} cannot be used: ${detail}.`,
    IN_THE_WAY[why],
  ],
  unread_folder: ['{folder} could not be read: {detail}.', 'Name the folder of a project.'],
  no_wheels_folder: [
    '{path} cannot be read as a folder of wheels.',
    '`findLinks` takes a folder; a page of links is an `index=URL`.',
  ],
  unread_wheel: ['{path} cannot be read.', CHECK_THE_PATH],
  unread_upload: ['{path} could not be read: {detail}.', CHECK_THE_PATH],
  no_wrangler_file: [
    'Neither {folder} nor any folder above it has a wrangler file.',
    'Name a project folder, name the file with `config`, or create a project with pinwheel init.',
  ],
  incomplete_package: ['The package of pinwheel is incomplete.', 'Install it again.'],
  unread_package_file: ['{path}, which comes with pinwheel, could not be read.', INSTALL_AGAIN],
  changed_package_file: ['{path}, which comes with pinwheel, does not match the log.', INSTALL_AGAIN],
  silent_python: [
    '{program} did not report its Python version: {detail}',
    'Name a Python that has pip, as in --targets host=.venv/bin/python, or leave out host.',
  ],
  no_pyodide: ['{detail}', 'Pyodide is downloaded from npm: check that npm works.'],
  unfetched: ['{url} could not be fetched: {detail}.', AGAIN_LATER],
  index: ({ detail, connection }: { detail: string; connection: ConnectionFailure | null }) => [
    detail,
    connection === null ? 'Check the URL, and try again.' : CONNECTION[connection],
  ],
  /** `named`: the options, and the variable, that name it. */
  registry: ({ detail, remedy, named }: { detail: string; remedy: string; named: string[] }) => [
    detail,
    `${remedy.replace(/\.$/, '')}, or ${series(named.map(withoutIt))} to use the bundled data.`,
  ],
  /** A registry whose log is another one, or is not signed. `trusted`: what to remove to trust it from now on. */
  distrusted_registry: (given: { detail: string; remedy: string; trusted: string | null }) => [
    given.detail,
    given.trusted === null ? given.remedy : given.remedy + toTrustAnew(given.trusted),
  ],
  unpublished: [
    'The registry at {registry} could not be reached: {detail}.',
    'Publish again: what is already published stays as it is.',
  ],
  failed_publication: ['The registry at {registry} published nothing: {detail}', AGAIN_LATER],
  no_identity: ['The job could not get an identity: {detail}.', 'Run it again, or set {variable}.'],
  offline: ['{url} is not on this machine, and --offline uses no network.', 'Leave out --offline.'],
  cache_behind: [
    '{url} has {served:number} revisions, but the log has {size:number}.',
    'Try again in a minute: caches may be behind.',
  ],
  /** `command` asks the question again, of the registry; null if none is named. */
  newer_revision: (given: { revision: number; newest: number; command: string | null }) => [
    `Revision ${given.revision} is not known here: the newest is ${given.newest}.`,
    given.command === null ? 'Name its registry with --registry URL.' : askOnce(given.command),
  ],
  nothing_cached: ({ registry, command }: { registry: string; command: string }) => [
    `The cache does not have the data of ${registry}.`,
    askOnce(command),
  ],
});
