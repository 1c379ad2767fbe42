/** What questions look like on the wire: query parameters and bodies, as zod schemas. */
import { z } from '@hono/zod-openapi';
import { MAX_REQUIREMENTS } from '../../resolver/closure/resolve.ts';
import type { TargetQuestion } from '../../resolver/compatibility/target.ts';

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

const revisionText = z
  .string()
  .regex(/^\d{1,15}$/, 'A revision is a whole number, such as 12.')
  .transform(Number)
  .optional()
  .openapi({
    type: 'integer',
    description: 'Replays the registry as it stood at this revision; the newest without it.',
    example: 12,
  });

export const RevisionQuery = z.object({ revision: revisionText });

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
  revision: revisionText,
});
export type TargetQuery = z.infer<typeof TargetQuery>;

export const ResolveQuery = TargetQuery.extend({
  requirement: repeated('PEP 508 requirements, one each.', ['fastapi']),
});
export type ResolveQuery = z.infer<typeof ResolveQuery>;

export const ResolveBody = z
  .strictObject({
    compatibility_date: z.string().nullable().optional(),
    compatibility_flags: z.array(z.string()).default([]),
    requirements: z.array(z.string()).openapi({ maxItems: MAX_REQUIREMENTS }),
    as_of: z.string().optional(),
    experimental: z.boolean().optional(),
    revision: z.int().optional(),
  })
  .openapi('ResolveQuestion', {
    example: {
      compatibility_date: '2025-11-02',
      compatibility_flags: ['python_workers'],
      requirements: ['fastapi', 'httpx>=0.28'],
    },
  });
export type ResolveBody = z.infer<typeof ResolveBody>;

const DAY_MS = 86_400_000;

let day = { number: 0, text: '1970-01-01' };

/** Today in UTC, the default of `as_of`. */
export function today(): string {
  const now = Date.now();
  const number = Math.floor(now / DAY_MS);
  if (number !== day.number) day = { number, text: new Date(now).toISOString().slice(0, 10) };
  return day.text;
}

/** When today ends, in milliseconds since the epoch. What is asked before today is, ends with it. */
export function endOfToday(): number {
  return (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
}

export function questionOf(query: TargetQuery): TargetQuestion {
  return {
    compatibility_date: query.date ?? null,
    compatibility_flags: query.flag,
    as_of: query.as_of ?? today(),
    experimental: query.experimental === 'true',
  };
}
