import { z } from '@hono/zod-openapi';
import { nearest } from '../../resolver/text/nearest.ts';
import { createApi, replyFromView } from '../http/app.ts';
import { unknownName } from '../http/problem.ts';
import { RevisionQuery } from '../http/question.ts';
import { readRoute } from '../http/routes.ts';
import { describeFlag, describePackageFlag, FlagDescription } from './flag-description.ts';

const list = readRoute({
  path: '/v1/flags',
  tag: 'Facts',
  summary: 'Every compatibility flag that the newest known workerd has',
  query: RevisionQuery,
  answer: z
    .strictObject({ workerd: z.string().nullable(), flags: z.array(FlagDescription) })
    .openapi('Flags'),
});

const one = readRoute({
  path: '/v1/flags/{flag}',
  tag: 'Facts',
  summary: 'One compatibility flag, by either of its names, or one package flag',
  query: RevisionQuery,
  params: z.object({ flag: z.string().openapi({ example: 'python_workers_314' }) }),
  answer: FlagDescription,
});

export const flagsApi = createApi();

flagsApi.openapi(list, (c) =>
  replyFromView(c, c.req.valid('query').revision, (view) => ({
    workerd: view.workerd,
    flags: view.flags.map((fact) => describeFlag(view, fact)),
  })),
);

flagsApi.openapi(one, (c) =>
  replyFromView(c, c.req.valid('query').revision, (view) => {
    const { flag } = c.req.valid('param');
    const fact = view.flagByName.get(flag)?.fact;
    if (fact) return describeFlag(view, fact);
    const set = view.sets.get(flag);
    if (set) return describePackageFlag(set);
    return unknownName('unknown_flag', flag, nearest(flag, [...view.flagByName.keys(), ...view.sets.keys()]));
  }),
);
