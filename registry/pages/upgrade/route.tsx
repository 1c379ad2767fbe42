import { type Context, Hono } from 'hono';
import { asOfIssue } from '../../../resolver/compatibility/target.ts';
import type { Issue } from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Env } from '../../env.ts';
import { readModules } from '../../facts/standard-library.ts';
import { limitBody, MOST_BODY } from '../../http/body.ts';
import { PROBLEMS, statusOf } from '../../http/problem.ts';
import type { Form } from '../../http/question.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { endOfToday, etagOf, today } from '../../http/reply.ts';
import { readWranglerForm } from '../../http/wrangler-form.ts';
import { sourceOf } from '../../storage/history.ts';
import { openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import { LONGEST_ADDRESS } from '../components/addresses.ts';
import { readPosted, replyWithPage, sendPage } from '../components/respond.tsx';
import { flagNames } from '../components/words.ts';
import { addressOfUpgrade, answerUpgrade, readSides, type Upgrade } from './answer.ts';
import { UpgradePage } from './upgrade-page.tsx';

const PATH = '/compare';

export const upgradePage = new Hono<Env>();

upgradePage.get(PATH, async (c) => {
  const until = endOfToday();
  const form = readUpgrade(new URL(c.req.url).searchParams);
  const read = await answerFrom(c, form);
  if ('issues' in read) return refuse(c, form, read.issues);
  return replyWithPage(c, {
    etag: etagOf(c, read.upgrade.at.comparison.registry.digest, read.upgrade.asking.question.as_of, today()),
    stale: read.snapshot.stale,
    connects: true,
    ready: { snapshot: read.snapshot, until },
    page: async () => <UpgradePage {...(await formOf(c, form))} upgrade={read.upgrade} />,
  });
});

const limit = limitBody((c) => {
  const issue = invalidParameter({ problem: 'large_comparison', most: MOST_BODY });
  return refuse(c, readUpgrade(new URLSearchParams()), [issue], PROBLEMS.body_too_large.status);
});

upgradePage.post(PATH, limit, async (c) => {
  const posted = await readPosted(c);
  if (!posted.ok) return refuse(c, readUpgrade(new URLSearchParams()), [posted.issue], posted.status);
  const form = readUpgrade(posted.form);
  const read = await answerFrom(c, form);
  if ('issues' in read) return refuse(c, form, read.issues);
  const path = addressOfUpgrade(read.upgrade);
  const isWhole = read.upgrade.asking.remarks.length === 0;
  if (isWhole && path.length <= LONGEST_ADDRESS) return c.redirect(`${path}#_answer`, 303);
  return sendPage(c, 200, <UpgradePage {...(await formOf(c, form))} upgrade={read.upgrade} />, true);
});

type Asking = ReturnType<typeof readUpgrade>;

function readUpgrade(form: Form) {
  const read = readWranglerForm(form, today());
  return { ...read, ...readSides(form, read, today()) };
}

type Read = { upgrade: Upgrade; snapshot: Snapshot } | { issues: readonly Issue[] };

async function answerFrom(c: Context<Env>, { outcome, sides, issues }: Asking): Promise<Read> {
  if (!outcome.ok) return { issues: [...outcome.issues, ...issues] };
  const wrongDay = asOfIssue(outcome.value.question.as_of);
  if (wrongDay || issues.length > 0) return { issues: wrongDay ? [wrongDay, ...issues] : issues };
  const snapshot = await openSnapshot(c);
  const view = snapshot.view(outcome.value.revision);
  if (!view.ok) return { issues: view.issues };
  const source = { ...sourceOf(c.env, view.value), readModules, explained: MOST_ERRORS };
  const answer = await answerUpgrade(view.value, outcome.value, sides, source);
  return answer.ok ? { upgrade: answer.value, snapshot } : { issues: answer.issues };
}

async function formOf(c: Context<Env>, { asked, sides }: Asking) {
  const known = flagNames((await openSnapshot(c)).head);
  return { asked, sides, known, origin: c.env.PUBLIC_URL };
}

async function refuse(
  c: Context<Env>,
  form: Asking,
  issues: readonly Issue[],
  status = statusOf(issues),
): Promise<Response> {
  return sendPage(c, status, <UpgradePage {...(await formOf(c, form))} issues={issues} />, true);
}
