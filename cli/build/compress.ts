/** Compresses the large files of a Worker by Zstandard, which workerd decompresses and which is smaller than gzip. */
import zlib from 'node:zlib';

/**
 * The levels for files that are compressed once and cached; for the snapshot, which each edit changes (level 19 takes
 * 50 % longer and saves 3 %); and for what is only served locally.
 */
export const LEVELS = { once: 19, snapshot: 17, served: 3 } as const;

const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_windowLog: WINDOW } = zlib.constants;
/** Larger than most snapshots, so that each part can refer to everything before it. Decoders accept up to 27. */
const WINDOW_LOG = 25;

export function compress(bytes: Uint8Array, level: number): Buffer {
  return zlib.zstdCompressSync(bytes, { params: { [LEVEL]: level, [WINDOW]: WINDOW_LOG } });
}
