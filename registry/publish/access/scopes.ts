/** The scopes of a token: the kinds of document that it may publish, and memory of packages. */
import type { RegistryDocument } from '../../../resolver/catalog.ts';

export const SCOPES = [
  'set',
  'workerd',
  'python',
  'yank',
  'correction',
  'announcement',
  'withdrawal',
  'memory',
] as const satisfies (RegistryDocument['kind'] | 'memory')[];
export type Scope = (typeof SCOPES)[number];

/** The kinds that an unchecked document names, including that of a document inside it. */
export function scopesNeeded(input: unknown): Scope[] {
  const kinds = [input, (input as { document?: unknown } | null)?.document].map(
    (one) => (one as { kind?: unknown } | null | undefined)?.kind,
  );
  // The gate rejects unknown kinds.
  return SCOPES.filter((scope) => kinds.includes(scope));
}
