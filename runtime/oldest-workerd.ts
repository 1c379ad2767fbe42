/** The first workerd whose `node:zlib` has Zstandard, by which a built Worker has its large files compressed. */
export const OLDEST_WORKERD = '1.20260226.1';
