/** The pages of the simple index as JSON that list indexes and projects. */
import type { CatalogSet } from '../../resolver/schemas.ts';
import { INDEX_API_VERSION, indexPath } from './project.ts';

/** Lists no projects: an installer takes the URL of one index. */
export function rootJson(sets: readonly CatalogSet[], origin: string): string {
  return JSON.stringify({
    meta: { 'api-version': INDEX_API_VERSION },
    projects: [],
    _indexes: sets.map(({ flag, python, runtime }) => ({
      name: flag,
      url: new URL(indexPath(flag), origin).href,
      python,
      runtime,
    })),
  });
}

export function indexJson(projects: readonly string[]): string {
  return JSON.stringify({
    meta: { 'api-version': INDEX_API_VERSION },
    projects: projects.map((name) => ({ name })),
  });
}
