/** Files and standard input, as text of a bounded size. */
import { createReadStream } from 'node:fs';
import { fileTooLarge, malformedRequirementsFile } from '../../resolver/issues/documents.ts';
import { decodeRequirements } from './encoding.ts';
import { outOfReach } from './failure.ts';
import { inputError } from './input-error.ts';

/** A megabyte holds some 30,000 requirements. */
const MAX_BYTES = 1_000_000;

export const STANDARD_INPUT = '-';

/** What a file is called in messages. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/** The whole text of a file, or of standard input for `-`, without a byte order mark. */
export async function readText(path: string, name = nameOf(path)): Promise<string> {
  return new TextDecoder().decode(await readBytes(path, name));
}

/** The same of a requirements file, which may be in other encodings than UTF-8. */
export async function readRequirementsText(path: string, name: string): Promise<string> {
  const decoded = decodeRequirements(await readBytes(path, name));
  if (decoded.ok) return decoded.text;
  const message = `${name} ${decoded.problem}.`;
  throw inputError([malformedRequirementsFile({ message, fix: 'Save it as UTF-8.' })]);
}

async function readBytes(path: string, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const stream = path === STANDARD_INPUT ? process.stdin : createReadStream(path);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) break;
    }
  } catch (error) {
    throw outOfReach(`${name} could not be read: ${reasonOf(error)}.`, fixOf(error, path), error);
  }
  if (size > MAX_BYTES) {
    const message = `${name} is larger than ${MAX_BYTES / 1_000_000} MB.`;
    throw inputError([fileTooLarge({ message, fix: 'Give a smaller file.' })]);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied';
  return message;
}

function fixOf(error: unknown, path: string): string | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `Check the path: it is relative to ${process.cwd()}.`;
  if (code === 'EISDIR') return `Name a file in it, such as ${path.replace(/[/\\]*$/, '')}/requirements.txt.`;
  return null;
}
