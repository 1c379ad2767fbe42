/** The schemas of `data/standard-library/`; their TypeScript types are inferred under the same names. */
import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Severity = z.enum(['info', 'warning']);
/** A sentence that says how the fact is known. */
const source = z.string().min(1);

/** Something that modules offer and a runtime cannot do. */
const limit = {
  id: z.string(),
  /** Dotted names that need it, such as `threading.Thread`. */
  names: z.array(z.string()),
  /** Modules that are about it: importing one is worth a remark, whatever is used of it. */
  about: z.array(z.string()),
  /** Continues `threading.Thread cannot …`. */
  does: z.string(),
  severity: Severity,
  /** What to do in its place. */
  instead: z.string().nullable(),
};

export const StandardLibraryFacts = z.strictObject({
  /** What the real Pyodide is asked to do: a limit holds where the attempt fails. */
  attempts: z.array(
    z.strictObject({
      ...limit,
      code: z.string(),
      /** A module with which the attempt succeeds, and which comes in a package. */
      unless: z.string().nullable(),
    }),
  ),
  /** Limits that no attempt outside of workerd can show, from one Pyodide version on, or before one. */
  limits: z.array(
    z.strictObject({ ...limit, from: z.string().nullable(), before: z.string().nullable(), source }),
  ),
  /** Pyodides that npm does not have, and which of its versions is measured in their place. */
  stand_ins: z.array(z.strictObject({ pyodide: z.string(), measured: z.string(), source })),
  /** Modules that were gone before the first Python measured. */
  removed: z.array(z.strictObject({ python: z.string(), modules: z.array(z.string()), source })),
  /** Names of Python 2, and what they are called now. */
  renamed: z.strictObject({ names: z.record(z.string(), z.string()), source }),
  /** Modules that the runtime provides besides the standard library. */
  provided: z.array(z.strictObject({ modules: z.array(z.string()), by: z.string(), source })),
  /** The modules of Workers' own library, which the runtime provides unless `flag` is on. */
  sdk: z.strictObject({
    modules: z.array(z.string()),
    flag: z.string(),
    /** Turns `flag` off. */
    disable: z.string(),
    /** Packages that provide the modules where the runtime does not. */
    packages: z.array(z.string()),
    /** What the library was called, and in which Pyodides it still has that name too. */
    old: z.strictObject({ module: z.string(), pyodides: z.array(z.string()) }),
    source,
  }),
  /** HTTP clients that wait for an answer without letting anything else run; null names: all of the module. */
  synchronous: z.array(
    z.strictObject({
      module: z.string(),
      names: z.array(z.string()).nullable(),
      instead: z.string().nullable(),
    }),
  ),
  /** Clients to use in their place, the best first. */
  asynchronous: z.array(z.strictObject({ package: z.string(), use: z.string() })),
});
export type StandardLibraryFacts = z.infer<typeof StandardLibraryFacts>;

/** What came of importing everything, in Pyodides between which it made no difference. */
export const Measurement = z.strictObject({
  python: z.string(),
  pyodides: z.array(
    z.strictObject({
      pyodide: z.string(),
      /** The version of npm's `pyodide` that was measured. */
      measured: z.string(),
      /** Of its `python_stdlib.zip`. */
      sha256: Sha256,
    }),
  ),
  /** Dotted names of modules that can be imported. */
  modules: z.array(z.string()),
  /** Errors by the dotted names of modules that cannot. */
  failing: z.record(z.string(), z.string()),
  /** Errors by the attempt's id; null if it succeeds. */
  attempts: z.record(z.string(), z.string().nullable()),
});
export type Measurement = z.infer<typeof Measurement>;

export const StandardLibrary = z.strictObject({ measurements: z.array(Measurement) });
export type StandardLibrary = z.infer<typeof StandardLibrary>;
