/** The operations of the registry's OpenAPI document. */
interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  schema: Schema;
}

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: Parameter[]; requestBody?: RequestBody }>>;
  components: { schemas: Record<string, Schema> };
}

interface RequestBody {
  content: Record<string, { schema: Schema }>;
}

/** One method of one path, with everything that a request may fill in. */
export interface Operation {
  method: string;
  /** With `{name}` for each path parameter. */
  path: string;
  query: readonly string[];
  /** Members of the body by name, with whether each is a list; null if the operation takes no JSON body. */
  body: ReadonlyMap<string, { isList: boolean }> | null;
}

/** Every operation of the document. Throws if there are none: an empty list would always pass. */
export function operationsOf(document: unknown): Operation[] {
  const { paths, components } = document as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Operation => {
      const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      const schema = requestBody?.content['application/json']?.schema;
      const body = schema ? membersOf(schema, components.schemas) : null;
      return { method: method.toUpperCase(), path, query, body };
    }),
  );
  if (operations.length === 0) throw new Error('The OpenAPI document describes no operation.');
  return operations;
}

function membersOf(schema: Schema, schemas: Record<string, Schema>): Map<string, { isList: boolean }> {
  const members = new Map<string, { isList: boolean }>();
  const visit = (schema: Schema) => {
    if (schema.$ref) visit(schemas[schema.$ref.split('/').at(-1)!]!);
    for (const choice of schema.anyOf ?? []) visit(choice);
    for (const [name, value] of Object.entries(schema.properties ?? {})) {
      const kinds = [value, ...(value.anyOf ?? [])];
      members.set(name, { isList: kinds.some(({ type }) => type === 'array') });
    }
  };
  visit(schema);
  return members;
}
