/** Locks for Pyodide: of a set, of a closure in it, and of a set with packages for requirements and your own wheels. */
import { isBeyond } from '../../resolver/formats/file.ts';
import { wholeSet } from '../../resolver/formats/pyodide-lock.ts';
import {
  closureMembers,
  type Issue,
  type Member,
  resolve,
  toPyodideLock,
  wheelPath,
} from '../../resolver/index.ts';
import { advice, fixed, indexMayHave, memberTexts } from '../../resolver/issues/fixes.ts';
import { invalidWheelUrl, noIndexHere } from '../../resolver/issues/solver.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { printable } from '../../resolver/text/printable.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import type { Call } from '../env.ts';
import { findSet, problem, problemOf } from '../http/problem.ts';
import { BEYOND, MOST_ERRORS, TARGET } from '../http/question.ts';
import { shortly } from '../http/reply.ts';
import type { Answer, Asked } from '../http/route.ts';
import { indexUrlOf } from '../package-index/address.ts';
import { askBeyond, indexProblem } from '../package-index/question.ts';
import { openSet, sourceOf } from '../storage/history.ts';
import { openSnapshot } from '../storage/isolate.ts';

export const LOCK = { ...TARGET, ...fieldsNamed('requirements', 'wheels'), ...BEYOND };

export async function answerLock({
  query: { wheels = [], requirements = [], ...query },
  view,
  env,
}: Asked<Settled & Reading<typeof LOCK>, unknown>): Promise<Answer> {
  const named = wheels.map(requirementOf);
  const unnamed = wheels.filter((_, at) => named[at] === null);
  if (unnamed.length > 0) return problemOf(unnamed.map((url) => invalidWheelUrl({ url })));
  const hasIndex = indexUrlOf(env) !== null;
  if (!hasIndex && wheels.length > 0) return problemOf([noIndexHere({ wheels: true })]);
  const question = {
    ...query,
    requirements: [...requirements, ...named.filter((requirement) => requirement !== null)],
    // By default, the lock is as complete as this registry can make it.
    index: query.index ?? hasIndex,
  };
  try {
    const outcome = await askBeyond(env, view, question);
    if (!outcome.ok) {
      const isUnread = ({ code }: Issue) => !hasIndex && code === 'direct_url_requirement';
      const issues = outcome.issues.map((issue) => (isUnread(issue) ? noIndexHere({ wheels: true }) : issue));
      return problemOf(issues);
    }
    const { answer, index: asked } = outcome.value;
    const set = await openSet(env, answer.target.package_set);
    const members = wholeSet(set, answer, await closureMembers(answer.packages, set, asked));
    const beyond = new Map(answer.packages.filter(isBeyond).map(({ name, wheel }) => [name, wheel.url]));
    const urlOf = (member: Member) =>
      beyond.get(member.name) ?? new URL(wheelPath(member), env.PUBLIC_URL).href;
    const head = view.sets.get(answer.target.package_set.flag)!;
    return toPyodideLock(head, members, urlOf, { sizes: true });
  } catch (error) {
    return indexProblem(error);
  }
}

/** The requirement `name @ URL`; null for a URL that does not end in the name of a wheel. */
function requirementOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const filename = new URL(url).pathname.split('/').at(-1)!;
  const wheel = parseWheelName(filename.replaceAll(/%2b/gi, '+'));
  return wheel ? `${wheel.project} @ ${url}` : null;
}

export async function answerSetLock({
  view,
  query: { requirements = [], relative },
  params: { flag },
  asOf,
  env,
}: Asked<
  { requirements?: readonly string[] | undefined; relative?: boolean | undefined },
  { flag: string }
>): Promise<Answer> {
  const head = findSet(view, flag);
  if (head instanceof Response) return head;
  const set = await openSet(env, head);
  const fileName = (wheel: Member) =>
    relative ? wheel.filename : new URL(wheelPath(wheel), env.PUBLIC_URL).href;
  const members = sortedBy(set.members, ({ name }) => name);
  if (requirements.length === 0) return toPyodideLock(head, members, fileName);
  const question = { compatibility_date: null, compatibility_flags: [head.flag], as_of: asOf };
  const answer = await resolve(
    view,
    { ...question, requirements },
    { ...sourceOf(env, view), explained: MOST_ERRORS },
  );
  if (!answer.ok) return problemOf(answer.issues.map(askingLock));
  const closure = answer.value.packages.map(({ name }) => set.members[set.index.get(name)!]!);
  return toPyodideLock(head, closure, fileName);
}

/** The lock of a set takes no index: the fix of an issue names the route that does. */
function askingLock(issue: Issue): Issue {
  const fixes = issue.fixes.map((fix) =>
    fix.kind === 'use_index'
      ? advice(`${indexMayHave(fix)} ask POST /v1/lock with ${memberTexts(fix)}.`)
      : fix,
  );
  return { ...issue, ...fixed(fixes) };
}

/** Redirects to a file of a set, which is named beside its lock. */
export async function sendFileAddress(
  c: Call,
  { flag = '', filename = '' }: Record<string, string>,
): Promise<Response> {
  const { head } = await openSnapshot(c);
  const set = findSet(head, flag);
  if (set instanceof Response) return set;
  const { members } = await openSet(c.env, set);
  const member = members.find((entry) => entry.filename === filename);
  if (!member) return problem('unknown_wheel', `${set.flag} has no file ${printable(filename)}.`);
  const headers = {
    location: wheelPath(member),
    ...shortly(),
    'access-control-allow-origin': '*',
  };
  return new Response(null, { status: 301, headers });
}
