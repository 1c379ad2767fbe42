/**
 * `npm run access`: who may publish. `token create|list|revoke` for people, `trust add|list|revoke` for the jobs of a
 * repository; on this machine's registry, or with `--remote` on the deployed one.
 */

import { parseArgs } from 'node:util';
import { print } from '../../cli/print/print.ts';
import { type Column, type Screen, screenOf, table } from '../../cli/print/table.ts';
import { GITHUB, ID, NAME, REPOSITORY, WORKFLOW } from '../../registry/publish/access/commands.ts';
import { ALL_SCOPES, makeToken, SCOPES } from '../../registry/publish/access/token.ts';
import type { Database } from './database.ts';

export type AccessRow = Record<string, string | null>;

/** @param now as ISO 8601, by which some have expired */
export function listLines(rows: readonly AccessRow[], now: string, screen: Screen): string[] {
  // The last column has the longest words: the table moves it below the others if it has to.
  const columns: Column<AccessRow>[] = [
    { title: 'ID', text: ({ id }) => id! },
    { title: 'State', text: (row) => stateOf(row, now) },
    { title: 'Last used', text: ({ last_used }) => last_used ?? 'never' },
    { title: 'Scopes', text: ({ scopes }) => scopesText(JSON.parse(scopes!)) },
    {
      title: 'Name',
      text: ({ name, repository, workflow, issuer }) => name ?? `${repository} ${workflow} (${issuer})`,
    },
  ];
  return table(columns, rows, screen);
}

function stateOf({ revoked, expires }: AccessRow, now: string): string {
  if (revoked) return `revoked ${revoked.slice(0, 10)}`;
  if (!expires) return 'does not expire';
  return `${expires <= now ? 'expired' : 'until'} ${expires.slice(0, 10)}`;
}

function scopesText(scopes: readonly string[]): string {
  return SCOPES.every((scope) => scopes.includes(scope)) ? 'all' : scopes.join(', ');
}

const USAGE = `npm run access -- COMMAND [--remote]

  token create --name NAME --scope KIND,… [--days 90]
                    make a token, shown once
  token list        tokens, without their secrets
  token revoke ID
  trust add --repository OWNER/NAME --workflow PATH[@REF] --scope KIND,…
            [--environment NAME] [--repository-id N] [--issuer URL]
                    let a job publish without a secret: of a branch or
                    tag, such as @refs/heads/main, or of an environment.
                    Without its id, the repository is the one whose job
                    publishes first
  trust list
  trust revoke ID

A KIND is what may be published, or all; default is for sets that become a
default:
${SCOPES.slice(0, 5).join(', ')},
${SCOPES.slice(5).join(', ')}.
--remote means the registry that this clone has deployed, not this machine's.`;

const MOST_DAYS = 366;

class Usage extends Error {}
/** An ID that the list does not have; the usage would not help. */
class UnknownId extends Usage {}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      environment: { type: 'string' },
      'repository-id': { type: 'string' },
      days: { type: 'string', default: '90' },
      repository: { type: 'string' },
      workflow: { type: 'string' },
      issuer: { type: 'string', default: GITHUB },
      remote: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [what, verb, id, ...others] = positionals;
  const known = ['token create', 'token list', 'token revoke', 'trust add', 'trust list', 'trust revoke'];
  const command = `${what} ${verb}`;
  if (values.help) return console.log(USAGE);
  if (!known.includes(command)) throw new Usage(`There is no command ${positionals.join(' ') || '(none)'}.`);
  const unused = verb === 'revoke' ? others[0] : id;
  if (unused !== undefined) throw new Usage(`${command} takes no ${unused}.`);
  const scopes = /create|add/.test(command) ? scopesOf(values.scope) : [];
  const now = new Date().toISOString();
  const table = what === 'token' ? 'tokens' : 'trusted_publishers';
  if (command === 'token create' && !NAME.test(values.name ?? '')) {
    throw new Usage('Give --name: whose token it is, in letters and digits.');
  }
  const expires = command === 'token create' ? expiryOf(values.days, now) : '';
  const job = command === 'trust add' ? jobOf(values) : null;
  if (verb === 'revoke' && !/^[0-9a-f]{16}$/.test(id ?? ''))
    throw new Usage(`Give the ID that ${what} list shows.`);

  // Loaded late, because it is slow: an invalid command fails at once.
  const { openLocal, openRemote } = await import('./database.ts');
  const database = values.remote ? await openRemote() : await openLocal();
  try {
    if (verb === 'list') await list(database, table, now);
    else if (verb === 'revoke') await revoke(database, table, id!, now);
    else {
      const { id: made, token, hash } = await makeToken();
      if (job) {
        await database.query(
          'insert into trusted_publishers (id, issuer, repository, repository_id, workflow, environment, scopes, created) values (?, ?, ?, ?, ?, ?, ?, ?)',
          ...[made, job.issuer, job.repository, job.id, job.workflow, job.environment],
          ...[JSON.stringify(scopes), now],
        );
        const where = job.environment === null ? '' : `, in the environment ${job.environment}`;
        console.log(
          `${made}: ${job.workflow} of ${job.repository} may publish ${scopes.join(', ')}${where}.`,
        );
      } else {
        await database.query(
          'insert into tokens (id, name, hash, scopes, created, expires) values (?, ?, ?, ?, ?, ?)',
          ...[made, values.name!, hash, JSON.stringify(scopes), now, expires],
        );
        console.error(`The token is good until ${expires.slice(0, 10)}, and is not shown again:`);
        console.log(token);
      }
    }
  } finally {
    await database.close();
  }
}

async function list(database: Database, table: string, now: string): Promise<void> {
  const rows = await database.query<AccessRow>(`select * from ${table} order by created`);
  if (rows.length === 0) return console.error('The list is empty.');
  print(listLines(rows, now, screenOf(process.stdout)));
}

async function revoke(database: Database, table: string, id: string, now: string): Promise<void> {
  const rows = await database.query(
    `update ${table} set revoked = coalesce(revoked, ?) where id = ? returning id`,
    now,
    id,
  );
  if (rows.length === 0) throw new UnknownId(`The list has no ${id}.`);
  console.log(`${id} is revoked.`);
}

function scopesOf(given: string[] | undefined): readonly string[] {
  const scopes = given?.flatMap((text) => text.split(',')) ?? [];
  if (scopes.length === 0) throw new Usage('Give --scope: what may be published.');
  if (scopes.includes(ALL_SCOPES)) return SCOPES;
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new Usage(`Unknown scope ${unknown}. The scopes are ${SCOPES.join(', ')}.`);
  return [...new Set(scopes)];
}

function expiryOf(text: string, now: string): string {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw new Usage(`--days is a whole number from 1 to ${MOST_DAYS}.`);
  }
  return new Date(Date.parse(now) + days * 86_400_000).toISOString();
}

interface JobOptions {
  issuer: string;
  repository?: string;
  'repository-id'?: string;
  workflow?: string;
  environment?: string;
}

function jobOf({ issuer, repository, 'repository-id': id, workflow, environment }: JobOptions) {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const isLocal = url?.protocol === 'http:' && url.hostname === '127.0.0.1';
  // An identity has it to the letter: one that is written in another way would never be trusted.
  const isPlain = url !== null && [issuer, `${issuer}/`].includes(url.origin + url.pathname);
  if (!isPlain || (url.protocol !== 'https:' && !isLocal)) {
    throw new Usage('--issuer is an https URL, without a user, a query or a fragment.');
  }
  if (!REPOSITORY.test(repository ?? '')) throw new Usage('Give --repository as OWNER/NAME.');
  if (!WORKFLOW.test(workflow ?? '')) {
    throw new Usage('Give --workflow, such as .github/workflows/publish.yml@refs/heads/main.');
  }
  if (!workflow!.includes('@') && environment === undefined) {
    throw new Usage(
      `Give a branch or tag, such as --workflow ${workflow}@refs/heads/main, or --environment: the job of any pull request could publish.`,
    );
  }
  if (id !== undefined && !ID.test(id))
    throw new Usage('--repository-id is the number that GitHub gives it.');
  return {
    ...{ issuer, repository: repository!, workflow: workflow! },
    ...{ id: id ?? null, environment: environment ?? null },
  };
}

if (import.meta.main)
  main().catch((error: Error & { code?: unknown }) => {
    const isMisuse = error instanceof Usage || String(error.code).startsWith('ERR_PARSE_ARGS');
    const usage = isMisuse && !(error instanceof UnknownId) ? `\n\n${USAGE}` : '';
    console.error(error.message + usage);
    process.exitCode = isMisuse ? 2 : 1;
  });
