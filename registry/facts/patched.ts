/** The schema of `patched`, with a name and a description for each kind. */
import * as z from 'zod';
import { Evidence, Member, Patched, ResolvedPackage } from '../../resolver/schemas.ts';

const [pinwheel, pyodide, cloudflare] = Patched.options;
const { upstream } = pinwheel.shape;

export const PatchedWheel = z.discriminatedUnion('by', [
  pinwheel
    .extend({
      patch: pinwheel.shape.patch.describe('The patch, by the name of its package.'),
      release: pinwheel.shape.release.describe('Of the patch: the N of the local version `+pinwheel.N`.'),
      upstream: upstream
        .extend({ sha256: upstream.shape.sha256.describe('Of the upstream wheel, as PyPI serves it.') })
        .describe('The wheel that the patch is laid over.'),
      recipe: pinwheel.shape.recipe.describe('SHA-256 over every file of the patch.'),
    })
    .meta({
      id: 'PatchedByPinwheel',
      description:
        "A wheel of Pinwheel's own: the recipe laid over the upstream wheel makes it again, byte for byte.",
    }),
  pyodide.meta({ id: 'PatchedByPyodide', description: 'By Pyodide, in its own build; no more is known.' }),
  cloudflare.meta({
    id: 'PatchedByCloudflare',
    description: 'By Cloudflare, in its own build; no more is known.',
  }),
]);

export const DescribedPatch = PatchedWheel.nullable().describe(
  'Who patched the wheel; null if nobody is known to.',
);

export const DescribedMember = Member.extend({ patched: DescribedPatch }).meta({ id: 'Member' });

/** A member with what was seen of it. It does not extend `Member` by name, since that allows no more fields. */
export const MemberWithEvidence = z
  .strictObject({ ...DescribedMember.shape, evidence: Evidence.describe('What was seen of it.') })
  .meta({ id: 'MemberWithEvidence' });

export const DescribedPackage = ResolvedPackage.extend({
  wheel: ResolvedPackage.shape.wheel.extend({ patched: DescribedPatch }),
}).meta({ id: 'ResolvedPackage' });
