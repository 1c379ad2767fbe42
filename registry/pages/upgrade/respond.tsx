import type { Context } from 'hono';
import { asOfIssue } from '../../../resolver/compatibility/target.ts';
import type { Issue } from '../../../resolver/index.ts';
import type { Env } from '../../env.ts';
import { readModules } from '../../facts/standard-library.ts';
import { statusOf } from '../../http/problem.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { endOfToday, etagOf, today } from '../../http/reply.ts';
import { sourceOf } from '../../storage/history.ts';
import { openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import { LONGEST_ADDRESS } from '../components/addresses.ts';
import { replyWithPage, sendPage } from '../components/respond.tsx';
import type { ReadForm } from '../resolve/names.ts';
import { addressOfUpgrade, answerUpgrade, readSides, type Sides, type Upgrade } from './answer.ts';
import { UpgradePage } from './upgrade-page.tsx';

/** What changes in a Worker that moves; a posted question is sent to its address, if it has one. */
export async function answerMove(c: Context<Env>, read: ReadForm): Promise<Response> {
  const until = endOfToday();
  const { sides, issues } = readSides(read.form, read, today());
  const form = { ...read, sides, origin: c.env.PUBLIC_URL };
  const answer = await answerFrom(c, read, sides, issues);
  if ('issues' in answer) {
    return sendPage(c, statusOf(answer.issues), <UpgradePage {...form} issues={answer.issues} />, true);
  }
  const { upgrade, snapshot } = answer;
  const page = <UpgradePage {...form} upgrade={upgrade} />;
  const { question, remarks } = upgrade.asking;
  if (c.req.method === 'POST') {
    const path = addressOfUpgrade(upgrade);
    const isWhole = remarks.length === 0 && path.length <= LONGEST_ADDRESS;
    return isWhole ? c.redirect(`${path}#_answer`, 303) : sendPage(c, 200, page, true);
  }
  return replyWithPage(c, {
    etag: etagOf(c, upgrade.at.comparison.registry.digest, question.as_of, today()),
    stale: snapshot.stale,
    connects: true,
    ready: { snapshot, until },
    page: async () => page,
  });
}

type Read = { upgrade: Upgrade; snapshot: Snapshot } | { issues: readonly Issue[] };

async function answerFrom(
  c: Context<Env>,
  { outcome }: ReadForm,
  sides: Sides,
  issues: readonly Issue[],
): Promise<Read> {
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
