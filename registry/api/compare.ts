import * as z from 'zod';
import measured from '../../data/standard-library/measured.json';
import { type CompareSource, compare, moduleReader } from '../../resolver/index.ts';
import { CompareAnswer } from '../../resolver/time/answers.ts';
import { described } from '../http/described.ts';
import { BodyQuestion, questionOf, Requirements, repeated, TargetQuery } from '../http/query.ts';
import { type Asked, answerOf, postRoute, readRoute } from '../http/route.ts';
import { sourceOf } from '../storage/history.ts';

const side = (example: string) =>
  described(z.string(), {
    description: 'A compatibility date, or a package flag, which has its own.',
    example,
  });
const sides = { from: side('2025-11-02'), to: side('2026-11-01') };

const about = {
  path: '/v1/compare',
  tag: 'Questions',
  summary: 'Two compatibility dates or package flags side by side, and what becomes of a closure',
  schema: described(CompareAnswer, 'CompareAnswer'),
};

const byQuery = readRoute({
  ...about,
  query: TargetQuery.omit({ date: true }).extend({
    ...sides,
    requirement: repeated('If given, the answer also compares their closures.', []),
  }),
  async answer({ query: { from, to, requirement: requirements, ...query }, asOf, ...asking }) {
    const question = { ...questionOf(query), as_of: asOf, from, to, requirements };
    return answerOf(await compare(asking.view, question, withModules(asking)));
  },
});

const byBody = postRoute({
  ...about,
  body: described(
    BodyQuestion.extend({ ...sides, requirements: Requirements.default([]) }),
    'CompareQuestion',
  ),
  async answer({ query: { revision: _, ...question }, asOf, ...asking }) {
    return answerOf(await compare(asking.view, { ...question, as_of: asOf }, withModules(asking)));
  },
});

const readModules = moduleReader(measured);
const withModules = ({ env, view }: Asking): CompareSource => ({ ...sourceOf(env, view), readModules });
type Asking = Pick<Asked<unknown, unknown>, 'env' | 'view'>;

export const compareRoutes = [byQuery, byBody];
