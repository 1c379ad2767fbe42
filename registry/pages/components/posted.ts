/** A posted form, or the error that prevents reading it. */
import type { Context } from 'hono';
import type { Issue } from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Env } from '../../env.ts';
import { PROBLEMS } from '../../http/problem.ts';
import type { Form } from '../../http/question.ts';

/** The content types of forms, and the boundary of parts, whose length RFC 2046 limits. */
const FORMS =
  /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data(?:.*;\s*boundary="?([^\s";]{1,70})"?)?)\s*(?:;|$)/i;

/** Of all parts together, in UTF-16 units: workerd takes some 10 µs for each header of fifty. */
const LONGEST_HEADERS = 100_000;

export type Posted = { ok: true; form: Form } | { ok: false; issue: Issue; status: number };

export async function readPosted(c: Context<Env>): Promise<Posted> {
  const type = FORMS.exec(c.req.header('content-type') ?? '');
  if (!type) {
    const issue = invalidParameter({ problem: 'no_form' });
    return { ok: false, issue, status: PROBLEMS.unsupported_media_type.status };
  }
  const text = await c.req.text();
  const isParts = /multipart/i.test(type[0]);
  const form = isParts ? await readParts(text, type[1]) : new URLSearchParams(text);
  if (form) return { ok: true, form };
  const issue = invalidParameter({ problem: 'unread_form' });
  return { ok: false, issue, status: PROBLEMS.invalid_question.status };
}

/** A form of parts; null if it is malformed, or if reading it would take too long. */
async function readParts(text: string, boundary: string | undefined): Promise<FormData | null> {
  if (boundary === undefined) return null;
  const [, ...parts] = text.split(`--${boundary}`);
  if (parts.reduce((sum, part) => sum + headerLength(part), 0) > LONGEST_HEADERS) return null;
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` };
  return new Response(text, { headers }).formData().catch(() => null);
}

function headerLength(part: string): number {
  const end = part.search(/\r?\n\r?\n/);
  return end < 0 ? part.length : end;
}
