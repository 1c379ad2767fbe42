/** `POST /v1/lock`: a package set, packages for requirements, and your own wheels, as one lock. */
import * as z from 'zod';
import { isBeyond } from '../../resolver/formats/file.ts';
import {
  closureMembers,
  type Member,
  type PreparedSet,
  type ResolveAnswer,
  toPyodideLock,
  wheelPath,
} from '../../resolver/index.ts';
import { invalidWheelUrl } from '../../resolver/issues/solver.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import { described } from '../http/described.ts';
import { problemOf } from '../http/problem.ts';
import { BEYOND, TARGET } from '../http/question.ts';
import { postRoute } from '../http/route.ts';
import { indexUrlOf } from '../index/address.ts';
import { indexProblem } from '../index/problem.ts';
import { askBeyond } from '../index/question.ts';
import { openSet } from '../storage/isolate.ts';

const LockDocument = described(
  z.looseObject({ info: z.looseObject({}), packages: z.record(z.string(), z.looseObject({})) }),
  'PyodideLock',
);

export const lockRoute = postRoute({
  path: '/v1/lock',
  tag: 'Questions',
  summary:
    'A package set and what requirements add to it, as a pyodide-lock.json that Pyodide loads as it is',
  body: { ...TARGET, ...fieldsNamed('requirements', 'wheels'), ...BEYOND },
  name: 'LockQuestion',
  example: {
    compatibility_flags: ['python_3.13_packages_2025_09_22'],
    requirements: ['django>=5.2'],
    index: true,
  },
  schema: LockDocument,
  async answer({ query: { wheels = [], requirements = [], ...query }, view, env }) {
    const named = wheels.map(requirementOf);
    const unnamed = wheels.filter((_, at) => named[at] === null);
    if (unnamed.length > 0) return problemOf(unnamed.map((url) => invalidWheelUrl({ url })));
    const question = {
      ...query,
      requirements: [...requirements, ...named.filter((one) => one !== null)],
      // By default, the lock is as complete as this registry can make it.
      index: query.index ?? (indexUrlOf(env) !== null || wheels.length > 0),
    };
    try {
      const outcome = await askBeyond(env, view, question);
      if (!outcome.ok) return problemOf(outcome.issues);
      const { answer, index: asked } = outcome.value;
      const set = await openSet(env, answer.target.package_set.digest);
      const members = wholeSet(set, answer, await closureMembers(answer.packages, set, asked));
      const beyond = new Map(answer.packages.filter(isBeyond).map(({ name, wheel }) => [name, wheel.url]));
      const urlOf = (member: Member) =>
        beyond.get(member.name) ?? new URL(wheelPath(member), env.PUBLIC_URL).href;
      const head = view.sets.get(answer.target.package_set.flag)!;
      return toPyodideLock(head, members, urlOf, { sizes: true });
    } catch (error) {
      return indexProblem(error);
    }
  },
});

/** As `name @ URL`; null for a URL that does not end in the name of a wheel. */
function requirementOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const filename = new URL(url).pathname.split('/').at(-1)!;
  const wheel = parseWheelName(filename.replaceAll(/%2b/gi, '+'));
  return wheel ? `${wheel.project} @ ${url}` : null;
}

/**
 * All members of a set by name, with replacements and additions. Dependencies of extras are loaded with the package.
 */
function wholeSet(
  { members }: PreparedSet,
  { packages }: ResolveAnswer,
  closure: readonly Member[],
): Member[] {
  const all = new Map(members.map((member) => [member.name, member]));
  for (const [at, member] of closure.entries()) {
    const { depends } = packages[at]!;
    const added = depends.filter((name) => !member.depends.includes(name));
    all.set(member.name, { ...member, written_depends: [...member.written_depends, ...added] });
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
