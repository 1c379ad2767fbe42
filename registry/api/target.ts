import { RegistryStamp, Target } from '../../resolver/answer.ts';
import { selectTarget } from '../../resolver/compatibility/target.ts';
import { problemOf } from '../http/problem.ts';
import { questionOf, TargetQuery } from '../http/query.ts';
import { readRoute } from '../http/route.ts';

export const targetRoute = readRoute({
  path: '/v1/target',
  tag: 'Questions',
  summary: 'Which runtime and which package set a date and flags select, and why',
  query: TargetQuery,
  schema: Target.extend({ registry: RegistryStamp }).openapi('TargetAnswer'),
  answer({ view, query, asOf }) {
    const target = selectTarget(view, { ...questionOf(query), as_of: asOf });
    return target.ok ? { registry: view.stamp, ...target.value } : problemOf(target.issues);
  },
});
