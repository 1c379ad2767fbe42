import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { resolve } from '../../../resolver/closure/resolve.ts';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import type { CatalogView } from '../../../resolver/compatibility/view.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import type { Issue } from '../../../resolver/issue.ts';
import type { Env } from '../../env.ts';
import { snapshotFor } from '../../http/app.ts';
import { PROBLEMS } from '../../http/problem.ts';
import { today } from '../../http/question.ts';
import { etagOf } from '../../http/reply.ts';
import { openSet, type Snapshot } from '../../storage/isolate.ts';
import { pageSource } from '../parts/history.ts';
import { addressOf, queryOf } from '../parts/links.ts';
import { unreadable } from '../parts/parameters.ts';
import { replyWithPage, sendPage } from '../parts/respond.ts';
import { statusOf } from '../parts/status.ts';
import { HomePage, type HomePageProps } from './home-page.tsx';
import { type HomeAsked, type HomeQuestion, readHomeQuestion } from './question.ts';

/** Of a form with two files in it. */
const MAX_BODY_BYTES = 256 * 1024;
/** Longer addresses are refused on the way by some; such an answer has none. */
const LONGEST_ADDRESS = 6_000;

export const homePage = new Hono<Env>();

homePage.get('/', async (c) => {
  const { asked, outcome } = readHomeQuestion(c.req.queries(), today());
  const snapshot = await snapshotFor(c);
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

homePage.use(
  '/',
  bodyLimit({
    maxSize: MAX_BODY_BYTES,
    async onError(c) {
      const { head } = await snapshotFor(c);
      const message = `What is pasted may have ${MAX_BODY_BYTES / 1024} kB at most.`;
      const fix = 'Paste less, or ask the API in several questions.';
      const { asked } = readHomeQuestion({}, today());
      return refuse(c, head, asked, [unreadable(message, fix)], PROBLEMS.body_too_large.status);
    },
  }),
);

/**
 * The form is posted, so that what is pasted, which may hold secrets, is in no address and no log. What was
 * asked has an address all the same, where the form sends people on to.
 */
homePage.post('/', async (c) => {
  const form = await c.req.formData().catch(() => new FormData());
  const names = [...new Set(form.keys())];
  const textsOf = (name: string) => form.getAll(name).filter((value) => typeof value === 'string');
  const parameters = Object.fromEntries(names.map((name) => [name, textsOf(name)]));
  const { asked, outcome } = readHomeQuestion(parameters, today());
  const snapshot = await snapshotFor(c);
  if (!outcome.ok) return refuse(c, snapshot.head, asked, outcome.issues);
  const { requirements, remarks, question } = outcome.value;
  const address = new URLSearchParams(queryOf({ ...addressOf(outcome.value), date: asked.date || null }));
  for (const requirement of requirements) address.append('requirement', requirement);
  const path = `/?${address}`;
  if (remarks.length === 0 && path.length <= LONGEST_ADDRESS) return c.redirect(`${path}#_answer`, 303);
  const answer = await answerFrom(
    c,
    snapshot,
    { ...asked, date: question.compatibility_date ?? '' },
    outcome.value,
  );
  return sendPage(answer.issues ? statusOf(answer.issues) : 200, <HomePage {...answer} />);
});

function refuse(
  c: Context<Env>,
  { sets }: CatalogView,
  asked: HomeAsked,
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
  asked: HomeAsked,
  asking: HomeQuestion,
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
  const closure = await resolve(known, { ...question, requirements }, pageSource(c.env, known));
  if (!closure.ok) return { ...page, answer, requirements, issues: closure.issues };
  const set = await openSet(c.env, head.digest);
  const blocks = copyBlocks({ ...offer, packages: closure.value.packages });
  return { ...page, answer: { ...answer, blocks }, requirements, closure: closure.value, set };
}
