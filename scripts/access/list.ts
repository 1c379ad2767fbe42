/** What `token list` and `trust list` print. */
import type { Screen } from '../../cli/print/table.ts';
import { type Column, table } from '../../cli/print/table.ts';
import { SCOPES } from '../../registry/publish/access/scopes.ts';

export type AccessRow = Record<string, string | null>;

/** @param now as ISO 8601, by which some have expired */
export function listLines(rows: readonly AccessRow[], now: string, screen: Screen): string[] {
  return table(columnsOf(now), rows, screen);
}

/** The last column has the longest words: the table moves it below the others if it has to. */
function columnsOf(now: string): Column<AccessRow>[] {
  return [
    { title: 'ID', text: ({ id }) => id! },
    { title: 'State', text: (row) => stateOf(row, now) },
    { title: 'Last used', text: ({ last_used }) => last_used ?? 'never' },
    { title: 'Scopes', text: ({ scopes }) => scopesText(JSON.parse(scopes!)) },
    {
      title: 'Name',
      text: ({ name, repository, workflow, issuer }) => name ?? `${repository} ${workflow} (${issuer})`,
    },
  ];
}

function stateOf({ revoked, expires }: AccessRow, now: string): string {
  if (revoked) return `revoked ${revoked.slice(0, 10)}`;
  if (!expires) return 'does not expire';
  return `${expires <= now ? 'expired' : 'until'} ${expires.slice(0, 10)}`;
}

function scopesText(scopes: readonly string[]): string {
  return SCOPES.every((scope) => scopes.includes(scope)) ? 'all' : scopes.join(', ');
}
