/** The scopes of a token: the kinds of document that it may publish. */
import type { RegistryDocument } from '../../../resolver/schemas.ts';

export const SCOPES = [
  'set',
  'workerd',
  'python',
  'yank',
  'correction',
  'announcement',
  'withdrawal',
] as const satisfies RegistryDocument['kind'][];
export type Scope = (typeof SCOPES)[number];

/** The kinds that an unchecked document names, including that of a document inside it. */
export function scopesNeeded(input: unknown): Scope[] {
  const kinds = [input, (input as { document?: unknown } | null)?.document].map(
    (one) => (one as { kind?: unknown } | null | undefined)?.kind,
  );
  // The gate rejects unknown kinds.
  return SCOPES.filter((scope) => kinds.includes(scope));
}
