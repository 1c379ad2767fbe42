/** Large files of a Worker as it carries them: by Zstandard, which workerd has, and which makes fewer bytes than gzip. */
import zlib from 'node:zlib';

/**
 * Of what is made once and kept; of the snapshot, which each edit makes anew (19 takes half as long again, for 3 %);
 * and of what is only served locally.
 */
export const LEVELS = { once: 19, snapshot: 17, served: 3 } as const;

const { ZSTD_c_compressionLevel: LEVEL, ZSTD_c_windowLog: WINDOW } = zlib.constants;
/** Larger than most snapshots, so that each part may refer to all that is before it; readers take up to 27. */
const WINDOW_LOG = 25;

export function compress(bytes: Uint8Array, level: number): Buffer {
  return zlib.zstdCompressSync(bytes, { params: { [LEVEL]: level, [WINDOW]: WINDOW_LOG } });
}
