/**
 * What the OpenAPI document says of schemas. Only the build generates that document, so that the Worker carries neither
 * its generator nor what the generator needs of zod.
 */
import type {} from '@hono/zod-openapi';
import type * as z from 'zod';

type Description = NonNullable<Parameters<z.ZodType['openapi']>[1]>;
/** With a name, it becomes a component of the document. */
type About = [name: string, description?: Description] | [description: Description];

let describe = <Schema extends z.ZodType>(schema: Schema, ..._: About): Schema => schema;

/** To be called before the modules of the routes are loaded. */
export function describeBy(describing: typeof describe): void {
  describe = describing;
}

export function described<Schema extends z.ZodType>(schema: Schema, ...about: About): Schema {
  return describe(schema, ...about);
}
