/**
 * Memory that a registry provides: a file, and a statement about it that the key of the registry's log signs. The file
 * is a line of JSON, followed by the pages as a Worker has them: compressed, and then the digest of the whole memory.
 */
import * as z from 'zod';
import { decode } from '../resolver/bytes.ts';
import { sha256 } from '../resolver/digest.ts';
import { PAGE } from './memory.ts';

const FORMAT = 1;

/** The size limits of the file, of its line of JSON, and of memory, of which an isolate has 128 MB. */
export const MOST_FILE = 32 * 1024 * 1024;
export const MOST_HEADER = 1024 * 1024;
const MOST_MEMORY = 128 * 1024 * 1024;

/** What a registry states of memory: the digest of what it is made from, and its file. */
export interface StatedMemory {
  key: string;
  sha256: string;
  size: number;
}

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().nonnegative();
const Size = Count.max(MOST_MEMORY).refine((size) => size % PAGE === 0, 'has half a page');

const Load = z.strictObject({
  name: z.string(),
  flags: z.strictObject({ global: z.boolean().optional(), nodelete: z.boolean().optional() }),
  libraries: z.record(z.string(), z.strictObject({ memory: Count, table: Count })),
  table: Count,
  free: z.array(Count),
});

const Snapshot = z
  .strictObject({
    libraries: z.strictObject({
      loads: z.array(Load),
      handles: z.array(z.tuple([Count, z.string()])),
      table: Count,
      free: z.array(Count),
    }),
    references: z.json(),
    size: Size,
    runs: z.array(z.tuple([Count, Count.min(1)])),
    sha256: Hash,
  })
  .refine(
    ({ runs, size }) => runs.every(([first, count]) => (first + count) * PAGE <= size),
    'has pages beyond its end',
  );

const MemoryHeader = z
  .strictObject({
    format: z.literal(FORMAT),
    /** The version of Zstandard, on which the bytes of the pages depend. */
    zstd: z.string().max(100),
    /** Everything that the memory depends on. */
    inputs: z.array(z.json()),
    outcome: z.strictObject({
      ok: z.literal(true),
      compiled: z.array(z.base64()),
      snapshot: Snapshot,
      remarks: z.array(
        z.strictObject({
          code: z.enum(['entropy', 'clock', 'network', 'callbacks']),
          module: z.string().nullable(),
        }),
      ),
      names: z.array(z.string()),
    }),
    /** Of the pages, decompressed. */
    pages: z.strictObject({ size: Size, sha256: Hash }),
  })
  .refine(
    ({ outcome, pages }) =>
      outcome.snapshot.runs.reduce((sum, [, count]) => sum + count * PAGE, 0) === pages.size,
    'has other pages than its snapshot',
  );
export type MemoryHeader = z.infer<typeof MemoryHeader>;

/** What memory depends on, as the first fields of its header. */
export const madeFrom = (zstd: string, inputs: readonly unknown[]) => ({ format: FORMAT, zstd, inputs });

export const keyOfMemory = ({ format, zstd, inputs }: ReturnType<typeof madeFrom>): Promise<string> =>
  sha256(JSON.stringify({ format, zstd, inputs }));

/** A header; or what is wrong with it, as the end of a sentence. */
export function readHeader(
  line: Uint8Array,
): { ok: true; header: MemoryHeader } | { ok: false; problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(decode(line) ?? '');
  } catch {
    return { ok: false, problem: 'does not begin with a line of JSON' };
  }
  const read = MemoryHeader.safeParse(value);
  if (read.success) return { ok: true, header: read.data };
  const { path, message } = read.error.issues[0]!;
  return { ok: false, problem: `has a header with a wrong ${path.join('.') || 'field'}: ${message}` };
}

/** The text that the key of a registry's log signs. */
export const statementOf = ({ key, sha256, size }: StatedMemory): string =>
  `Pinwheel memory\n${key}\n${sha256}\n${size}\n`;

/** Null if the text is not a statement about memory. */
export function readStatement(text: string): StatedMemory | null {
  const [, key, hash, size] =
    /^Pinwheel memory\n([0-9a-f]{64})\n([0-9a-f]{64})\n([1-9]\d{0,8})\n$/.exec(text) ?? [];
  return key === undefined ? null : { key, sha256: hash!, size: Number(size) };
}
