/** The folder of Pinwheel's Python. It is last on the path, so that a project's modules of the same names win. */
export const BRIDGE_FOLDER = '/lib/pinwheel';

/** Python's environment: two folders for libraries. Without a seed, each instance draws its own. */
export function environmentOf(python: string, hashSeed: string | null): Record<string, string> {
  const library = `/lib/python${python.split('.').slice(0, 2).join('.')}`;
  return {
    HOME: '/session/metadata',
    LD_LIBRARY_PATH: `/usr/lib:${library}/site-packages`,
    PYTHONPATH: BRIDGE_FOLDER,
    ...(hashSeed === null ? {} : { PYTHONHASHSEED: hashSeed }),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
