import * as z from 'zod';
import { nearest } from '../../resolver/text/nearest.ts';
import { described } from '../http/described.ts';
import { REVISION } from '../http/question.ts';
import { readRoute } from '../http/route.ts';
import { unknownName } from '../http/unknown-name.ts';
import { describeFlag, describePackageFlag, FlagDescription } from './flag-description.ts';

const list = readRoute({
  path: '/v1/flags',
  tag: 'Facts',
  summary: 'Every compatibility flag that the newest known workerd has',
  query: REVISION,
  schema: described(
    z.strictObject({ workerd: z.string().nullable(), flags: z.array(FlagDescription) }),
    'Flags',
  ),
  answer: ({ view }) => ({
    workerd: view.workerd,
    flags: view.flags.map((fact) => describeFlag(view, fact)),
  }),
});

const one = readRoute({
  path: '/v1/flags/{flag}',
  tag: 'Facts',
  summary: 'One compatibility flag, by either of its names, or one package flag',
  query: REVISION,
  params: z.object({ flag: described(z.string(), { example: 'python_workers_314' }) }),
  schema: FlagDescription,
  answer({ view, params: { flag } }) {
    const fact = view.flagByName.get(flag)?.fact;
    if (fact) return describeFlag(view, fact);
    const set = view.sets.get(flag);
    if (set) return describePackageFlag(set);
    return unknownName('unknown_flag', flag, nearest(flag, [...view.flagByName.keys(), ...view.sets.keys()]));
  },
});

export const flagRoutes = [list, one];
