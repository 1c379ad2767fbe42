/** Documents by their JSON Schemas. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);

/** Makes a validator for a schema, which returns the errors of a document. */
export function errorsBy(schema: object) {
  const validate = ajv.compile(schema);
  return (document: unknown) => (validate(document) ? [] : validate.errors!);
}
