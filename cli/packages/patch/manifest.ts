/** `manifest.json` of a patch folder: which upstream wheels it supports, and what it does to them. */
import * as z from 'zod';

const Path = z
  .string()
  .max(200)
  .regex(/^[\w.-]+(\/[\w.-]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '..' || part === '.'));

export const Upstream = z.strictObject({
  version: z.string(),
  /** The file on PyPI; its tags tell pip which one to download. */
  filename: z.string().regex(/^[\w.]+-[\w.!]+(-[\w.]+){3}\.whl$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Upstream = z.infer<typeof Upstream>;

export const Manifest = z.strictObject({
  /** Canonical name of the package. */
  package: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** The N of the local version `+pinwheel.N`, which every change of the patch increases. */
  release: z.int().positive(),
  summary: z.string(),
  upstream: z.array(Upstream).min(1),
  /** Files of `files/` that upstream does not have. */
  add: z.array(Path),
  /** Files of `shared/`, which several patches use, and their folder in the wheel. */
  shared: z.strictObject({ into: Path, files: z.array(Path) }).optional(),
  /** Files of `files/` that replace upstream's. */
  replace: z.array(Path),
  /** Files of `append/` whose text is added to upstream's. */
  append: z.array(Path),
  /** Upstream files to leave out: paths, in which `*` matches any characters except `/`, and `**` all. */
  remove: z.array(z.string().min(1).max(200)),
  /** The wheel's tag, if it differs from upstream's. */
  tag: z.literal('py3-none-any').nullable(),
  /** Upstream's Requires-Dist that change, with their replacements. */
  requires_dist: z.record(z.string(), z.array(z.string())),
});
export type Manifest = z.infer<typeof Manifest>;

/** @throws if the manifest does not have `version`, with those that it has */
export function findUpstream(manifest: Manifest, version: string): Upstream {
  const upstream = manifest.upstream.find((candidate) => candidate.version === version);
  if (upstream) return upstream;
  const supported = manifest.upstream.map((candidate) => candidate.version).join(', ');
  throw new Error(
    `the patch of ${manifest.package} supports ${manifest.package} ${supported}, not ${version}`,
  );
}
