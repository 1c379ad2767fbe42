/** Compresses the large files of a Worker by Zstandard, which workerd decompresses and which is smaller than gzip. */
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/**
 * The levels for files that are compressed once and cached; for the part of a snapshot that each edit changes; and
 * for what is only served locally.
 */
export const LEVELS = { once: 19, changes: 12, served: 3 } as const;

const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_windowLog: WINDOW } = zlib.constants;
/** Larger than most snapshots, so that each part can refer to everything before it. Decoders accept up to 27. */
const WINDOW_LOG = 25;

export function compress(bytes: Uint8Array, level: number): Promise<Buffer> {
  const params = { [LEVEL]: level, [WINDOW]: WINDOW_LOG };
  // A decoder that knows the size decompresses straight into its output.
  return promisify(zlib.zstdCompress)(bytes, { params, pledgedSrcSize: bytes.length });
}
