import { type Context, Hono } from 'hono';
import { resolve } from '../../../resolver/closure/resolve.ts';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import type { Issue } from '../../../resolver/issue.ts';
import type { Env } from '../../env.ts';
import { limitBody, MOST_BODY } from '../../http/body.ts';
import { today } from '../../http/day.ts';
import { fieldsOf, unreadable } from '../../http/fields.ts';
import { type Asked, type FormQuestion, readForm } from '../../http/form.ts';
import { PROBLEMS, statusOf } from '../../http/problem.ts';
import { etagOf } from '../../http/reply.ts';
import { readWranglerForm } from '../../http/wrangler-form.ts';
import { sourceOf } from '../../storage/history.ts';
import { openSet, openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import { addressOf, queryOf } from '../parts/links.ts';
import { replyWithPage, sendPage } from '../parts/respond.ts';
import { HomePage, type HomePageProps } from './home-page.tsx';

/** Longer addresses are refused on the way by some; such an answer has none. */
const LONGEST_ADDRESS = 6_000;

export const homePage = new Hono<Env>();

homePage.get('/', async (c) => {
  const { asked, outcome } = readWranglerForm(c.req.queries(), today());
  const snapshot = await openSnapshot(c);
  if (!outcome.ok) return refuse(c, snapshot.head, asked, outcome.issues);
  const answer = await answerFrom(c, snapshot, asked, outcome.value);
  if (answer.issues) return sendPage(statusOf(answer.issues), <HomePage {...answer} />);
  const { question, revision } = outcome.value;
  return replyWithPage(c, {
    etag: etagOf(c, snapshot.head.stamp.digest, String(revision ?? ''), question.as_of, today()),
    stale: snapshot.stale,
    page: async () => <HomePage {...answer} />,
  });
});

const limit = limitBody((c) => {
  const message = `What is pasted may have ${MOST_BODY} at most.`;
  return refuseBody(c, 'body_too_large', message, 'Paste less, or ask the API in several questions.');
});

/**
 * The form is posted, so that what is pasted, which may hold secrets, is in no address and no log. What was
 * asked has an address all the same, where the form sends people on to.
 */
homePage.post('/', limit, async (c) => {
  if (!FORMS.test(c.req.header('content-type') ?? '')) {
    const message = 'This page takes what its form sends.';
    return refuseBody(c, 'unsupported_media_type', message, 'Send questions in JSON to /v1/resolve.');
  }
  const form = await c.req.formData().catch(() => null);
  if (!form) {
    return refuseBody(c, 'invalid_question', 'The form could not be read.', 'Send it once more.');
  }
  const { asked, outcome } = readWranglerForm(fieldsOf(form), today());
  const snapshot = await openSnapshot(c);
  if (!outcome.ok) return refuse(c, snapshot.head, asked, outcome.issues);
  const { requirements, remarks, question } = outcome.value;
  const address = new URLSearchParams(queryOf({ ...addressOf(outcome.value), date: asked.date || null }));
  for (const requirement of requirements) address.append('requirement', requirement);
  const path = `/?${address}`;
  if (remarks.length === 0 && path.length <= LONGEST_ADDRESS) return c.redirect(`${path}#_answer`, 303);
  const shown = { ...asked, date: question.compatibility_date ?? '' };
  const answer = await answerFrom(c, snapshot, shown, outcome.value);
  return sendPage(answer.issues ? statusOf(answer.issues) : 200, <HomePage {...answer} />);
});

/** What forms are sent as. */
const FORMS = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;

/** A body that is not what the form sends. */
async function refuseBody(
  c: Context<Env>,
  code: 'body_too_large' | 'unsupported_media_type' | 'invalid_question',
  message: string,
  fix: string,
): Promise<Response> {
  const { head } = await openSnapshot(c);
  return refuse(c, head, readForm({}, today()).asked, [unreadable(message, fix)], PROBLEMS[code].status);
}

function refuse(
  c: Context<Env>,
  { sets }: CatalogView,
  asked: Asked,
  issues: readonly Issue[],
  status = statusOf(issues),
): Response {
  const props = { asked, issues, sets: [...sets.values()], origin: c.env.PUBLIC_URL };
  return sendPage(status, <HomePage {...props} />);
}

/** What the page shows: the closure, or what is wrong and, where there is one, the target all the same. */
async function answerFrom(
  c: Context<Env>,
  snapshot: Snapshot,
  asked: Asked,
  asking: FormQuestion,
): Promise<HomePageProps> {
  const { question, revision, requirements, remarks } = asking;
  const origin = c.env.PUBLIC_URL;
  const view = snapshot.view(revision);
  const known = view.ok ? view.value : snapshot.head;
  const page = { asked, remarks, sets: [...known.sets.values()], origin };
  if (!view.ok) return { ...page, issues: view.issues };
  if (!asked.anything) return page;
  const target = selectTarget(known, question);
  if (!target.ok) return { ...page, issues: target.issues };
  const head = known.sets.get(target.value.package_set.flag)!;
  const offer = {
    ...{ target: target.value, date: dateThatGives(known, target.value) },
    index: `${origin}/simple/${head.flag}/`,
  };
  const answer = {
    ...{ question: asking, target: target.value, stamp: known.stamp, head },
    blocks: copyBlocks({ ...offer, packages: [] }),
  };
  if (requirements.length === 0) return { ...page, answer, requirements };
  const closure = await resolve(known, { ...question, requirements }, sourceOf(c.env, known));
  if (!closure.ok) return { ...page, answer, requirements, issues: closure.issues };
  const set = await openSet(c.env, head.digest);
  const blocks = copyBlocks({ ...offer, packages: closure.value.packages });
  return { ...page, answer: { ...answer, blocks }, requirements, closure: closure.value, set };
}
