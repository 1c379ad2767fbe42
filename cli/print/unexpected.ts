/** The message for unexpected errors. */
import { printable } from '../../resolver/text/printable.ts';
import { readPackageJson } from '../common/package-root.ts';

/** The whole stack if `DEBUG` names pinwheel. */
export function unexpectedLines(error: unknown, { DEBUG = '' }: NodeJS.ProcessEnv): string[] {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  const { version, bugs } = readPackageJson('package.json') as { version: string; bugs?: { url: string } };
  const where = bugs ? ` at ${bugs.url}` : '';
  const lines = [
    `error: Unexpected error: ${printable(message)}`,
    `  This is a bug in pinwheel ${version} (Node ${process.versions.node}). Please report it${where} with the command line.`,
  ];
  if (!/(^|[\s,])(\*|pinwheel)($|[\s,])/.test(DEBUG)) {
    return [
      ...lines,
      '  fix: Run it again with DEBUG=pinwheel to see where it happened, and report that too.',
    ];
  }
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [...lines, ...frames, ...causeLines(error)];
}

function causeLines(error: unknown): string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause === undefined) return [];
  return [`  cause: ${printable(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))}`];
}
