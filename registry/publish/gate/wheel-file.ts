/** The issues of a wheel's bytes: the zip, its RECORD, its METADATA and its tags. */
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { pathIssue, sameFileKey } from '../../../resolver/archives/entry-path.ts';
import { STRICT, zipProblem } from '../../../resolver/archives/zip.ts';
import { base64Url } from '../../../resolver/bytes.ts';
import { canonicalName } from '../../../resolver/index.ts';
import {
  parseMetadata,
  parseRecord,
  RECORD_ALGORITHMS,
  type WheelMetadata,
} from '../../../resolver/wheels/files.ts';
import { parseWheelName, type WheelName } from '../../../resolver/wheels/wheel-name.ts';

/** Entries of all wheels that come together. Today's wheels have fifty to a hundred. */
const MOST_ENTRIES = 2_000;
/** Bytes of all contents, which are unpacked into memory to be hashed. */
const MOST_UNPACKED = 32 * 1024 * 1024;
/** Above this size, a higher compression ratio than this is a zip bomb. */
const BOMB = { bytes: 8 * 1024 * 1024, ratio: 50 };
/** Bytes of the METADATA, WHEEL and RECORD of all wheels, which are read line by line. */
const MOST_TEXT = 2 * 1024 * 1024;
/** Problems that are listed of one wheel; the rest are counted. */
const MOST_PROBLEMS = 20;

export const WHEEL_LIMITS =
  `Wheels that are sent together have ${MOST_ENTRIES} files at most, of ${MOST_UNPACKED / 1024 / 1024} MB in all, ` +
  `and their METADATA, WHEEL and RECORD ${MOST_TEXT / 1024 / 1024} MB.`;

/** The rest of these limits, for further wheels. */
export interface Allowance {
  entries: number;
  unpacked: number;
  text: number;
}

export const wholeAllowance = (): Allowance => ({
  entries: MOST_ENTRIES,
  unpacked: MOST_UNPACKED,
  text: MOST_TEXT,
});

const METADATA_VERSIONS = new Set(['1.0', '1.1', '1.2', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5']);

export interface InspectedWheel {
  /** Each continues a sentence about the file, such as `its RECORD is missing`. A tricky zip has only the first problem. */
  problems: string[];
  /** The METADATA; null if it cannot be read. */
  metadata: WheelMetadata | null;
  /** The text of PINWHEEL.json, by which a patched wheel says what it was made of. */
  statement?: string | undefined;
}

/** Reads a whole wheel: unpacks and hashes every file, and takes them from the allowance. */
export async function inspectWheel(
  filename: string,
  bytes: Uint8Array,
  allowance = wholeAllowance(),
): Promise<InspectedWheel> {
  const wheel = await inspect(filename, bytes, allowance);
  const more = wheel.problems.length - MOST_PROBLEMS;
  if (more <= 0) return wheel;
  return {
    ...wheel,
    problems: [...wheel.problems.slice(0, MOST_PROBLEMS), `there are ${more} more problems`],
  };
}

async function inspect(filename: string, bytes: Uint8Array, allowance: Allowance): Promise<InspectedWheel> {
  const name = parseWheelName(filename);
  if (!name) return { problems: ['this is not a name of a wheel'], metadata: null };
  let files: Map<string, Uint8Array>;
  try {
    files = await unpack(bytes, allowance);
  } catch (error) {
    return { problems: [zipProblem(error)], metadata: null };
  }
  const folders = new Set([...files.keys()].flatMap((path) => /^([^/]+\.dist-info)\//.exec(path)?.[1] ?? []));
  const [info] = folders;
  if (!info || folders.size > 1) {
    return { problems: [`it has ${folders.size} folders that end in .dist-info`], metadata: null };
  }
  for (const file of ['METADATA', 'WHEEL', 'RECORD', 'PINWHEEL.json']) {
    allowance.text -= files.get(`${info}/${file}`)?.length ?? 0;
    if (allowance.text < 0) return { problems: [`its ${file} is too long: ${WHEEL_LIMITS}`], metadata: null };
  }
  const unread: string[] = [];
  const text = (file: string) => {
    const content = files.get(`${info}/${file}`);
    try {
      return content && new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(content);
    } catch {
      unread.push(`its ${file} is not UTF-8`);
      return new TextDecoder().decode(content);
    }
  };
  const written = text('METADATA');
  const metadata = written === undefined ? null : parseMetadata(written);
  const problems = [
    ...folderProblems(info, name),
    ...(metadata ? metadataProblems(metadata, name) : ['its METADATA is missing']),
    ...tagProblems(text('WHEEL'), name),
    ...(await recordProblems(info, text('RECORD'), files)),
  ];
  const statement = text('PINWHEEL.json');
  return { problems: [...unread, ...problems], metadata, statement };
}

async function unpack(bytes: Uint8Array, allowance: Allowance): Promise<Map<string, Uint8Array>> {
  const checks = { checkSignature: true, checkOverlappingEntry: true };
  const zip = new ZipReader(new Uint8ArrayReader(bytes), { ...STRICT, filenameValidation: 'tolerant' });
  const files = new Map<string, Uint8Array>();
  const keys = new Map<string, string>();
  let unpacked = 0;
  for await (const entry of zip.getEntriesGenerator()) {
    if (allowance.entries-- <= 0) {
      throw new Error(`it has more than ${MOST_ENTRIES} entries, together with wheels before it`);
    }
    const path = entry.filename.replace(/\/$/, '');
    const issue = pathIssue(path);
    if (issue !== null) throw new Error(`"${path.slice(0, 200)}" ${issue}`);
    const same = keys.get(sameFileKey(path));
    if (same !== undefined) throw new Error(`"${path}" is the same file as "${same}" on some systems`);
    keys.set(sameFileKey(path), path);
    const type = (entry.externalFileAttributes >>> 16) & 0o170000;
    if (entry.encrypted) throw new Error(`"${path}" is encrypted`);
    if (entry.symlink || (type !== 0 && type !== 0o100000 && type !== 0o040000)) {
      throw new Error(`"${path}" is a link, or neither a file nor a folder`);
    }
    if (entry.directory && entry.uncompressedSize > 0) throw new Error(`the folder "${path}" has content`);
    if (entry.directory) continue;
    if (entry.uncompressedSize > allowance.unpacked) {
      throw new Error(`"${path}" unpacks to more than ${allowance.unpacked} bytes`);
    }
    // zip.js stops at the size that the entry states.
    const content = await entry.getData(new Uint8ArrayWriter(), checks).catch((cause: Error) => {
      throw new Error(`"${path}" cannot be unpacked: ${cause.message}`, { cause });
    });
    allowance.unpacked -= content.length;
    unpacked += content.length;
    if (unpacked > BOMB.bytes && unpacked > BOMB.ratio * bytes.length) {
      throw new Error(`it unpacks to more than ${BOMB.ratio} times its size`);
    }
    files.set(path, content);
  }
  const both = [...files.keys()].flatMap(ancestorsOf).find((folder) => files.has(folder));
  if (both !== undefined) throw new Error(`"${both}" is a file and a folder`);
  return files;
}

const ancestorsOf = (path: string) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));

function folderProblems(info: string, { project, version }: WheelName): string[] {
  const [written = '', number = ''] = info.slice(0, -'.dist-info'.length).split('-');
  const isSame = canonicalName(written) === canonicalName(project) && number === version;
  return isSame ? [] : [`its folder ${info} is of another package or version`];
}

function metadataProblems(metadata: WheelMetadata, { project, version }: WheelName): string[] {
  const { metadata_version, name } = metadata;
  const problems: string[] = [];
  if (!METADATA_VERSIONS.has(metadata_version ?? '')) {
    problems.push(`its METADATA is of the unknown version ${metadata_version}`);
  }
  if (name === null || canonicalName(name) !== canonicalName(project)) {
    problems.push(`its METADATA names ${name}`);
  }
  if (metadata.version !== version) problems.push(`its METADATA names version ${metadata.version}`);
  return problems;
}

function tagProblems(text: string | undefined, { pythons, abis, platforms }: WheelName): string[] {
  if (text === undefined) return ['its WHEEL is missing'];
  const field = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'gim'))].map(([, value]) => value!);
  const [version = 'none'] = field('Wheel-Version');
  const named = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `${python}-${abi}-${platform}`)),
  );
  const sorted = (tags: readonly string[]) => [...new Set(tags)].sort().join(', ');
  const tags = field('Tag');
  return [
    ...(/^1\.\d+$/.test(version) ? [] : [`its Wheel-Version is ${version}`]),
    ...(sorted(tags) === sorted(named)
      ? []
      : [`its tags are ${sorted(tags) || 'none'}, its name says ${sorted(named)}`]),
  ];
}

/** Files whose hashes RECORD cannot contain. */
const UNHASHED = /^RECORD(\.jws|\.p7s)?$/;

async function recordProblems(
  info: string,
  text: string | undefined,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string[]> {
  if (text === undefined) return ['its RECORD is missing'];
  const record = parseRecord(text);
  if (!record) return ['its RECORD cannot be read'];
  const problems = [...record.keys()]
    .filter((path) => !files.has(path))
    .map((path) => `its RECORD lists "${path}", which it does not have`);
  for (const [path, content] of files) {
    const listed = record.get(path);
    if (path.startsWith(`${info}/`) && UNHASHED.test(path.slice(info.length + 1))) continue;
    if (listed === undefined) problems.push(`its RECORD does not list "${path}"`);
    else if (listed === null) problems.push(`its RECORD has no hash of "${path}"`);
    else if (!RECORD_ALGORITHMS.has(listed.algorithm)) {
      problems.push(`its RECORD has a hash of "${path}" by ${listed.algorithm}`);
    } else if ((await digestOf(listed.algorithm, content)) !== listed.digest) {
      problems.push(`"${path}" is not the file that its RECORD lists`);
    } else if (listed.size !== '' && listed.size !== String(content.length)) {
      problems.push(`its RECORD says ${listed.size} bytes of "${path}", which has ${content.length}`);
    }
  }
  return problems;
}

/** The digest in URL-safe Base64 without padding, as in RECORD. */
async function digestOf(algorithm: string, content: Uint8Array): Promise<string> {
  const name = algorithm.toUpperCase().replace('SHA', 'SHA-');
  return base64Url(new Uint8Array(await crypto.subtle.digest(name, content as Uint8Array<ArrayBuffer>)));
}
