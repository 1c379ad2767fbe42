/** The fields of a posted form, or the error that prevents reading it. */
import type { Context } from 'hono';
import type { Issue } from '../../../resolver/issue.ts';
import type { Env } from '../../env.ts';
import { type Fields, fieldsOf, unreadable } from '../../http/fields.ts';
import { PROBLEMS } from '../../http/problem.ts';

/** The content types of forms. */
const FORMS = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;

export type Posted = { ok: true; fields: Fields } | { ok: false; issue: Issue; status: number };

export async function readPosted(c: Context<Env>): Promise<Posted> {
  if (!FORMS.test(c.req.header('content-type') ?? '')) {
    const message = 'This page takes what its form sends.';
    const issue = unreadable(message, 'Send questions in JSON to /v1/resolve.');
    return { ok: false, issue, status: PROBLEMS.unsupported_media_type.status };
  }
  const form = await c.req.formData().catch(() => null);
  if (form) return { ok: true, fields: fieldsOf(form) };
  const issue = unreadable('The form could not be read.', 'Send it once more.');
  return { ok: false, issue, status: PROBLEMS.invalid_question.status };
}
