/** The schemas of `data/standard-library/`; their TypeScript types are inferred under the same names. */
import * as z from 'zod';
import { Sha256 } from '../values.ts';

const Severity = z.enum(['info', 'warning']);
/** A sentence that says how the fact is known. */
const source = z.string().min(1);

/** A feature of modules that does not work in a runtime. */
const limit = {
  id: z.string(),
  /** Dotted names that need it, such as `threading.Thread`. */
  names: z.array(z.string()),
  /** Modules for this feature: importing one gives a remark, even if nothing of it is used. */
  about: z.array(z.string()),
  /** Continues `threading.Thread cannot …`. */
  does: z.string(),
  severity: Severity,
  /** The advice to the author of the code. */
  instead: z.string().nullable(),
};

/** A sign in a project that a flag's switch affects it, and the change to make. */
const FlagSign = z.strictObject({
  /** The kind of sign: `python/flag-signs.ts` looks for it. */
  sign: z.enum([
    'call_at_import',
    'handler_function',
    'header_values',
    'new_method',
    'no_sdk',
    'old_method',
    'pth_file',
    'step_depends',
    'step_without_name',
    'vendor_folder',
    'workflow_class',
  ]),
  /** The state of the flag in which the code no longer works as written. */
  while: z.enum(['on', 'off']),
  severity: z.enum(['error', 'warning', 'info']),
  /** Dotted names of functions that the sign is about, if it is about any. */
  names: z.array(z.string()),
  /** A sentence, in which `{name}` stands for what was seen. */
  says: z.string(),
  /** An instruction. */
  change: z.string(),
});
export type FlagSign = z.infer<typeof FlagSign>;

/** The effect of a flag of workerd on Python, as reviewed in its sources. */
export const FlagEffect = z.strictObject({
  /** As workerd's schema calls the flag. */
  field: z.string(),
  /** `runtime`: which Pyodide runs, and nothing else; `nothing`: nothing that code would notice. */
  affects: z.enum(['code', 'runtime', 'nothing']),
  /** The behaviour while the flag is on. */
  does: z.string(),
  /** The lines of a diff that shows what code may have to change if it is turned on, in a whole file. */
  diff: z.array(z.string()).optional(),
  signs: z.array(FlagSign),
  /** Addresses, and the commit of a repository. */
  sources: z.array(z.strictObject({ url: z.string(), commit: z.string().nullable() })),
});
export type FlagEffect = z.infer<typeof FlagEffect>;

export const StandardLibraryFacts = z.strictObject({
  /** Code that is tried in Pyodide. If it fails, the limit applies. */
  attempts: z.array(
    z.strictObject({
      ...limit,
      code: z.string(),
      /** A module of a package with which the attempt succeeds. */
      unless: z.string().nullable(),
    }),
  ),
  /** Limits that only exist in workerd, from one Pyodide version on, or before one. */
  limits: z.array(
    z.strictObject({ ...limit, from: z.string().nullable(), before: z.string().nullable(), source }),
  ),
  /** Pyodide versions that npm does not have, and the version that is measured instead. */
  stand_ins: z.array(z.strictObject({ pyodide: z.string(), measured: z.string(), source })),
  /** Modules that were gone before the first Python measured. */
  removed: z.array(z.strictObject({ python: z.string(), modules: z.array(z.string()), source })),
  /** Names that their modules no longer have from a Python on: dotted. */
  left: z.array(z.strictObject({ python: z.string(), names: z.array(z.string()), source })).optional(),
  /** Names of Python 2, and their names in Python 3. */
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
    /** The former name of the library, and the Pyodides that still have it, too. */
    old: z.strictObject({ module: z.string(), pyodides: z.array(z.string()) }),
    source,
  }),
  /** HTTP clients that wait for an answer without letting anything else run; null names: all of the module. */
  synchronous: z.array(
    z.strictObject({
      module: z.string(),
      names: z.array(z.string()).nullable(),
      instead: z.string().nullable(),
      /** The Pyodides in which other requests were seen to go on while it waits. */
      overlaps: z.strictObject({ pyodides: z.array(z.string()), source }).optional(),
      /** The Pyodides in which each request was seen to end with an error. */
      fails: z.strictObject({ pyodides: z.array(z.string()), error: z.string(), source }).optional(),
    }),
  ),
  /** Packages that are used without being imported by a project: by other packages, or by the standard library. */
  unimported: z.array(
    z.strictObject({
      package: z.string(),
      by: z.array(z.string()),
      /** The feature of these that needs it, though they do not require it: continues `django cannot …`. */
      does: z.string().optional(),
      source,
    }),
  ),
  /** Packages that have a part of a namespace, of which the lock files name the whole. */
  namespaces: z
    .array(
      z.strictObject({ package: z.string(), namespace: z.string(), modules: z.array(z.string()), source }),
    )
    .optional(),
  /** Clients to use in their place, the best first. */
  asynchronous: z.array(z.strictObject({ package: z.string(), use: z.string() })),
  /** Classes and functions that make the applications of frameworks, and the module of the SDK that serves them. */
  applications: z.array(z.strictObject({ name: z.string(), by: z.enum(['asgi', 'wsgi']) })),
  /** The flags about Python of every revision. */
  flags: z.array(FlagEffect),
});
export type StandardLibraryFacts = z.infer<typeof StandardLibraryFacts>;

/** Facts of packages beside the sets: `data/package-facts.json`. */
export const PackageFacts = z.strictObject({
  packages: z.array(
    z.strictObject({
      /** Canonical. */
      names: z.array(z.string()),
      is: z.enum(['cannot_run', 'not_needed']),
      /** Continues `Leave out uvicorn: …`. */
      why: z.string().min(1),
      /** A sentence. */
      instead: z.string().nullable(),
      source,
    }),
  ),
  /** Packages that left the sets because PyPI has compiled wheels of them, for these ABIs. */
  left: z.array(z.strictObject({ names: z.array(z.string()), abis: z.array(z.string()), source })),
});
export type PackageFacts = z.infer<typeof PackageFacts>;

/** The result of importing everything, for the Pyodides that share it. */
export const Measurement = z.strictObject({
  python: z.string(),
  pyodides: z.array(
    z.strictObject({
      pyodide: z.string(),
      /** The version of npm's `pyodide` that was measured. */
      measured: z.string(),
      /** The digest of this Pyodide's `python_stdlib.zip`. */
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

/**
 * The documents of the standard library: `data/standard-library/facts.json` and `measured.json`.
 * @example
 * ```ts
 * import facts from 'pinwheel-py/data/standard-library/facts.json' with { type: 'json' };
 * import measured from 'pinwheel-py/data/standard-library/measured.json' with { type: 'json' };
 * import type { StandardLibraryDocuments } from 'pinwheel-py';
 * const documents = { facts, measured } as StandardLibraryDocuments;
 * documents.facts.sdk.flag; // → 'enable_python_external_sdk'
 * ```
 */
export interface StandardLibraryDocuments {
  facts: StandardLibraryFacts;
  measured: StandardLibrary;
  /** `data/package-facts.json`: without it, answers do not say which cannot run, and which left the sets. */
  packages?: PackageFacts | undefined;
}
