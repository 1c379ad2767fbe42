/** The answers that the OpenAPI document and the page `/api` show. */
import { expect, test } from 'vitest';
import type { OpenApi } from '../../registry/http/examples.ts';
import { routesIn } from '../../registry/http/examples.ts';
import samples from '../../registry/http/samples.json' with { type: 'json' };
import { askSamples } from '../../scripts/samples.ts';
import { sharedRegistry } from '../common/registry.ts';

test('the answers beside examples are those of a registry with real data', async () => {
  const registry = await sharedRegistry();
  expect(await askSamples(registry)).toEqual(samples);
  const document = (await (await fetch(new URL('/openapi.json', registry))).json()) as OpenApi;
  const described = routesIn(document).flatMap(({ operationId, responses }) => {
    const { example } = responses[200]?.content?.['application/json'] ?? {};
    return example === undefined ? [] : [[operationId, example]];
  });
  expect(Object.fromEntries(described)).toEqual(samples);
  const page = await (await fetch(new URL('/api', registry))).text();
  for (const id of Object.keys(samples)) expect(page).toContain(`id="${id}_answer"`);
});
