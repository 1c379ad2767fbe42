/** The data of the repository, as clients of a registry read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog, PackageSet } from '../../../resolver/catalog.ts';
import { RegistryError } from '../../../resolver/client.ts';
import { root } from '../../../scripts/root.ts';

export const readData = (path: string) => JSON.parse(readFileSync(join(root, 'data', path), 'utf8'));
export const catalog: Catalog = readData('catalog.json');

export const FLAG = 'python_3.13_packages_2025_09_22';
export const set: PackageSet = readData(`sets/${FLAG}.json`);
/** The set as a registry sends it. */
export const { kind: _, ...bare } = set;

export const REGISTRY = 'https://registry.example';
export const question = {
  compatibility_date: null,
  compatibility_flags: [FLAG],
  as_of: '2026-11-20',
  requirements: ['idna'],
};

/** The code of the error that a client throws. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((error: unknown) => error);
  if (error instanceof RegistryError) return error.code;
  throw error instanceof Error ? error : new Error('nothing was thrown');
}
