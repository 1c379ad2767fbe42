/** Questions on the wire: query parameters and bodies, as zod schemas. */
import { z } from '@hono/zod-openapi';
import { MAX_REQUIREMENTS } from '../../resolver/closure/resolve.ts';
import { MOST_FLAGS, type TargetQuestion } from '../../resolver/compatibility/target.ts';
import { today } from './day.ts';
import { REVISION } from './form.ts';

/** The version of this registry's answers. */
export const ANSWER_VERSION = 1;

/** A query parameter that may be given several times. */
export const repeated = (description: string, example: string[]) =>
  z
    .union([z.array(z.string()), z.string().transform((one) => [one])])
    .default([])
    .openapi({
      param: { style: 'form', explode: true },
      type: 'array',
      items: { type: 'string' },
      description,
      example,
    });

/** A whole number in a path or a query. */
const number = (message = REVISION.message) => z.string().regex(REVISION.pattern, message).transform(Number);

/** With both, and with `as_of` if the answer depends on the day, an address has the same answer for ever. */
export const RevisionQuery = z.object({
  revision: number().optional().openapi({
    type: 'integer',
    description: 'Replays the registry as it stood at this revision; the newest without it.',
    example: 12,
  }),
  answer_version: number('A version of answers is a whole number, such as 1.')
    .optional()
    .openapi({
      type: 'integer',
      description:
        'The version of the answer that is understood, which is 1; others are refused. An address that names ' +
        '`revision`, `answer_version` and, if it takes one, `as_of` has the same bytes for ever and is sent as ' +
        '`immutable`. Without it, answers may come to say more.',
      example: ANSWER_VERSION,
    }),
});

export const RevisionPath = z.object({
  revision: number().openapi({ type: 'integer', description: 'Of a publication, from 1.', example: 12 }),
});

export const TargetQuery = z.object({
  date: z
    .string()
    .optional()
    .openapi({ description: '`compatibility_date`, as in a wrangler file.', example: '2025-11-02' }),
  flag: repeated('`compatibility_flags`, one each, and package flags.', ['python_workers']),
  as_of: z.string().optional().openapi({
    description: 'The day on which the question is asked, in UTC; today without it.',
    example: '2026-11-20',
  }),
  experimental: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: 'Stands for `--experimental` of workerd.' }),
  ...RevisionQuery.shape,
});
export type TargetQuery = z.infer<typeof TargetQuery>;

export function questionOf(query: Omit<TargetQuery, 'revision' | 'answer_version'>): TargetQuestion {
  return {
    compatibility_date: query.date ?? null,
    compatibility_flags: query.flag,
    as_of: query.as_of ?? today(),
    experimental: query.experimental === 'true',
  };
}

/** A list in a body. Its length is checked before its elements are. */
const list = (most: number, code: string, tooMany: (given: number) => string) =>
  z
    .unknown()
    .superRefine((given, context) => {
      if (!Array.isArray(given) || given.length <= most) return;
      context.addIssue({ code: 'custom', message: tooMany(given.length), params: { code } });
    })
    .pipe(z.array(z.string()))
    .openapi({ type: 'array', items: { type: 'string' }, maxItems: most });

export const Requirements = list(
  MAX_REQUIREMENTS,
  'too_many_requirements',
  (given) => `there are ${given}, but one question may have ${MAX_REQUIREMENTS} at most.`,
);

/** What all bodies have. */
export const BodyQuestion = z.strictObject({
  compatibility_flags: list(
    MOST_FLAGS,
    'too_many_flags',
    (given) => `${given} were given; at most ${MOST_FLAGS} are read.`,
  ).default([]),
  as_of: z.string().optional(),
  experimental: z.boolean().optional(),
  revision: z.int().optional(),
});
