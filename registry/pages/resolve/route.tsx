/**
 * The question page: `/resolve` shows the packages of a Worker, `/compare` what changes if it moves, and the box of `/`
 * leads to either.
 */
import { Hono } from 'hono';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Env } from '../../env.ts';
import { limitBody, MOST_BODY } from '../../http/body.ts';
import { isWrangler, type Known, LONGEST_LINE, readBox, readBoxForm } from '../../http/box.ts';
import { PROBLEMS } from '../../http/problem.ts';
import type { Form } from '../../http/question.ts';
import { today } from '../../http/reply.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { RefusedPage } from '../components/no-answer.tsx';
import { readPosted, sendPage } from '../components/respond.tsx';
import { answerMove, sendMove } from '../upgrade/respond.tsx';
import { knownIn } from './names.ts';
import { answerQuestion, sendQuestion } from './respond.tsx';

export const questionPage = new Hono<Env>();

questionPage.get('/resolve', (c) => answerQuestion(c, new URL(c.req.url).searchParams));
questionPage.get('/compare', (c) => answerMove(c, new URL(c.req.url).searchParams));

/** The text of an address that is a question; a name alone is one of the front page's search. */
questionPage.get('/', async (c, next) => {
  const form = new URL(c.req.url).searchParams;
  const known = knownIn((await openSnapshot(c)).head);
  if (!isQuestion(form, known)) return next();
  return isMove(readBoxForm(form, known, today()).form) ? answerMove(c, form) : answerQuestion(c, form);
});

function isQuestion(form: URLSearchParams, known: Known): boolean {
  if (isPackageFlag(form.get('q')?.trim() ?? '')) return false;
  if (['date', 'to', 'flag', 'flags'].some((name) => form.has(name))) return true;
  const { requirements, dates, flags, wrangler } = readBox(form.get('q') ?? '', known);
  const parts = requirements.split('\n').filter((line) => line.trim() !== '');
  return parts.length > 1 || dates.length > 0 || flags.length > 0 || wrangler !== '';
}

const isMove = (form: Form) => form.getAll('to').some((to) => to !== '');

const limit = limitBody((c) => {
  const issue = invalidParameter({ problem: 'large_question', most: MOST_BODY });
  const page = <RefusedPage title="No answer" place="/resolve" issues={[issue]} />;
  return sendPage(c, PROBLEMS.body_too_large.status, page);
});

/**
 * Forms are posted, so that pasted text, which may contain secrets, is in no address and no log. A line redirects to
 * itself, and all else to the address of the question.
 */
questionPage.on('POST', ['/', '/resolve', '/compare'], limit, async (c) => {
  const posted = await readPosted(c);
  if (!posted.ok) {
    const page = <RefusedPage title="No answer" place="/resolve" issues={[posted.issue]} />;
    return sendPage(c, posted.status, page);
  }
  const line = lineOf(posted.form);
  if (line !== null) return c.redirect(line, 303);
  const { head } = await openSnapshot(c);
  const { form } = readBoxForm(posted.form, knownIn(head), today());
  return c.req.path === '/compare' || isMove(form) ? sendMove(c, posted.form) : sendQuestion(c, posted.form);
});

/** The address of a box with a line; null for other forms, and for a text that is a file or a part of one. */
function lineOf(form: Form): string | null {
  const [text] = form.getAll('q');
  if (typeof text !== 'string' || /[\r\n]/.test(text.trim()) || text.length > LONGEST_LINE) return null;
  if (isWrangler(text)) return null;
  const query = new URLSearchParams({ q: text.trim() });
  for (const name of ['date', 'to', 'flags', 'as_of', 'revision', 'experimental']) {
    for (const value of form.getAll(name)) if (value !== '') query.append(name, String(value));
  }
  return `/?${query}`;
}
