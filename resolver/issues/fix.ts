/** Fixes of a question or a project as data: one union, which the command line and the pages render and apply. */
import * as z from 'zod';

/** A package, and the version that a package set pins. */
const Has = z.strictObject({ name: z.string(), version: z.string() });
export type Has = z.infer<typeof Has>;

const kind = <Kind extends string, Fields extends z.ZodRawShape>(name: Kind, fields: Fields) =>
  z.strictObject({ kind: z.literal(name), ...fields });

/**
 * One change that mends what it is a fix of, alone or with what its issue says; `kind` tells which fields it has.
 * `advice` is what only a person can do, or has several ways to do.
 */
export const Fix = z.discriminatedUnion('kind', [
  kind('date', {
    compatibility_date: z.string(),
    /** The set that the date selects, by its package flag. */
    package_set: z.string(),
    /** The packages that the issue is about, as far as that set has them. */
    has: z.array(Has),
  }),
  kind('package_flag', {
    flag: z.string(),
    /** The package flag of the question in whose place it goes. */
    replaces: z.string().nullable(),
    has: z.array(Has),
    /** The Pyodide that runs the set. */
    pyodide: z.string(),
    /** Whether that is what runs in the answer's target too, so that nothing else changes. */
    same_runtime: z.boolean(),
    /** How many other package flags have all that is asked for, on the same runtime or none of them. */
    others: z.int(),
  }),
  /** Flags of workerd, and the Pyodide that it then runs; null if it runs none before. */
  kind('flags', {
    add: z.array(z.string()),
    remove: z.array(z.string()),
    pyodide: z.string().nullable(),
  }),
  /** In place of the requirement of that canonical name. */
  kind('set_requirement', {
    name: z.string(),
    requirement: z.string(),
    because: z.enum(['similar', 'module', 'pinned']),
  }),
  /** The requirement of that canonical name is of no use: `why` and `instead` say so, and `source` how that is known. */
  kind('leave_out', {
    name: z.string(),
    because: z.enum(['cannot_run', 'not_needed', 'provided']),
    why: z.string(),
    instead: z.string().nullable(),
    source: z.string(),
  }),
  kind('add_requirement', { requirement: z.string(), file: z.string() }),
  /** `requirement`: what no package set has, or null if the message says so. `packages` of the set come from it, too. */
  kind('use_index', {
    requirement: z.string().nullable(),
    packages: z.array(z.string()),
    /** The source that says that PyPI has compiled wheels of it for this runtime; absent if none is known. */
    wheels: z.string().optional(),
    /** The indexes that the project names; absent if any would do. */
    urls: z.array(z.string()).optional(),
  }),
  /** Takes packages of the set from the question's index, and counts newer uploads: of each project up to a day. */
  kind('take_from_index', {
    packages: z.array(z.string()),
    newer: z.array(z.strictObject({ project: z.string(), day: z.string() })),
    /** The versions of them that the question then gets, where that was tried. */
    has: z.array(Has).optional(),
  }),
  /** `simple_index`: the path where pywrangler can get the packages instead; null if they are not wheels. */
  kind('vendor', { package_flag: z.string(), simple_index: z.string().nullable() }),
  /** `text`: the sentence that says so; the command is run in the folder of the project. */
  kind('run_command', { command: z.string(), text: z.string() }),
  /** `line`: what the file has to have; `text`: the sentence that says so. */
  kind('edit_file', { file: z.string(), line: z.string(), text: z.string() }),
  kind('advice', { text: z.string() }),
]);
export type Fix = z.infer<typeof Fix>;
