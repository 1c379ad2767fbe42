import { canonicalName } from '../../../resolver/index.ts';
import type { Matrix } from './made.ts';

/** The names of the packages with a module of this canonical name. */
export function importedAs(matrix: Matrix | null, name: string): string[] {
  const packages = matrix?.packages ?? [];
  return packages.flatMap((one) =>
    one.imports.some((found) => canonicalName(found) === name) ? one.name : [],
  );
}
