/** `manifest.json` of a patch folder: which upstream wheels it supports, and what it does to them. */
import { z } from 'zod';

const Path = z
  .string()
  .max(200)
  .regex(/^[\w.-]+(\/[\w.-]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '..' || part === '.'));

export const Upstream = z.strictObject({
  version: z.string(),
  /** The file that PyPI serves; its tags say how pip is asked for it. */
  filename: z.string().regex(/^[\w.]+-[\w.!]+(-[\w.]+){3}\.whl$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Upstream = z.infer<typeof Upstream>;

export const Manifest = z.strictObject({
  /** Canonical name of the package. */
  package: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** The N of the local version `+pinwheel.N`: raised with every change of the patch. */
  release: z.int().positive(),
  summary: z.string(),
  upstream: z.array(Upstream).min(1),
  /** Files of `files/` that upstream does not have. */
  add: z.array(Path),
  /** Files of `shared/`, which several patches have in common, and the folder of the wheel that they go into. */
  shared: z.strictObject({ into: Path, files: z.array(Path) }).optional(),
  /** Files of `files/` that take the place of upstream's. */
  replace: z.array(Path),
  /** Files of `append/` whose text goes to the end of upstream's. */
  append: z.array(Path),
  /** What is left out of upstream: paths, where `*` stands for any characters but `/`, and `**` for all. */
  remove: z.array(z.string().min(1).max(200)),
  /** The wheel's tag where it differs from upstream's. */
  tag: z.literal('py3-none-any').nullable(),
  /** Each of upstream's Requires-Dist that changes, and what stands in its place. */
  requires_dist: z.record(z.string(), z.array(z.string())),
});
export type Manifest = z.infer<typeof Manifest>;

/** @throws naming the versions that there are, if `version` is not one of them */
export function findUpstream(manifest: Manifest, version: string): Upstream {
  const upstream = manifest.upstream.find((candidate) => candidate.version === version);
  if (upstream) return upstream;
  const supported = manifest.upstream.map((candidate) => candidate.version).join(', ');
  throw new Error(
    `the patch of ${manifest.package} supports ${manifest.package} ${supported}, not ${version}`,
  );
}
