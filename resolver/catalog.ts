/**
 * The documents of a registry, as zod schemas; their TypeScript types are inferred under the same names.
 *
 * A publication is a {@link RegistryDocument}, as canonical JSON under its SHA-256: facts (a {@link PythonDocument}, a
 * {@link WorkerdDocument}, a {@link PackageSet}, an {@link EvidenceDocument}, an {@link AdvisoriesDocument}), and
 * documents about facts (a {@link YankDocument}, a {@link CorrectionDocument}, an {@link AnnouncementDocument}, a
 * {@link WithdrawalDocument}). Their facts, with the revision that introduced each, make the {@link Catalog}.
 *
 * The resolver imports only the types, so that bundles need no zod.
 */
import * as z from 'zod';
import { AdvisoriesDocument, NameRange } from './audit/advisories.ts';
import { EvidenceDocument } from './evidence.ts';
import { CanonicalName, Day, Line, PackageFlag, Revision, Sha256, Word } from './values.ts';

/** The source of a document's facts, so that anyone can read them again. */
export const Source = z.strictObject({
  /**
   * `npm` for a file of an npm package, `pep` for a Python release schedule, `lock` for a lock of whoever published the
   * set, which `package` names.
   */
  registry: z.enum(['npm', 'pep', 'pinwheel', 'lock']),
  package: z.string(),
  version: z.string(),
  /** The file inside the package, or the name under which a text is embedded in a binary. */
  file: z.string(),
  /** The digest of that file or embedded text; null for a PEP, which has no file, and in an index. */
  sha256: Sha256.nullable(),
});
export type Source = z.infer<typeof Source>;

/** How long a Python minor version is supported on Workers: for five years from its first release. */
export const PythonDocument = z.strictObject({
  kind: z.literal('python'),
  python: z.string().regex(/^3\.\d+$/, 'a minor version of Python is one such as 3.13'),
  first_release: Day,
  /** The first day out of the window. */
  supported_until: Day,
  source: Source,
});
export type PythonDocument = z.infer<typeof PythonDocument>;

/** One compatibility flag as a workerd binary declares it. */
export const FlagFact = z.strictObject({
  /** The field of workerd's schema, which names the flag across versions. */
  field: z.string(),
  ordinal: z.int(),
  /** Null only for fields that can no longer be named. */
  enable: z.string().nullable(),
  disable: z.string().nullable(),
  /** The date from which the flag is on by itself. */
  enable_date: Day.nullable(),
  /** The fields that imply this one: if any of them is on, this is on from `implied_date`. */
  implied_by: z.array(z.string()),
  implied_date: Day.nullable(),
  experimental: z.boolean(),
  obsolete: z.boolean(),
  /** Whether the flag enables a runtime, that is, is a release flag. */
  release: z.boolean(),
});
export type FlagFact = z.infer<typeof FlagFact>;

/** A runtime of workerd, enabled by a release flag. */
export const ReleaseFact = z.strictObject({
  /** The field of the release flag. */
  field: z.string(),
  /** workerd's name for its Pyodide: a version, or `dev`. */
  id: z.string(),
  pyodide: z.string(),
  python: z.string(),
  abi: z.string(),
  platform: z.string(),
  /** As workerd prints it, such as `314.0.6_2026-08-17_11`. */
  workerd_bundle: z.string(),
  /** The tag of the built-in packages that workerd pairs with it, or null. */
  packages_tag: z.string().nullable(),
});
export type ReleaseFact = z.infer<typeof ReleaseFact>;

/**
 * A lock file of built-in packages that a workerd binary embeds. A set that was read from it has the same SHA-256 in
 * its `source`.
 */
export const PackageLockFact = z.strictObject({
  /** The name by which a release refers to it, as its `packages_tag`. */
  tag: z.string(),
  /** The SHA-256 of the embedded text. */
  sha256: Sha256,
});
export type PackageLockFact = z.infer<typeof PackageLockFact>;

/** All flags, runtimes and package locks of one workerd binary. */
export const WorkerdDocument = z.strictObject({
  kind: z.literal('workerd'),
  workerd: z.string(),
  flags: z.array(FlagFact),
  releases: z.array(ReleaseFact),
  package_locks: z.array(PackageLockFact),
  source: Source,
});
export type WorkerdDocument = z.infer<typeof WorkerdDocument>;

/**
 * Who changed a wheel's content, compared with its project's own release. Pinwheel's wheels can be rebuilt:
 * `data/patches/{patch}` in the given release, applied to the upstream wheel; `recipe` is a SHA-256 over every file of
 * the patch. Of the others, nothing more is known.
 */
export const Patched = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('pinwheel'),
    patch: CanonicalName,
    release: z.int().positive(),
    upstream: z.strictObject({ filename: z.string(), sha256: Sha256 }),
    recipe: Sha256,
  }),
  z.strictObject({ by: z.literal('pyodide') }),
  z.strictObject({ by: z.literal('cloudflare') }),
]);
export type Patched = z.infer<typeof Patched>;

/** The kind of a member: a package, or one of Pyodide's other two kinds. */
export const MemberKind = z.enum(['package', 'shared_library', 'standard_library']);
export type MemberKind = z.infer<typeof MemberKind>;

/** One package of a set, pinned to one file. */
export const Member = z.strictObject({
  name: CanonicalName,
  /** As in the lock file. */
  written_name: z.string(),
  version: Word,
  kind: MemberKind,
  filename: z.string(),
  /** The URL of the file; null for a wheel whose bytes came with the set. */
  url: z.string().nullable(),
  sha256: Sha256,
  /** In bytes; null if the source does not say. */
  size: z.int().nonnegative().nullable(),
  imports: z.array(z.string()),
  /** In the order of the lock file. */
  depends: z.array(CanonicalName),
  /** `depends` as the lock file spells it. */
  written_depends: z.array(z.string()),
  install_dir: z.string(),
  unvendored_tests: z.boolean(),
  patched: Patched.nullable(),
});
export type Member = z.infer<typeof Member>;

/** A dated, immutable map of package to pinned wheel. */
export const PackageSet = z.strictObject({
  kind: z.literal('set'),
  /** `python_X.Y_packages_YYYY_MM_DD`, of an operator's own with a suffix. */
  flag: PackageFlag,
  /** The full Python version that the set was built for. */
  python: z.string(),
  abi: z.string(),
  platform: z.string(),
  /** The Pyodide that the set belongs to. */
  runtime: z.string(),
  /** The day in the flag, by which sets are dated; that of its Pyodide may be another, as of 0.27.3. */
  released: Day,
  /**
   * Null for a set that only its flag selects. For the set that workerd pairs with `runtime`, or the one of that
   * Pyodide release, which are defaults of that runtime: the date since which the set exists. A Pinwheel set is the
   * default of its ABI from this compatibility date on.
   */
  default_from: Day.nullable(),
  source: Source,
  /** Sorted by canonical name. */
  packages: z.array(Member),
});
export type PackageSet = z.infer<typeof PackageSet>;

/** A line of METADATA; null if it has none, or a longer one. */
const MetadataLine = Line.max(500).nullable();

/** Facts from the bytes of a file that somebody had, or from a pointer to it. */
export const SeenFile = z.strictObject({
  sha256: Sha256,
  /** In bytes. */
  size: z.int().positive(),
  /** The Summary of its METADATA; null, as the next two, for a file that is not a wheel. */
  summary: MetadataLine,
  /** An SPDX expression, or what its author wrote. */
  license: MetadataLine,
  home_page: MetadataLine,
  /** Where a Git LFS pointer with this SHA-256 says the size; absent if the bytes were seen. */
  pointer: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
});
export type SeenFile = z.infer<typeof SeenFile>;

/**
 * The files of a package set whose bytes, or pointers to them, were seen. A later document of the set has also those of
 * the earlier ones.
 */
export const FilesDocument = z.strictObject({
  kind: z.literal('files'),
  /** The package flag of a published set. */
  set: PackageSet.shape.flag,
  /** The day on which the newest of them was seen. */
  day: Day,
  /** In the order of the set. */
  files: z.array(SeenFile).min(1),
});
export type FilesDocument = z.infer<typeof FilesDocument>;

/** The reason for a change. */
const Remark = Line.max(500);

/** Yanks a package set or a wheel. Both stay readable; a yanked set is no longer a default. */
export const YankDocument = z.strictObject({
  kind: z.literal('yank'),
  /** The package flag of a set, or the file name of a wheel. */
  subject: z.string(),
  /** The SHA-256 of the wheel; null for a set. */
  sha256: Sha256.nullable(),
  reason: Remark,
  /** The first compatibility date for which the set is no longer the default. */
  from: Day,
});
export type YankDocument = z.infer<typeof YankDocument>;

/** Corrects an error of the registry: the only publication that may change the answer for a past date. */
export const CorrectionDocument = z.strictObject({
  kind: z.literal('correction'),
  reason: Remark,
  document: z.discriminatedUnion('kind', [PythonDocument, WorkerdDocument, YankDocument, FilesDocument]),
});
export type CorrectionDocument = z.infer<typeof CorrectionDocument>;

/** Publishes a document that takes effect on a future day, and can be withdrawn until then. */
export const AnnouncementDocument = z.strictObject({
  kind: z.literal('announcement'),
  takes_effect: Day,
  document: z.discriminatedUnion('kind', [PythonDocument, WorkerdDocument, PackageSet, YankDocument]),
});
export type AnnouncementDocument = z.infer<typeof AnnouncementDocument>;

/**
 * Withdraws an announcement that has not taken effect. A set that was announced stays readable, and yanked.
 */
export const WithdrawalDocument = z.strictObject({
  kind: z.literal('withdrawal'),
  /** The revision of the announcement. */
  revision: Revision,
  reason: Remark,
});
export type WithdrawalDocument = z.infer<typeof WithdrawalDocument>;

/** Whatever can be published. */
export const RegistryDocument = z.discriminatedUnion('kind', [
  PythonDocument,
  WorkerdDocument,
  PackageSet,
  YankDocument,
  CorrectionDocument,
  AnnouncementDocument,
  WithdrawalDocument,
  FilesDocument,
  EvidenceDocument,
  AdvisoriesDocument,
]);
export type RegistryDocument = z.infer<typeof RegistryDocument>;

/** The kinds of what can be published. Later versions may have more; who reads a log skips those that it does not know. */
export const DOCUMENT_KINDS = RegistryDocument.options.map(({ shape: { kind } }) => kind.value) as [
  RegistryDocument['kind'],
];

/** Characters of the name of a publisher. */
const MOST_PUBLISHER = 500;

/** One entry of the append-only log, a leaf of its Merkle tree. */
export const LogEntry = z.strictObject({
  revision: Revision,
  /** The day of the publication; for the first ones, that of the fact, not of the clock. */
  day: Day,
  kind: z.enum(DOCUMENT_KINDS),
  /**
   * The Python, the workerd version, the package flag or the file name; of corrections and announcements, that of
   * their document, of a withdrawal, the revision that it withdraws, of files, the package flag and the day, of
   * evidence, the package flag and the ground, and of advisories, their day, with the first name of their range.
   */
  name: z.string(),
  /** SHA-256 of the published document as canonical JSON. */
  digest: Sha256,
  /** SHA-256 of the {@link CatalogIndex} with this entry, as canonical JSON. */
  index: Sha256,
  /**
   * The token that published it, by its id, or the job, as `REPOSITORY/PATH@REF`; absent for the facts that come with
   * Pinwheel.
   */
  publisher: z.string().min(1).max(MOST_PUBLISHER).optional(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** An entry of the log, and the root of the log that ends with it, which answers name. */
export const Publication = LogEntry.extend({
  /** The root of the Merkle tree (RFC 6962) of all entries up to this one, in hexadecimal. */
  root: Sha256,
});
export type Publication = z.infer<typeof Publication>;

/** The revision from which a fact holds, and the one from which it no longer does (null: it still holds). */
const Lifetime = { revision: Revision, withdrawn: Revision.nullable() };

/** The support window of a Python, and the revisions for which it holds. */
export const CatalogPython = PythonDocument.omit({ kind: true }).extend(Lifetime);
export type CatalogPython = z.infer<typeof CatalogPython>;
/** A compatibility flag, and the revisions for which it holds. */
export const CatalogFlag = FlagFact.extend(Lifetime);
export type CatalogFlag = z.infer<typeof CatalogFlag>;
/** A runtime of workerd, and the revisions for which it holds. */
export const CatalogRelease = ReleaseFact.extend(Lifetime);
export type CatalogRelease = z.infer<typeof CatalogRelease>;
/** A lock file that workerd embeds, and the revisions for which it holds. */
export const CatalogPackageLock = PackageLockFact.extend(Lifetime);
export type CatalogPackageLock = z.infer<typeof CatalogPackageLock>;
/** A package set without its members. */
export const CatalogSet = PackageSet.omit({ kind: true, packages: true }).extend({
  /** SHA-256 of the set as canonical JSON: its identity. */
  digest: Sha256,
  package_count: z.int(),
  /** Packages for which it has no wheel, but an archive that Python's installers do not support. */
  archive_count: z.int(),
  ...Lifetime,
});
export type CatalogSet = z.infer<typeof CatalogSet>;
/** A yanked set or wheel, and the revisions for which that holds. */
export const CatalogYank = YankDocument.omit({ kind: true }).extend(Lifetime);
export type CatalogYank = z.infer<typeof CatalogYank>;

/**
 * The table of the files that all sets pin, by its digest, and the revisions for which it holds: each set makes
 * another one.
 */
export const CatalogFiles = z.strictObject({ digest: Sha256, ...Lifetime });
export type CatalogFiles = z.infer<typeof CatalogFiles>;

/**
 * The facts of a {@link FilesDocument} about packages, by their names, and the revisions for which it holds: a later one
 * of the set replaces it.
 */
export const CatalogSeen = FilesDocument.pick({ set: true, day: true }).extend({
  /** SHA-256 of the document. */
  digest: Sha256,
  /** In bytes, by the names of the packages whose files, or pointers to them, were seen. */
  sizes: z.record(CanonicalName, z.int().positive()),
  /**
   * The packages among them whose own bytes, or those of a package that they need, were not seen; or that need one that
   * the set lacks.
   */
  incomplete: z.array(CanonicalName),
  ...Lifetime,
});
export type CatalogSeen = z.infer<typeof CatalogSeen>;

/**
 * The evidence of an {@link EvidenceDocument}, by the names of packages. One that is in no list did not run: it is only
 * listed by its set.
 */
export const CatalogEvidence = EvidenceDocument.pick({
  set: true,
  runtime: true,
  ground: true,
  day: true,
}).extend({
  /** SHA-256 of the document. */
  document: Sha256,
  /** Packages whose smoke line passed. */
  tested: z.array(CanonicalName),
  /** Packages whose modules were all imported. */
  imported: z.array(CanonicalName),
  /** Packages of which the set names no modules, or of whose named modules not all could be imported. */
  obtainable: z.array(CanonicalName),
  /** Failures by their first error, the most frequent first. */
  failures: z.array(
    z.strictObject({
      step: z.enum(['load', 'import', 'smoke']),
      /** The class of the exception and its message, which is cut off if it is long. */
      error: z.string(),
      names: z.array(CanonicalName),
    }),
  ),
  ...Lifetime,
});
export type CatalogEvidence = z.infer<typeof CatalogEvidence>;

/** A document of known vulnerabilities, and the revisions for which it holds: a later one of its range replaces it. */
export const CatalogAdvisories = z.strictObject({
  /** The day of the database, or of the newest statement about it. */
  day: Day,
  /** SHA-256 of the document. */
  document: Sha256,
  range: NameRange.optional(),
  ...Lifetime,
});
export type CatalogAdvisories = z.infer<typeof CatalogAdvisories>;

/** Everything but the sets' members, over the registry's whole history. */
export const Catalog = z.strictObject({
  log: z.array(Publication),
  pythons: z.array(CatalogPython),
  flags: z.array(CatalogFlag),
  releases: z.array(CatalogRelease),
  package_locks: z.array(CatalogPackageLock),
  sets: z.array(CatalogSet),
  yanks: z.array(CatalogYank),
  files: z.array(CatalogFiles),
  seen: z.array(CatalogSeen),
  evidence: z.array(CatalogEvidence),
  advisories: z.array(CatalogAdvisories),
});
export type Catalog = z.infer<typeof Catalog>;

/**
 * The part of the catalog that answers at one revision need: the facts that hold, without the log, and all lock files,
 * also those that workerd no longer embeds. The SHA-256 of a set's source is null unless the source is a lock file of
 * workerd: the set's document has it.
 */
export const CatalogIndex = Catalog.omit({ log: true, files: true }).extend({
  /** The publications of workerd facts, the oldest first. */
  workerds: z.array(LogEntry.pick({ revision: true, day: true, name: true })),
  /** SHA-256 of the table of the files that all sets pin; null while there are no sets. */
  files: Sha256.nullable(),
  /** SHA-256 of the {@link Catalog} with this revision, as canonical JSON without the newest entry. */
  catalog: Sha256,
});
export type CatalogIndex = z.infer<typeof CatalogIndex>;

/**
 * The newest publication with its index, and what leads from there to the signed head of the log: the first document
 * that every client reads.
 */
export const NewestIndex = z.strictObject({
  publication: Publication,
  /** The complete subtrees of the log before it, the largest first, as Base64: with its hash, they give its root. */
  before: z.array(z.string()),
  index: CatalogIndex,
  /** The checkpoint of the log that ends with it; null for a registry that signs nothing. */
  checkpoint: z.string().nullable(),
});
export type NewestIndex = z.infer<typeof NewestIndex>;
