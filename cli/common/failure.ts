/** How a command fails. What it throws on purpose is a {@link CommandError}. */
import { connectionCause, isCertificate, isTls } from '../../resolver/client/connection-issue.ts';
import { RegistryError } from '../../resolver/client/registry-error.ts';
import type { Issue, Outcome } from '../../resolver/index.ts';
import { wrongBytes } from '../../resolver/issues/documents.ts';
import {
  type ConnectionFailure,
  type InTheWay,
  outOfReach as unreachable,
} from '../../resolver/issues/reach.ts';
import { wrongUsage } from '../../resolver/issues/usage.ts';
import { IndexError } from '../../resolver/solver/package-index.ts';
import { registryCacheFolder } from './folders.ts';
import type { Remark } from './listener.ts';

/** An issue, and what `where` says: the file and line that it comes from. */
export type LocatedIssue = Issue & { where?: string };

export type FailureCode = 1 | 2 | 3;

export class CommandError extends Error {
  /** 1: findings, or no answer. 2: a malformed question or file. 3: a file or a registry cannot be reached. */
  readonly exitCode: FailureCode;
  readonly issues: readonly LocatedIssue[];
  readonly remarks: readonly Remark[];

  constructor(
    exitCode: FailureCode,
    issues: readonly LocatedIssue[],
    options: ErrorOptions & { remarks?: readonly Remark[] } = {},
  ) {
    super(issues.map(({ message }) => message).join('\n'), options);
    this.remarks = options.remarks ?? [];
    this.exitCode = exitCode;
    this.issues = issues;
  }
}

export function answered<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.ok) return outcome.value;
  throw refused(outcome.issues);
}

/** The issues of a question. A malformed one has exit code 2. */
export function refused(issues: readonly LocatedIssue[]): CommandError {
  const exitCode = issues.some(({ kind }) => kind === 'malformed') ? 2 : 1;
  return new CommandError(exitCode, issues);
}

export function unanswered(issues: readonly LocatedIssue[]): CommandError {
  return new CommandError(1, issues);
}

export function misused(given: Parameters<typeof wrongUsage>[0], cause?: unknown): CommandError {
  return new CommandError(2, [wrongUsage(given)], { cause });
}

/** The value of an option. */
export function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= 1 && number <= most) return number;
  throw misused({ problem: 'invalid_number', option, text, most });
}

export function outOfReach(given: Parameters<typeof unreachable>[0], cause?: unknown): CommandError {
  return new CommandError(3, [unreachable(given)], { cause });
}

/** The registry that is asked if no option names one. */
export const REGISTRY = 'PINWHEEL_REGISTRY';

/** The option and the variable that name a registry, if this command line has them. */
const registryNames = (): string[] => [
  ...(process.argv.some((word) => /^--registry(?:=|$)/.test(word)) ? ['--registry'] : []),
  ...(process.env[REGISTRY] ? [REGISTRY] : []),
];

/**
 * An error as a failure of the command; null for an unexpected one.
 * @param named what names the registry that was asked
 */
export function commandErrorOf(error: unknown, named = registryNames()): CommandError | null {
  if (error instanceof CommandError) return error;
  // Offline, the substitute for fetch throws a CommandError, which has its own fix.
  if (error instanceof Error && error.cause instanceof CommandError) return error.cause;
  if (error instanceof IndexError) return indexFailure(error);
  if (!(error instanceof RegistryError)) return fileFailure(error);
  const { code, message, fix } = error;
  if (code === 'invalid_address')
    return misused({ problem: 'invalid_address', detail: message, remedy: fix }, error);
  if (code === 'history_changed' || code === 'not_signed' || code === 'stale') {
    const trusted = code === 'history_changed' ? registryCacheFolder() : null;
    return outOfReach({ problem: 'distrusted_registry', detail: message, remedy: fix, trusted }, error);
  }
  return outOfReach({ problem: 'registry', detail: message, remedy: fix, named }, error);
}

/**
 * Whether Node's fetch threw an error where nobody can catch it, since a server closed the connection before the body had
 * been read (nodejs/undici#5360). The rest of the body can be read nevertheless.
 */
export function isClosedEarly({ code, message }: Error & { code?: string }): boolean {
  return code === 'ERR_ASSERTION' && message.includes('assert(!this.paused)');
}

/** File errors have a path, or a code that only files have. So has a program that cannot be started. Null for others. */
function fileFailure(error: unknown): CommandError | null {
  const { syscall, path = null, code = '', message: detail } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined || syscall.startsWith('spawn')) return null;
  if (path === null && !(code in IN_THE_WAY)) return null;
  return outOfReach({ problem: 'unusable_path', path, why: IN_THE_WAY[code] ?? 'other', detail }, error);
}

const IN_THE_WAY: Record<string, InTheWay> = { EEXIST: 'file', ENOTDIR: 'file_above', ENOSPC: 'full' };

function indexFailure(error: IndexError): CommandError {
  const { code, message, found } = error;
  if (code === 'invalid_address') {
    return misused({ problem: 'invalid_index_url', text: found }, error);
  }
  if (code === 'other_bytes' || code === 'other_project') {
    const issue = wrongBytes({ problem: 'index', url: error.url, detail: message });
    return new CommandError(1, [issue], { cause: error });
  }
  const connection = code === 'unreachable' ? connectionFailure(error.cause) : null;
  return outOfReach({ problem: 'index', detail: message, connection }, error);
}

function connectionFailure(cause: unknown): ConnectionFailure {
  const { code = '' } = connectionCause(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown_host';
  if (code === 'ECONNREFUSED') return 'refused';
  if (isCertificate(code)) return 'certificate';
  return isTls(code) ? 'tls' : 'other';
}
