/** Answers `/v1/resolve`: most of a question and of its answer is shared with others, and kept. */
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { type PinnedClosure, pinClosure } from '../../resolver/closure/closure.ts';
import { answerResolve } from '../../resolver/closure/resolve.ts';
import {
  type CatalogView,
  type Outcome,
  type PreparedSet,
  type RegistryStamp,
  type ResolveAnswer as Resolved,
  type ResolvedPackage,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../resolver/index.ts';
import { fieldsNamed, INDEX_FIELDS } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { ResolveAnswer } from '../../resolver/schemas.ts';
import { DescribedPackage } from '../facts/patched.ts';
import { described } from '../http/described.ts';
import { MOST_ERRORS } from '../http/most-errors.ts';
import { problemOf } from '../http/problem.ts';
import { BEYOND, REVISION, TARGET } from '../http/question.ts';
import { type Answer, type Asked, postRoute, readRoute } from '../http/route.ts';
import { indexProblem } from '../index/problem.ts';
import { askBeyond } from '../index/question.ts';
import { sourceOf } from '../storage/history.ts';

const about = {
  path: '/v1/resolve',
  tag: 'Questions',
  summary: 'The closure of requirements: every package, pinned to one wheel, in load order',
  schema: described(ResolveAnswer.extend({ packages: z.array(DescribedPackage) }), 'ResolveAnswer'),
};

const RESOLVE = { ...TARGET, ...fieldsNamed('requirements'), ...BEYOND };
type Asking = Pick<Asked<Settled & Reading<typeof RESOLVE>, unknown>, 'query' | 'view' | 'env'>;

const byQuery = readRoute({ ...about, query: { ...RESOLVE, ...REVISION }, answer });

const byBody = postRoute({
  ...about,
  body: RESOLVE,
  needed: ['requirements'],
  name: 'ResolveQuestion',
  example: {
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    requirements: ['fastapi', 'httpx>=0.28'],
  },
  answer,
});

async function answer(asked: Asking): Promise<Answer> {
  const { view, env, query } = asked;
  if (asksIndex(query)) return answerBeyond(asked);
  const question = { ...query, requirements: query.requirements ?? [], index: null };
  const source = { ...sourceOf(env, view), pin: recentClosure, explained: MOST_ERRORS };
  const outcome = await answerResolve(view, question, source, targetOf(view, question));
  return outcome.ok ? renderAnswer(outcome.value) : problemOf(outcome.issues);
}

/** Not cached, because the index may change. */
async function answerBeyond({ query, view, env }: Asking): Promise<Answer> {
  try {
    const outcome = await askBeyond(env, view, { ...query, requirements: query.requirements ?? [] });
    if (!outcome.ok) return problemOf(outcome.issues);
    return Response.json(outcome.value.answer, {
      headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
    });
  } catch (error) {
    return indexProblem(error);
  }
}

/** Whether a question is about an index. */
function asksIndex(query: Asking['query']): boolean {
  return (query.index ?? false) !== false || INDEX_FIELDS.some((name) => query[name] != null);
}

export const resolveRoutes = [byQuery, byBody];

/** A target has a few kilobytes. */
const MOST_TARGETS = 512;
/** In characters: longer questions are rarely repeated. */
const LONGEST_KEY = 400;

const targets = new LRUCache<string, Target>({ max: MOST_TARGETS });

/** Like `selectTarget`, but its result is shared: do not change it. */
function targetOf(view: CatalogView, question: TargetQuestion): Outcome<Target> {
  const { compatibility_date, compatibility_flags, as_of, experimental = false } = question;
  const key = JSON.stringify([
    view.stamp.digest,
    as_of,
    compatibility_date,
    experimental,
    ...compatibility_flags,
  ]);
  const known = targets.get(key);
  if (known) return { ok: true, value: known };
  const outcome = selectTarget(view, question);
  if (outcome.ok && key.length <= LONGEST_KEY) targets.set(key, outcome.value);
  return outcome;
}

/** In all closures together. With its part of an answer's JSON, a package takes about a kilobyte. */
const MOST_PACKAGES = 8_192;

/** How many closures that were made once are remembered. */
const MOST_SEEN = 1_024;

const closures = new LRUCache<string, PinnedClosure>({ maxSize: MOST_PACKAGES });
/** The keys of closures that were made once: one is kept from the second time on. */
const seen = new Set<string>();

/** Numbers of sets, for keys: a set itself would be kept as long as its closures are. */
const numbers = new WeakMap<PreparedSet, number>();
let nextNumber = 0;

/** Like `pinClosure`, but its result is shared: do not change it. */
export function recentClosure(set: PreparedSet, roots: ReadonlyMap<number, unknown>): PinnedClosure | null {
  if (!numbers.has(set)) numbers.set(set, nextNumber++);
  let key = `${numbers.get(set)}`;
  for (const root of roots.keys()) key += ` ${root}`;
  const known = closures.get(key);
  if (known) return known;
  const closure = pinClosure(set, roots);
  if (!closure) return null;
  if (seen.delete(key)) {
    keepText(closure.packages);
    closures.set(key, closure, { size: closure.packages.length + 1 });
  } else {
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.add(key);
  }
  return closure;
}

/** A package as JSON: the parts that all answers share, and what the last answer made of them. */
interface RenderedPackage {
  /** Up to the value of `requested`. */
  before: string;
  /** From the end of `required_by`. */
  after: string;
  /** Of the last answer. */
  requested: boolean | null;
  required_by: readonly string[];
  text: string;
}

/** By wheel, because all answers from a set share its wheels. */
const rendered = new WeakMap<ResolvedPackage['wheel'], RenderedPackage>();

/** Of what answers share: the stamp, the target of the same date and flags, the packages of the same closure. */
const texts = new WeakMap<RegistryStamp | Target | readonly ResolvedPackage[], string>();

/**
 * The same bytes as `JSON.stringify(answer)`, in a fraction of the time: nine tenths of an answer are wheels, which are
 * serialized once for each set, and most of the rest is the target. The parts are joined, because concatenation makes a
 * tree of strings, which workerd takes longer to send.
 */
export function renderAnswer(answer: Resolved): string {
  const { registry, answer_version, target, packages, totals, diagnostics } = answer;
  return [
    `{"registry":${textOf(registry)},"answer_version":${answer_version},"target":`,
    textOf(target),
    ',"packages":[',
    texts.get(packages) ?? packagesText(packages),
    `],"totals":{"packages":${totals.packages},"size":${totals.size}},"diagnostics":`,
    diagnostics.length === 0 ? '[]' : JSON.stringify(diagnostics),
    '}',
  ].join('');
}

/** Keeps the JSON of packages that further answers will have. */
function keepText(packages: readonly ResolvedPackage[]): void {
  texts.set(packages, packagesText(packages));
}

const packagesText = (packages: readonly ResolvedPackage[]): string => packages.map(packageText).join(',');

function textOf(shared: RegistryStamp | Target): string {
  let text = texts.get(shared);
  if (text === undefined) {
    text = JSON.stringify(shared);
    texts.set(shared, text);
  }
  return text;
}

/** Canonical names need no escapes. */
function listOf(names: readonly string[]): string {
  return names.length === 0 ? '[]' : `["${names.length === 1 ? names[0] : names.join('","')}"]`;
}

/** Mostly, a package is required by the same ones as in the last answer. */
function packageText(one: ResolvedPackage): string {
  const { requested, required_by, wheel } = one;
  let known = rendered.get(wheel);
  if (!known) {
    known = sharedParts(one);
    rendered.set(wheel, known);
  }
  if (requested !== known.requested || !areEqual(required_by, known.required_by)) {
    known.requested = requested;
    known.required_by = required_by;
    known.text = [known.before, requested, ',"required_by":', listOf(required_by), known.after].join('');
  }
  return known.text;
}

function sharedParts({ name, version, kind, depends, wheel }: ResolvedPackage): RenderedPackage {
  return {
    before: `${JSON.stringify({ name, version, kind }).slice(0, -1)},"requested":`,
    after: `,${JSON.stringify({ depends, wheel }).slice(1)}`,
    requested: null,
    required_by: [],
    text: '',
  };
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}
