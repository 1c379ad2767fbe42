import type { Context } from 'hono';
import { asOfIssue } from '../../../resolver/compatibility/target.ts';
import type { Issue } from '../../../resolver/index.ts';
import type { Env } from '../../env.ts';
import { readModules } from '../../facts/standard-library.ts';
import { readBoxForm } from '../../http/box.ts';
import { statusOf } from '../../http/problem.ts';
import type { Form } from '../../http/question.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { endOfToday, etagOf, today } from '../../http/reply.ts';
import { sourceOf } from '../../storage/history.ts';
import { openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import { LONGEST_ADDRESS } from '../components/addresses.ts';
import { replyWithPage, sendPage } from '../components/respond.tsx';
import { flagNames } from '../components/words.ts';
import { knownIn } from '../resolve/names.ts';
import { addressOfUpgrade, answerUpgrade, readSides, type Upgrade } from './answer.ts';
import { UpgradePage } from './upgrade-page.tsx';

/** What changes in a Worker that moves, at the address of the question. */
export async function answerMove(c: Context<Env>, given: Form): Promise<Response> {
  const until = endOfToday();
  const form = await readUpgrade(c, given);
  const read = await answerFrom(c, form);
  if ('issues' in read) return refuse(c, form, read.issues);
  return replyWithPage(c, {
    etag: etagOf(c, read.upgrade.at.comparison.registry.digest, read.upgrade.asking.question.as_of, today()),
    stale: read.snapshot.stale,
    connects: true,
    ready: { snapshot: read.snapshot, until },
    page: async () => <UpgradePage {...form} origin={c.env.PUBLIC_URL} upgrade={read.upgrade} />,
  });
}

/** The answer to a posted question, or its address. */
export async function sendMove(c: Context<Env>, given: Form): Promise<Response> {
  const form = await readUpgrade(c, given);
  const read = await answerFrom(c, form);
  if ('issues' in read) return refuse(c, form, read.issues);
  const path = addressOfUpgrade(read.upgrade);
  const isWhole = read.upgrade.asking.remarks.length === 0;
  if (isWhole && path.length <= LONGEST_ADDRESS) return c.redirect(`${path}#_answer`, 303);
  const page = <UpgradePage {...form} origin={c.env.PUBLIC_URL} upgrade={read.upgrade} />;
  return sendPage(c, 200, page, true);
}

type Asking = Awaited<ReturnType<typeof readUpgrade>>;

async function readUpgrade(c: Context<Env>, given: Form) {
  const { head } = await openSnapshot(c);
  const read = readBoxForm(given, knownIn(head), today());
  return { ...read, ...readSides(read.form, read, today()), known: flagNames(head) };
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

function refuse(c: Context<Env>, form: Asking, issues: readonly Issue[]): Response {
  const page = <UpgradePage {...form} origin={c.env.PUBLIC_URL} issues={issues} />;
  return sendPage(c, statusOf(issues), page, true);
}
