/** The examples of the OpenAPI document as questions: the page `/api` shows them, and `npm run data:samples` asks them. */
import { BEYOND } from './question.ts';

/** The parts of OpenAPI 3.1 that this registry's document uses. */
interface Schema {
  example?: unknown;
  $ref?: string;
  properties?: Record<string, Schema>;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: [string];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema; example?: unknown }> }>;
}
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface DescribedRoute extends Operation {
  method: string;
  path: string;
}

export function routesIn({ paths }: OpenApi): DescribedRoute[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, about]) => ({ ...about, method, path })),
  );
}

/** The media types of answers that have an example, the first that a route has. */
const SAMPLED = ['application/json', 'application/vnd.pypi.simple.v1+json', 'text/plain'];

/** Content type and schema of the answer to a route's example; undefined if it is no text. */
export function sampledContent({ responses }: DescribedRoute) {
  const content = Object.entries(responses[200]?.content ?? {});
  return SAMPLED.flatMap((type) => content.filter(([given]) => given === type))[0];
}

/** The lines of the answer to a route's example; null without one. */
export function sampleLines(route: DescribedRoute): string[] | null {
  const [, { example = null } = {}] = sampledContent(route) ?? [];
  if (example === null) return null;
  return (typeof example === 'string' ? example.trimEnd() : JSON.stringify(example, null, 2)).split('\n');
}

/** The body of a route's example: that of its schema, or of the schema's properties; undefined if it has none. */
export function exampleBody({ requestBody }: DescribedRoute, { components }: OpenApi): unknown {
  const written = requestBody?.content['application/json']?.schema;
  if (!written) return undefined;
  const named = written.$ref?.replace('#/components/schemas/', '');
  const schema = named === undefined ? written : components.schemas[named]!;
  if (schema.example !== undefined) return schema.example;
  const examples = Object.entries(schema.properties ?? {}).flatMap(([name, { example }]) =>
    example === undefined ? [] : [[name, example]],
  );
  return examples.length > 0 ? Object.fromEntries(examples) : undefined;
}

/** Parameters that examples leave out: they have a default, or need an index that a registry may not have. */
const LEFT_OUT = new Set(['revision', 'as_of', 'experimental', 'answer_version', ...Object.keys(BEYOND)]);

/** The address of an example that every registry answers; null if the route has none. */
export function exampleAddress({ method, path, parameters = [] }: DescribedRoute): string | null {
  if (method !== 'get') return null;
  let address = path;
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of parameters) {
    const { example } = schema;
    if (place === 'header') continue;
    if (place === 'path') {
      // No file has an invented digest.
      if (example === undefined || ['sha256', 'key'].includes(name)) return null;
      address = address.replace(`{${name}}`, encodeURIComponent(String(example)));
    } else if (example === undefined) {
      if (required) return null;
    } else if (!LEFT_OUT.has(name)) {
      for (const value of Array.isArray(example) ? example : [example]) query.append(name, String(value));
    }
  }
  return query.size > 0 ? `${address}?${query}` : address;
}
