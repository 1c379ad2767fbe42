/** The answers that the OpenAPI document and the page `/api` show. */
import { expect, test } from 'vitest';
import type { OpenApi } from '../../registry/http/examples.ts';
import { routesIn, sampledContent } from '../../registry/http/examples.ts';
import samples from '../../registry/http/samples.json' with { type: 'json' };
import { askSamples, MOVING } from '../../scripts/samples.ts';
import { sharedRegistry } from '../common/registry.ts';

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
