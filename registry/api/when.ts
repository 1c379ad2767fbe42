import { when } from '../../resolver/index.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import { WhenAnswer } from '../../resolver/time/answers.ts';
import { described } from '../http/described.ts';
import { REVISION, UNDATED } from '../http/question.ts';
import { answerOf, readRoute } from '../http/route.ts';
import { sourceOf } from '../storage/history.ts';

export const whenRoute = readRoute({
  path: '/v1/when',
  tag: 'Questions',
  summary: 'Every compatibility date and every package flag that satisfies a requirement',
  query: { ...UNDATED, ...REVISION, ...fieldsNamed('requirement') },
  needed: ['requirement'],
  schema: described(WhenAnswer, 'WhenAnswer'),
  async answer({ view, query, env }) {
    return answerOf(await when(view, { ...query, requirement: query.requirement! }, sourceOf(env, view)));
  },
});
