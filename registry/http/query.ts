/** Questions on the wire: query parameters and bodies, as zod schemas. */
import * as z from 'zod';
import { ANSWER_VERSION, MAX_REQUIREMENTS, type TargetQuestion } from '../../resolver/index.ts';
import { MOST_FLAGS } from '../../resolver/question/fields.ts';
import { today } from './day.ts';
import { described } from './described.ts';
import { LONGEST_REQUIREMENTS, REVISION, tooLongTogether } from './form.ts';

/** A query parameter that may be given several times. */
export const repeated = (description: string, example: string[]) =>
  described(z.array(z.string()).default([]), {
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
  revision: described(number().optional(), {
    type: 'integer',
    description: 'Answers as of this revision of the registry. Default: the newest.',
    example: 12,
  }),
  answer_version: described(number('An answer version is a whole number, such as 1.').optional(), {
    type: 'integer',
    description:
      'The answer version, which is 1; any other is an error. An address with `revision`, `answer_version` and, ' +
      'if it takes one, `as_of` always has the same bytes, and is sent as `immutable`. Without it, later answers ' +
      'may have more fields.',
    example: ANSWER_VERSION,
  }),
});

export const RevisionPath = z.object({
  revision: described(number(), { type: 'integer', description: 'Of a publication, from 1.', example: 12 }),
});

export const TargetQuery = z.object({
  date: described(z.string().optional(), {
    description: '`compatibility_date`, as in a wrangler file.',
    example: '2025-11-02',
  }),
  flag: repeated('A compatibility flag or package flag; repeatable.', ['python_workers']),
  as_of: described(z.string().optional(), {
    description: 'The day on which the question is asked, in UTC. Default: today.',
    example: '2026-11-20',
  }),
  experimental: described(z.enum(['true', 'false']).optional(), {
    description: 'Allows experimental flags, as `--experimental` of workerd does.',
  }),
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
const list = (
  most: number,
  code: string,
  tooLong: (given: readonly unknown[]) => string | undefined,
  description: string,
) =>
  described(
    z
      .unknown()
      .superRefine((given, context) => {
        if (!Array.isArray(given)) return;
        const message =
          given.length > most
            ? `there are ${given.length}, but at most ${most} are allowed.`
            : tooLong(given);
        if (message) context.addIssue({ code: 'custom', message, params: { code } });
      })
      .pipe(z.array(z.string())),
    { type: 'array', items: { type: 'string' }, maxItems: most, description },
  );

export const Requirements = list(
  MAX_REQUIREMENTS,
  'too_many_requirements',
  tooLongTogether,
  `PEP 508 requirements, of ${LONGEST_REQUIREMENTS} characters together at most.`,
);

/** What all bodies have. */
export const BodyQuestion = z.strictObject({
  compatibility_flags: list(
    MOST_FLAGS,
    'too_many_flags',
    () => undefined,
    'Compatibility flags and package flags.',
  ).default([]),
  as_of: z.string().optional(),
  experimental: z.boolean().optional(),
  revision: z.int().optional(),
});
