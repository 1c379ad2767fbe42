/** Memory of packages that a registry provides. Nothing of it is used before all of it is checked. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { readAddress } from '../../resolver/client/address.ts';
import { RegistryError } from '../../resolver/client/registry-error.ts';
import { expectOk, originOf } from '../../resolver/client/transport.ts';
import { wrongMemory } from '../../resolver/issues/build.ts';
import { openNote } from '../../resolver/log/note.ts';
import {
  keyOfMemory,
  type MemoryHeader,
  MOST_FILE,
  MOST_HEADER,
  madeFrom,
  readHeader,
  readStatement,
  type StatedMemory,
} from '../../runtime/memory-file.ts';
import { getFrom, pinnedKey } from '../ask/log/registry-log.ts';
import { NO_CREDENTIALS } from '../common/credentials.ts';
import { unanswered } from '../common/failure.ts';
import { bytes as sizeText } from '../common/text.ts';
import { LIMITS } from '../packages/download.ts';
import { openTransfer, TransferError } from '../packages/transfer.ts';
import { type Base, compressedPages, type MemoryProvider, memoryFiles } from '../worker/base.ts';
import { LEVELS } from '../worker/compress.ts';
import { sha256Of } from '../worker/digests.ts';

const NEWLINE = 0x0a;
/** Of the digest at the end of the file. */
const HEX_DIGITS = 64;

/** The bytes of pages depend on it. */
const ZSTD = process.versions.zstd ?? '';

/** Memory as the file that a registry has. */
export async function fileOf(base: Base): Promise<StatedMemory & { bytes: Buffer }> {
  const { inputs, outcome, pages: path } = base;
  const made = madeFrom(ZSTD, inputs);
  const pages = await readFile(path);
  const header = { ...made, outcome, pages: { size: pages.length, sha256: sha256Of(pages) } };
  const compressed = await readFile(await compressedPages(base, LEVELS.once));
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), compressed]);
  return { key: await keyOfMemory(made), sha256: sha256Of(bytes), size: bytes.length, bytes };
}

/** The memory of a registry. What cannot be reached is made here; what is wrong fails the build. */
export function memoryOf(registry: string, cache: string, say: (line: string) => void): MemoryProvider {
  const address = readAddress(registry);
  const get: MemoryProvider['get'] = async (inputs, folder) => {
    try {
      const key = await keyOfMemory(madeFrom(ZSTD, inputs));
      const memory = await statedMemory(address, key);
      if (memory === null) {
        say(`${originOf(address)} has no memory of these packages`);
        return false;
      }
      say(`The memory of the packages from ${originOf(address)}, ${sizeText(memory.size)}`);
      await unpack(address, await download(address, memory), key, folder);
      return true;
    } catch (error) {
      const reason = unreachable(error);
      if (reason === null) throw error;
      say(reason);
      return false;
    }
  };
  return { cache: join(cache, 'registries', sha256Of(address)), get };
}

/** What a registry states of memory; null if it has none. */
export async function statedMemory(address: string, key: string): Promise<StatedMemory | null> {
  const get = getFrom();
  const reply = await get(`${address}v1/memory/${key}`);
  if (reply.status === 404) return null;
  const note = expectOk(reply);
  const signer = await pinnedKey(address, get);
  const text = await openNote(note, signer);
  if (text === null) throw wrong(address, `is not signed by ${signer.name}, key ${signer.id}`);
  const memory = readStatement(text);
  if (memory?.key !== key) throw wrong(address, `has a statement about something else than ${key}`);
  if (memory.size <= MOST_FILE) return memory;
  throw wrong(address, `has ${memory.size} bytes, but may have ${MOST_FILE} at most`);
}

async function download(address: string, { key, sha256, size }: StatedMemory): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of chunksOf(new URL(`${address}v1/memory/${key}/${sha256}`))) {
    chunks.push(chunk);
    received += chunk.length;
    if (received > size) throw wrong(address, `has more than the ${size} bytes that its statement names`);
  }
  if (received < size) throw wrong(address, `has ${received} of the ${size} bytes that its statement names`);
  const bytes = Buffer.concat(chunks);
  const found = sha256Of(bytes);
  if (found === sha256) return bytes;
  throw wrong(address, `has the SHA-256 ${found}, but its statement names ${sha256}`);
}

/** The bytes of a URL. The message of a {@link TransferError} is a whole sentence. */
async function* chunksOf(url: URL): AsyncGenerator<Uint8Array> {
  try {
    const piece = await openTransfer(url, { offset: 0, etag: null }, NO_CREDENTIALS, LIMITS);
    try {
      yield* piece!.chunks;
    } finally {
      piece!.close();
    }
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    throw new TransferError(`${url.href} ${error.message}.`, error.transient, { cause: error });
  }
}

async function unpack(address: string, bytes: Buffer, key: string, folder: string): Promise<void> {
  const end = bytes.subarray(0, MOST_HEADER + 1).indexOf(NEWLINE);
  const read = readHeader(bytes.subarray(0, Math.max(end, 0)));
  if (!read.ok) throw wrong(address, read.problem);
  const { outcome, pages, ...from } = read.header;
  const found = await keyOfMemory(from);
  if (found !== key) throw wrong(address, `was made from other things: its key is ${found}, not ${key}`);
  const compressed = bytes.subarray(end + 1);
  if (compressed.subarray(-HEX_DIGITS).toString('latin1') !== outcome.snapshot.sha256) {
    throw wrong(address, 'does not end with the digest of its snapshot');
  }
  const data = await decompress(compressed.subarray(0, -HEX_DIGITS), pages.size);
  if (data?.length !== pages.size)
    throw wrong(address, `does not decompress to ${pages.size} bytes of pages`);
  const hash = sha256Of(data);
  if (hash !== pages.sha256) {
    throw wrong(address, `has pages with the SHA-256 ${hash}, but its header names ${pages.sha256}`);
  }
  const files = memoryFiles(folder);
  await writeFile(files.pages, data);
  await writeFile(files.compressed(LEVELS.once), compressed);
  await writeFile(files.outcome, JSON.stringify(outcome satisfies MemoryHeader['outcome']));
}

/** Null if there are more bytes, or it is damaged. */
async function decompress(bytes: Uint8Array, size: number): Promise<Buffer | null> {
  const options = { maxOutputLength: Math.max(size, 1) };
  return promisify(zlib.zstdDecompress)(bytes, options).catch(() => null);
}

/** Why a registry could not be asked, as a line; null for any other error. */
function unreachable(error: unknown): string | null {
  if (error instanceof TransferError) return error.message;
  if (!(error instanceof RegistryError)) return null;
  return ['unreachable', 'timeout', 'unexpected_status'].includes(error.code) ? error.message : null;
}

function wrong(address: string, problem: string) {
  return unanswered([wrongMemory({ registry: originOf(address), problem })]);
}
