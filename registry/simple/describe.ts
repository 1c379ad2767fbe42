/**
 * The pages of the simple index as JSON (PEP 691, 700, 714), and their routes. Keys of Pinwheel begin with `_`, as PEP 700
 * provides.
 */
import * as z from 'zod';
import { PatchedWheel } from '../facts/patched.ts';
import { given, notModified, rejected } from '../http/route.ts';
import { CONTENT_TYPES, MEDIA_TYPES } from './send.ts';

const SetPath = z.object({ flag: z.string().meta({ example: 'python_3.13_packages_2025_08_19' }) });

const Query = z.object({
  format: z
    .string()
    .optional()
    .meta({
      enum: [...MEDIA_TYPES],
      description: 'Stands for an `Accept` header, for clients that cannot set one.',
    }),
});

const Meta = z.object({ 'api-version': z.enum(['1.0', '1.1']) });

const Hashes = z.object({ sha256: z.string() });
const Metadata = z.union([z.boolean(), Hashes]);

const Index = z
  .object({ meta: Meta, projects: z.array(z.object({ name: z.string() })) })
  .meta({ id: 'SimpleIndex' });

const Root = z
  .object({
    meta: Meta,
    projects: z.array(z.object({ name: z.string() })).describe('None: projects are in the index of a set.'),
    _indexes: z.array(
      z.object({ name: z.string(), url: z.string(), python: z.string(), runtime: z.string() }),
    ),
  })
  .meta({ id: 'SimpleRoot' });

const Project = z
  .object({
    meta: Meta,
    name: z.string(),
    versions: z.array(z.string()),
    files: z.array(
      z.object({
        filename: z.string(),
        url: z.string(),
        hashes: Hashes,
        'requires-python': z.string().optional(),
        size: z.int().optional().describe('Known from when the wheel has come in; with it, api-version 1.1.'),
        'upload-time': z
          .string()
          .optional()
          .describe(
            'When it was uploaded upstream: the day of the release that was published first with these very bytes. It never changes.',
          ),
        yanked: z.union([z.literal(false), z.string()]),
        'core-metadata': Metadata,
        'dist-info-metadata': Metadata,
        _taken_in: z.string().describe('The day on which the set of the page was released with it.'),
        _pinned_by: z.string().optional().describe('The other set that pins the wheel of this version.'),
        _patched: PatchedWheel.optional().describe('Who patched the wheel; absent if nobody is known to.'),
      }),
    ),
    _not_listed: z
      .array(
        z.object({
          filename: z.string(),
          url: z.string(),
          upstream_url: z.string().nullable(),
          hashes: Hashes,
          reason: z.string(),
        }),
      )
      .optional()
      .describe('The file that the set pins, if that is not a wheel for its runtime.'),
  })
  .meta({ id: 'SimpleProject' });
export type ProjectPage = z.infer<typeof Project>;

function pageRow(path: string, summary: string, params: z.ZodObject | undefined, json: z.ZodType) {
  const page = {
    'text/html': z.string(),
    [CONTENT_TYPES.vendor_html]: z.string(),
    [CONTENT_TYPES.json]: json,
  };
  return {
    ...{ path, tag: 'Simple index', summary, caching: 'revision' as const },
    ...(params && { params }),
    request: { query: Query },
    responses: {
      200: given(`${summary}: HTML, or what \`Accept\` prefers`, page),
      301: { description: 'The canonical address, with the query that was given' },
      304: notModified,
      406: rejected('No format that `Accept` or `format` names'),
    },
  };
}

export const root = pageRow('/simple/', 'The indexes that there are: one for each set', undefined, Root);

export const index = pageRow('/simple/{flag}/', 'The packages of a set', SetPath, Index);

export const project = pageRow(
  '/simple/{flag}/{name}/',
  'The wheel that a set pins of a package',
  SetPath.extend({ name: z.string().meta({ example: 'numpy' }) }),
  Project,
);
