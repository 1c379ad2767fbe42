/** Why a package is in a closure or not, as a zod schema. */
import * as z from 'zod';
import { RegistryStamp, ResolvedPackage, Target } from '../answer.ts';
import { Fix } from '../issues/fix.ts';

export const WhyAnswer = z.strictObject({
  registry: RegistryStamp,
  target: Target,
  /** Canonical. */
  name: z.string(),
  /** Null if the package is not in the closure. */
  package: ResolvedPackage.nullable(),
  /** The shortest ones, from each requested package that leads to it; limited in number. */
  chains: z.array(z.array(z.string())),
  more_chains: z.int(),
  /** Why the package is not in the closure, or null if it is. */
  absence: z
    .strictObject({ code: z.string(), message: z.string(), fix: z.string().nullable(), fixes: z.array(Fix) })
    .nullable(),
});
export type WhyAnswer = z.infer<typeof WhyAnswer>;
