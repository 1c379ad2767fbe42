/** Large files of a Worker as it carries them: by Zstandard, which workerd has, and which makes fewer bytes than gzip. */
import zlib from 'node:zlib';

/** What is made once and kept, or deployed; and what an edit makes anew. */
export const LEVELS = { small: 19, fast: 3 } as const;

const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_windowLog: WINDOW } = zlib.constants;
/** Larger than most snapshots, so that each part may refer to all that is before it; readers take up to 27. */
const WINDOW_LOG = 25;

export function compress(bytes: Uint8Array, level: number): Buffer {
  return zlib.zstdCompressSync(bytes, { params: { [LEVEL]: level, [WINDOW]: WINDOW_LOG } });
}
