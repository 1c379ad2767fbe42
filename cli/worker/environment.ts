import { BRIDGE_FOLDER } from '../packages/layer.ts';

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
