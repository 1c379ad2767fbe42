/** Errors of the API, as problem documents (RFC 9457). This table lists all of them. */

import * as z from 'zod';
import type { CatalogView, Issue } from '../../resolver/index.ts';
import type { IssueKind } from '../../resolver/issues/define.ts';
import { Fix } from '../../resolver/issues/fix.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import type { CatalogSet } from '../../resolver/schemas.ts';
import { didYouMean, nearest } from '../../resolver/text/nearest.ts';
import { printable } from '../../resolver/text/printable.ts';
import { logEvent } from '../structured-log.ts';
import { MOST_ERRORS } from './question.ts';

export const PROBLEMS = {
  invalid_question: { status: 400, title: 'The question cannot be read' },
  missing_token: { status: 401, title: 'A token is required' },
  invalid_token: { status: 401, title: 'The token is invalid, expired or revoked' },
  missing_scope: { status: 403, title: 'The scope of the token does not allow this' },
  unknown_revision: { status: 404, title: 'The registry has no such revision' },
  unknown_flag: { status: 404, title: 'There is no such flag' },
  unknown_set: { status: 404, title: 'There is no such package set' },
  unknown_package: { status: 404, title: 'There is no such package' },
  unknown_document: { status: 404, title: 'No publication has such a document' },
  unknown_tile: { status: 404, title: 'The log has no such tile' },
  no_checkpoint: { status: 404, title: 'The log of this registry is not signed' },
  unknown_wheel: { status: 404, title: 'No package set pins such a file' },
  no_metadata: { status: 404, title: 'The file is not a wheel and has no METADATA' },
  unknown_answer_version: { status: 404, title: 'Unsupported answer version' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  not_acceptable: { status: 406, title: 'Not available in an accepted format' },
  conflict: { status: 409, title: 'Another publication conflicts with it' },
  precondition_failed: { status: 412, title: 'The answer is not the one that is expected' },
  body_too_large: { status: 413, title: 'The request is too large' },
  address_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'Unsupported content type' },
  range_not_satisfiable: { status: 416, title: 'The range is outside of the file' },
  unreadable_wheel: { status: 422, title: 'The METADATA of the wheel cannot be read' },
  refused_publication: { status: 422, title: 'The publication was rejected' },
  unanswerable_question: { status: 422, title: 'The question has no answer' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'The registry failed' },
  index_failed: { status: 502, title: 'The package index could not be used' },
  upstream_failed: { status: 502, title: 'The file could not be fetched from its pinned URL' },
  wheel_missing: { status: 503, title: 'A Pinwheel-built wheel is not stored here yet' },
  wrong_public_url: { status: 421, title: 'The registry is set up for another address' },
  log_forked: { status: 503, title: 'The log does not continue the one that was signed before' },
  storage_unavailable: { status: 503, title: 'The storage cannot be reached' },
  index_timeout: { status: 504, title: 'The package index did not answer in time' },
  upstream_timeout: { status: 504, title: 'The pinned URL did not answer in time' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** The problem for issues of each kind, the most severe first. */
export const OF_KIND: { [Kind in IssueKind]: ProblemCode } = {
  unknown: 'unknown_revision',
  malformed: 'invalid_question',
  conflict: 'conflict',
  unanswerable: 'unanswerable_question',
  unreachable: 'storage_unavailable',
};

export const Problem = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string(),
    errors: z
      .array(
        z.looseObject({
          code: z.string(),
          message: z.string(),
          fix: z.string().nullable(),
          fixes: z.array(Fix),
        }),
      )
      .optional()
      .describe(
        'One for each thing that is wrong, twenty at most; `message` is workerd’s own sentence where workerd has one. ' +
          '`fixes` are the data of `fix`. Other fields depend on `code`, as the page /api lists them.',
      ),
    more_errors: z.int().optional().describe('How many more there are, if they are more than twenty.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

const HEADERS = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
};

/** One error of a problem document: an issue, or an error whose fix is in sentences alone. */
interface ProblemError {
  code: string;
  message: string;
  fix: string | null;
  fixes?: readonly Fix[];
  /** The index or the file that the error is about. */
  url?: string;
}

/** `status` replaces the code's own status. */
export function problem(
  code: ProblemCode,
  detail: string,
  errors?: readonly ProblemError[],
  status: number = PROBLEMS[code].status,
): Response {
  const { title } = PROBLEMS[code];
  const body: Problem = { type: 'about:blank', title, status, code, detail };
  if (errors) {
    body.errors = errors
      .slice(0, MOST_ERRORS)
      .map(({ code, message, fix, fixes = fix, ...rest }) => ({ code, message, ...fixed(fixes), ...rest }));
  }
  if (errors && errors.length > MOST_ERRORS) body.more_errors = errors.length - MOST_ERRORS;
  return new Response(JSON.stringify(body), { status, headers: HEADERS });
}

/** Logs a refusal for the operator, who sees from it that somebody tries to publish. */
export async function logRefusal(response: Response, publisher: string | null): Promise<void> {
  const { status, code, detail } = (await response.clone().json()) as Problem;
  logEvent('refused', { status, code, publisher, reason: detail.slice(0, LONGEST_REASON) });
}

/** Characters of a refusal's reason in the log of the Worker. */
const LONGEST_REASON = 500;

export function problemOf(issues: readonly Issue[]): Response {
  return problem(codeOf(issues), detailOf(issues), issues.map(onTheWire));
}

/** An issue without its kind, which the status expresses. */
export function onTheWire({ kind: _, ...rest }: Issue): Omit<Issue, 'kind'> {
  return rest;
}

/** The status of a page that shows the same issues. */
export function statusOf(issues: readonly Issue[]): number {
  return PROBLEMS[codeOf(issues)].status;
}

/** The most severe kind decides. */
function codeOf(issues: readonly Issue[]): ProblemCode {
  const codes = new Set(issues.map(({ kind }) => OF_KIND[kind]));
  return Object.values(OF_KIND).find((code) => codes.has(code)) ?? 'unanswerable_question';
}

/** The first messages, and how many more there are. */
export function detailOf(issues: readonly { message: string }[]): string {
  const named = issues.slice(0, MOST_ERRORS).map(({ message }) => message);
  if (issues.length > MOST_ERRORS) named.push(`And ${issues.length - MOST_ERRORS} more.`);
  return named.join(' ');
}

/** A problem document for an unknown name, with similar names. */
export function unknownName(
  code: 'unknown_flag' | 'unknown_set' | 'unknown_package',
  name: string,
  near: readonly string[],
): Response {
  const message = `${PROBLEMS[code].title}: ${printable(name)}.`;
  return problem(code, [message, didYouMean(near)].filter(Boolean).join(' '));
}

/** The set of a package flag, or a problem document with similar flags. */
export function findSet(view: CatalogView, flag: string): CatalogSet | Response {
  return view.sets.get(flag) ?? unknownName('unknown_set', flag, nearest(flag, view.sets.keys()));
}
