/** The answers that the OpenAPI document and the page `/api` show. */
import { expect, test } from 'vitest';
import type { OpenApi } from '../../registry/http/examples.ts';
import { routesIn, sampledContent } from '../../registry/http/examples.ts';
import samples from '../../registry/http/samples.json' with { type: 'json' };
import { readData } from '../../scripts/import/data-files.ts';
import { askExamples, askSamples } from '../../scripts/samples.ts';
import { errorsBy } from '../common/json-schema.ts';
import { sharedRegistry } from '../common/registry.ts';

/** Operations whose answers follow from the newest publication, the registry's key, or what was asked before. */
const MOVING = [
  'getCatalog',
  'getHealthz',
  'getIndex',
  'getLog',
  'getLogCheckpoint',
  'getLogKey',
  'getLogProofRevision',
  'getSetsFlagStored',
  'getSimple',
  'postMcp',
];

test('the answers beside examples are those of a registry with real data', async () => {
  const registry = await sharedRegistry();
  const asked = await askSamples(registry);
  expect(Object.keys(asked)).toEqual(Object.keys(samples));
  const settled = (answers: object) => Object.entries(answers).filter(([id]) => !MOVING.includes(id));
  expect(settled(asked)).toEqual(settled(samples));
  const document = (await (await fetch(new URL('/openapi.json', registry))).json()) as OpenApi;
  const described = routesIn(document).flatMap((route) => {
    const [, { example } = {}] = sampledContent(route) ?? [];
    return example === undefined ? [] : [[route.operationId, example]];
  });
  expect(Object.fromEntries(described)).toEqual(samples);
  const page = await (await fetch(new URL('/api', registry))).text();
  for (const id of Object.keys(samples)) expect(page).toContain(`id="${id}_answer"`);
});

test('answers and documents are valid by the schemas of the OpenAPI document', async () => {
  const registry = await sharedRegistry();
  const { paths, components } = (await (await fetch(new URL('/openapi.json', registry))).json()) as OpenApi;
  const errorsIn = ({ schema }: { schema?: object }, value: unknown) =>
    errorsBy({ ...schema, components })(value).map(
      ({ instancePath, message }) => `${instancePath} ${message}`,
    );
  const asked = await askExamples(registry);
  for (const [route, answer] of asked) {
    const [, content] = sampledContent(route)!;
    expect(errorsIn(content, answer), route.operationId).toEqual([]);
  }
  const { content } = paths['/v1/publications']!.post!.requestBody!;
  for (const path of PUBLISHED) {
    expect(errorsIn(content['application/json']!, JSON.parse((await readData(path))!)), path).toEqual([]);
  }
  const { '/v1/resolve': { get } = {} } = paths;
  for (const [question, status] of REFUSED) {
    const response = await fetch(new URL(`/v1/resolve?${question}`, registry));
    expect(response.status).toBe(status);
    const problem = get!.responses.default!.content!['application/problem+json']!;
    expect(errorsIn(problem, await response.json()), question).toEqual([]);
  }
});

const PUBLISHED = ['sets/python_3.12_packages_2024_08_29.json', 'sets/python_3.13_packages_2026_09_16.json'];
const REFUSED = [
  ['date=x', 400],
  ['date=2025-11-02&flag=python_workers&requirement=nunpy&requirement=numpy<1', 422],
] as const;
