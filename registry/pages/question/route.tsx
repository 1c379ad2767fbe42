/**
 * The question page: `/resolve` shows the packages of a Worker, `/compare` what changes if it moves, and the box of `/`
 * leads to either.
 */
import { type Context, Hono } from 'hono';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Env } from '../../env.ts';
import { limitBody, MOST_BODY } from '../../http/body.ts';
import { isWrangler, LONGEST_LINE, withChips } from '../../http/box.ts';
import { PROBLEMS } from '../../http/problem.ts';
import type { Form } from '../../http/question.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { readPosted, refuse } from '../components/respond.tsx';
import { wantedName } from '../matrix/search.ts';
import { answerForm, type ReadForm, readQuestion } from './respond.tsx';

export const questionPage = new Hono<Env>();

const fieldsIn = (c: Context<Env>) => new URL(c.req.url).searchParams;

questionPage.get('/resolve', async (c) => {
  const read = await readQuestion(c, fieldsIn(c));
  return answerForm(c, read, isMove(read));
});
questionPage.get('/compare', async (c) => answerForm(c, await readQuestion(c, fieldsIn(c)), true));

/**
 * The text of an address that is a question; a name alone is one of the front page's search. The Markdown of an answer is
 * at the address of the question, the package or the set.
 */
questionPage.on('GET', ['/', '/index.md'], async (c, next) => {
  const { pathname, search, searchParams: asked } = new URL(c.req.url);
  const isMarkdown = pathname !== '/';
  const text = asked.get('q')?.trim() ?? '';
  const isSet = isPackageFlag(text);
  const read = await readQuestion(c, asked);
  if (!isSet && isQuestion(read)) {
    if (!isMarkdown) return answerForm(c, read, isMove(read));
    return c.redirect(`${isMove(read) ? '/compare' : '/resolve'}.md${search}`, 302);
  }
  // The search is for the name alone, not for a line such as `pip install NAME`.
  const [name = text] = isSet ? [] : partsIn(read);
  if (name === '' || (!isMarkdown && wantedName(name) === wantedName(text))) return next();
  if (isMarkdown) asked.delete('q');
  else asked.set('q', name);
  const [plain] = name.split('[', 1) as [string];
  const path = !isMarkdown ? '/' : `${isSet ? setPath(name) : packagePath(plain.trim())}.md`;
  return c.redirect(path + (asked.size > 0 ? `?${asked}` : ''), 302);
});

function isQuestion(read: ReadForm): boolean {
  const { form, box } = read;
  if (['date', 'to', 'flag', 'flags'].some((name) => form.getAll(name).length > 0)) return true;
  const parts = partsIn(read);
  return (
    parts.length > 1 || Boolean(box?.wrangler || box?.issues.length) || parts.some((part) => !NAME.test(part))
  );
}

const partsIn = ({ box }: ReadForm) =>
  (box?.requirements ?? '').split('\n').flatMap((line) => line.trim() || []);

/** A text that the search of the front page may find: the name of a package, perhaps with extras, or of a module. */
const NAME = /^\s*\w[\w.-]*\s*(?:\[[^\]]*\]\s*)?$/;

const isMove = ({ form }: ReadForm) => form.getAll('to').some((to) => to !== '');

const limit = limitBody((c) => {
  const issue = invalidParameter({ problem: 'large_question', most: MOST_BODY });
  return refuse(c, '/resolve', 'No answer', [issue], PROBLEMS.body_too_large.status);
});

/**
 * Forms are posted, so that pasted text, which may contain secrets, is in no address and no log. A line redirects to
 * itself, and all else to the address of the question.
 */
questionPage.on('POST', ['/', '/resolve', '/compare'], limit, async (c) => {
  const posted = await readPosted(c);
  if (posted instanceof Response) return posted;
  const line = lineOf(withChips(posted));
  if (line !== null) return c.redirect(line, 303);
  const read = await readQuestion(c, posted);
  return answerForm(c, read, c.req.path === '/compare' || isMove(read));
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
