/** What documents for other tools must be: OpenVEX 0.2.0 and, of SARIF 2.1.0, the members that are written, after their schemas. */
import { errorsBy } from '../common/json-schema.ts';

const text = { type: 'string' };
const uri = { type: 'string', format: 'uri' };
const moment = { type: 'string', format: 'date-time' };
const count = (minimum: number) => ({ type: 'integer', minimum });
const list = (items: object, more: object = {}) => ({ type: 'array', uniqueItems: true, items, ...more });
const choice = (...words: string[]) => ({ enum: words });
const record = (properties: Record<string, object>, required: readonly string[], more: object = {}) => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
  ...more,
});
const ifStatus = (status: string, then: object) => ({
  if: { properties: { status: { const: status } } },
  then,
});

/** github.com/openvex/spec, openvex_json_schema.json */
const OPENVEX = record(
  {
    ...{ '@context': uri, '@id': uri, author: text, role: text, tooling: text },
    ...{ timestamp: moment, last_updated: moment, version: count(1) },
    statements: list(
      record(
        {
          ...{ '@id': uri, version: count(1), supplier: text, timestamp: moment, last_updated: moment },
          vulnerability: record({ '@id': uri, name: text, description: text, aliases: list(text) }, ['name']),
          products: list(record({ '@id': uri }, [])),
          status: choice('not_affected', 'affected', 'fixed', 'under_investigation'),
          justification: choice(
            'component_not_present',
            'vulnerable_code_not_present',
            'vulnerable_code_not_in_execute_path',
            'vulnerable_code_cannot_be_controlled_by_adversary',
            'inline_mitigations_already_exist',
          ),
          ...{ status_notes: text, impact_statement: text, action_statement: text },
          action_statement_timestamp: moment,
        },
        ['vulnerability', 'status'],
        {
          allOf: [
            ifStatus('not_affected', {
              oneOf: [{ required: ['justification'] }, { required: ['impact_statement'] }],
            }),
            ifStatus('affected', { required: ['action_statement'] }),
          ],
        },
      ),
      { minItems: 1 },
    ),
  },
  ['@context', '@id', 'author', 'timestamp', 'version', 'statements'],
);

const message = record({ text }, ['text']);
/** github.com/oasis-tcs/sarif-spec, sarif-schema-2.1.0.json */
const SARIF = record(
  {
    $schema: uri,
    version: choice('2.1.0'),
    runs: {
      type: 'array',
      items: record(
        {
          tool: record(
            {
              driver: record(
                {
                  ...{ name: text, version: text },
                  rules: list(record({ id: text, shortDescription: message }, ['id'])),
                },
                ['name'],
              ),
            },
            ['driver'],
          ),
          columnKind: choice('utf16CodeUnits', 'unicodeCodePoints'),
          results: {
            type: 'array',
            items: record(
              {
                ...{ ruleId: text, ruleIndex: count(-1), message },
                level: choice('none', 'note', 'warning', 'error'),
                locations: {
                  type: 'array',
                  items: record(
                    {
                      physicalLocation: record(
                        {
                          artifactLocation: record({ uri: { type: 'string', format: 'uri-reference' } }, []),
                          region: record({ startLine: count(1), startColumn: count(1) }, []),
                        },
                        ['artifactLocation'],
                      ),
                    },
                    [],
                  ),
                },
              },
              ['message'],
            ),
          },
        },
        ['tool'],
      ),
    },
  },
  ['version', 'runs'],
);

export const openvexErrors = errorsBy(OPENVEX);
export const sarifErrors = errorsBy(SARIF);
