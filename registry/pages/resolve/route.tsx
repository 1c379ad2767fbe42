import { type Context, Hono } from 'hono';
import { findingsIn, type KnownFinding, pinnedIn } from '../../../resolver/audit/findings.ts';
import { advisoriesAbout } from '../../../resolver/audit/known.ts';
import { answerResolve, parseRequirements } from '../../../resolver/closure/resolve.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import {
  type CatalogView,
  type Issue,
  type ResolveAnswer,
  resolveClosure,
  selectTarget,
} from '../../../resolver/index.ts';
import { allOf } from '../../../resolver/issue.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Env } from '../../env.ts';
import { limitBody, MOST_BODY } from '../../http/body.ts';
import { type Asked, type FormQuestion, readForm } from '../../http/form.ts';
import { PROBLEMS, statusOf } from '../../http/problem.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import { etagOf, today } from '../../http/reply.ts';
import { readWranglerForm } from '../../http/wrangler-form.ts';
import { auditSourceOf, openSet, sourceOf } from '../../storage/history.ts';
import { openSnapshot, type Snapshot } from '../../storage/isolate.ts';
import { logError } from '../../structured-log.ts';
import {
  addressOf,
  changedQuestion,
  isChange,
  LONGEST_ADDRESS,
  queryOf,
  withRequirements,
} from '../components/addresses.ts';
import { readPosted, replyWithPage, sendPage } from '../components/respond.tsx';
import { flagNames, isListed } from '../components/words.ts';
import { ResolvePage, type ResolvePageProps } from './resolve-page.tsx';

export const RESOLVE = '/resolve';

export const resolvePage = new Hono<Env>();

resolvePage.get(RESOLVE, async (c) => {
  const { asked, outcome } = readWranglerForm(new URL(c.req.url).searchParams, today());
  const snapshot = await openSnapshot(c);
  if (!outcome.ok) return refuse(c, snapshot.head, asked, outcome.issues);
  const answer = await answerFrom(c, snapshot, asked, outcome.value);
  if (answer.issues) return sendPage(c, statusOf(answer.issues), <ResolvePage {...answer} />);
  const { question, revision } = outcome.value;
  return replyWithPage(c, {
    etag: etagOf(c, snapshot.head.stamp.digest, String(revision ?? ''), question.as_of, today()),
    stale: snapshot.stale,
    page: async () => <ResolvePage {...answer} />,
  });
});

const limit = limitBody((c) => {
  const issue = invalidParameter({ problem: 'large_question', most: MOST_BODY });
  return refuseBody(c, issue, PROBLEMS.body_too_large.status);
});

/**
 * The form is posted, so that pasted text, which may contain secrets, is in no address and no log. It redirects to the
 * address of the question.
 */
resolvePage.post(RESOLVE, limit, async (c) => {
  const posted = await readPosted(c);
  if (!posted.ok) return refuseBody(c, posted.issue, posted.status);
  const { asked, outcome } = readWranglerForm(posted.form, today());
  const snapshot = await openSnapshot(c);
  if (!outcome.ok) return refuse(c, snapshot.head, asked, outcome.issues);
  const { requirements, remarks, question } = outcome.value;
  const address = queryOf({ ...addressOf(outcome.value), date: asked.date || null });
  const path = `${RESOLVE}?${withRequirements(address, requirements)}`;
  if (remarks.length === 0 && path.length <= LONGEST_ADDRESS) return c.redirect(`${path}#_answer`, 303);
  const shown = { ...asked, date: question.compatibility_date ?? '' };
  const answer = await answerFrom(c, snapshot, shown, outcome.value);
  return sendPage(c, answer.issues ? statusOf(answer.issues) : 200, <ResolvePage {...answer} />);
});

/** The page for an invalid body. */
async function refuseBody(c: Context<Env>, issue: Issue, status: number): Promise<Response> {
  const { head } = await openSnapshot(c);
  return refuse(c, head, readForm(new URLSearchParams(), today()).asked, [issue], status);
}

function refuse(
  c: Context<Env>,
  view: CatalogView,
  asked: Asked,
  issues: readonly Issue[],
  status = statusOf(issues),
): Response {
  const props = { asked, issues, view, known: flagNames(view), origin: c.env.PUBLIC_URL };
  return sendPage(c, status, <ResolvePage {...props} />);
}

/** The answer as the page shows it: the closure, or the issues, with the target if there is one. */
async function answerFrom(
  c: Context<Env>,
  snapshot: Snapshot,
  asked: Asked,
  asking: FormQuestion,
): Promise<ResolvePageProps> {
  const { question, revision, requirements, remarks } = asking;
  const origin = c.env.PUBLIC_URL;
  const view = snapshot.view(revision);
  const known = view.ok ? view.value : snapshot.head;
  const page = { asked, remarks, view: known, known: flagNames(known), origin };
  if (!view.ok) return { ...page, issues: view.issues };
  if (!asked.anything) return page;
  const target = selectTarget(known, question);
  if (!target.ok) {
    const parsed = parseRequirements(requirements);
    return { ...page, issues: [...target.issues, ...(parsed.ok ? [] : parsed.issues)] };
  }
  const head = known.sets.get(target.value.package_set.flag)!;
  const offer = {
    ...{ target: target.value, date: dateThatGives(known, target.value) },
    index: `${origin}/simple/${head.flag}/`,
  };
  const set = await openSet(c.env, head);
  const answer = {
    ...{ question: asking, target: target.value, stamp: known.stamp, head },
    packageCount: set.members.filter(isListed).length,
    blocks: copyBlocks({ ...offer, packages: [], index: head.archive_count === 0 ? offer.index : null }),
  };
  if (requirements.length === 0) return { ...page, answer, requirements };
  const closure = await answerResolve(
    known,
    { ...question, requirements },
    {
      ...sourceOf(c.env, known),
      explained: MOST_ERRORS,
    },
  );
  if (!closure.ok) {
    const fixed = await firstFix(c, known, asking, closure.issues);
    return { ...page, answer, requirements, issues: closure.issues, fixed };
  }
  const blocks = copyBlocks({ ...offer, packages: closure.value.packages });
  const findings = await findingsOf(c.env, known, closure.value);
  return { ...page, answer: { ...answer, blocks }, requirements, closure: closure.value, findings, set };
}

/** The known vulnerabilities of the closure; none without advisories. */
async function findingsOf(
  env: Env['Bindings'],
  view: CatalogView,
  closure: ResolveAnswer,
): Promise<KnownFinding[]> {
  try {
    const names = pinnedIn(closure).map(({ name }) => name);
    const document = await advisoriesAbout(view, auditSourceOf(env, view), names);
    return document === null ? [] : findingsIn(closure, document);
  } catch (error) {
    logError('the advisories could not be read', error);
    return [];
  }
}

/**
 * The first of the proposed changes that by itself answers the question. Each issue has the same other dates and sets.
 */
async function firstFix(
  c: Context<Env>,
  view: CatalogView,
  asking: FormQuestion,
  issues: readonly Issue[],
): Promise<ResolvePageProps['fixed']> {
  for (const issue of issues) {
    const changes = issue.fixes.filter(isChange);
    if (!('index' in issue) || changes.length === 0) continue;
    for (const change of changes) {
      const { question, requirements } = changedQuestion(asking, change, issue.index);
      const read = allOf(selectTarget(view, question), parseRequirements(requirements));
      if (!read.ok) continue;
      const [target, parsed] = read.value;
      const closure = resolveClosure(view, target, await openSet(c.env, target.package_set), parsed);
      if (!closure.ok) continue;
      const { packages } = closure.value;
      const index = `${c.env.PUBLIC_URL}/simple/${target.package_set.flag}/`;
      const copy = copyBlocks({ target, packages, index, date: dateThatGives(view, target) });
      return { change, copy };
    }
    return undefined;
  }
  return undefined;
}
