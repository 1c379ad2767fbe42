/** Who answers questions: the data that the package carries, or a registry. Both send the same bytes. */
import type { Answers } from './types.ts';

/** Whoever answers where `--registry` is this. */
export async function openAnswers(registry: string | undefined): Promise<Answers> {
  if (registry === undefined) {
    const { carriedAnswers } = await import('./carried.ts');
    return carriedAnswers();
  }
  const { registryAnswers } = await import('./registry.ts');
  return registryAnswers(registry);
}
