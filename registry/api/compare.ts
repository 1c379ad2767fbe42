import measured from '../../data/standard-library/measured.json';
import { type CompareSource, compare, moduleReader } from '../../resolver/index.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { CompareAnswer } from '../../resolver/time/answers.ts';
import { described } from '../http/described.ts';
import { REVISION, UNDATED } from '../http/question.ts';
import { type Asked, answerOf, postRoute, readRoute } from '../http/route.ts';
import { sourceOf } from '../storage/history.ts';

const COMPARE = { ...UNDATED, ...fieldsNamed('from', 'to', 'requirements') };

const about = {
  path: '/v1/compare',
  tag: 'Questions',
  summary: 'Two compatibility dates or package flags side by side, and what becomes of a closure',
  schema: described(CompareAnswer, 'CompareAnswer'),
};

const asking = {
  ...about,
  needed: ['from', 'to'] as const,
  async answer({ query, env, view }: Asked<Settled & Reading<typeof COMPARE>, unknown>) {
    const { from, to } = query;
    const source: CompareSource = { ...sourceOf(env, view), readModules };
    return answerOf(await compare(view, { ...query, from: from!, to: to! }, source));
  },
};

const byQuery = readRoute({ ...asking, query: { ...COMPARE, ...REVISION } });

const example = { from: '2025-11-02', to: '2026-11-01' };
const byBody = postRoute({ ...asking, body: COMPARE, name: 'CompareQuestion', example });

const readModules = moduleReader(measured);

export const compareRoutes = [byQuery, byBody];
