import { check } from '../../resolver/pinwheel/check.ts';
import { fieldsNamed } from '../../resolver/question/fields.ts';
import type { Reading, Settled } from '../../resolver/question/read.ts';
import { standardLibrary } from '../facts/standard-library.ts';
import { TARGET } from '../http/question.ts';
import { type Answer, type Asked, answerOf } from '../http/route.ts';
import { auditSourceOf } from '../storage/history.ts';

export const CHECK = { ...TARGET, ...fieldsNamed('requirements', 'files', 'main') };

/** The findings of `pinwheel check`, for the files of a body. */
export async function answerCheck({
  query,
  view,
  env,
}: Asked<Settled & Reading<typeof CHECK>, unknown>): Promise<Answer> {
  const source = {
    ...{ ...auditSourceOf(env, view), standardLibrary },
    view: async () => ({ ok: true as const, value: view }),
  };
  return answerOf(await check(view, { ...query, files: query.files ?? {} }, source));
}
