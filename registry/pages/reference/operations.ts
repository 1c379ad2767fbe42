/** The operations of an OpenAPI document, as the page shows them. */

import { BEYOND } from '../../http/question.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description: string;
  example: unknown;
}

export interface Operation {
  method: string;
  path: string;
  tag: string;
  summary: string;
  parameters: Parameter[];
  /** An example of its body, if it takes one. */
  body: unknown;
  /** The address of an example on this origin; null if a path or a required parameter has no example. */
  example: string | null;
}

/** The parts of OpenAPI 3.1 that this registry's document uses. */
interface Schema {
  description?: string;
  example?: unknown;
  $ref?: string;
  properties?: Record<string, Schema>;
}
interface WrittenParameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
  schema?: Schema;
}
interface WrittenOperation {
  summary?: string;
  tags?: string[];
  parameters?: WrittenParameter[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}
interface OpenApi {
  paths?: Record<string, Record<string, WrittenOperation>>;
  components?: { schemas?: Record<string, Schema> };
}

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, written]) => operationOf(document, path, method, written)),
  );
}

function operationOf(document: OpenApi, path: string, method: string, written: WrittenOperation): Operation {
  const parameters = (written.parameters ?? [])
    .filter((one) => one.in === 'path' || one.in === 'query')
    .map(
      (one): Parameter => ({
        name: one.name,
        in: one.in as Parameter['in'],
        required: one.required ?? false,
        description: one.description ?? one.schema?.description ?? '',
        example: one.example ?? one.schema?.example,
      }),
    );
  const schema = written.requestBody?.content?.['application/json']?.schema;
  return {
    method: method.toUpperCase(),
    path,
    tag: written.tags?.[0] ?? 'Other',
    summary: written.summary ?? '',
    parameters,
    body: schema && exampleOf(document, schema),
    example: method === 'get' ? exampleAddress(path, parameters) : null,
  };
}

/** The schema's own example, or one of its properties' examples. */
function exampleOf(document: OpenApi, written: Schema): unknown {
  const named = written.$ref?.replace('#/components/schemas/', '');
  const schema = named === undefined ? written : document.components?.schemas?.[named];
  if (schema?.example !== undefined) return schema.example;
  const examples = Object.entries(schema?.properties ?? {}).flatMap(([name, { example }]) =>
    example === undefined ? [] : [[name, example]],
  );
  return examples.length > 0 ? Object.fromEntries(examples) : undefined;
}

/** What an example does without: it has a default, or the registry may have no index. */
const LEFT_OUT = new Set(['revision', 'as_of', 'experimental', 'answer_version', ...Object.keys(BEYOND)]);

/** The address of an example that every registry answers. */
function exampleAddress(path: string, parameters: readonly Parameter[]): string | null {
  let address = path;
  const query = new URLSearchParams();
  for (const { name, in: place, required, example } of parameters) {
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
