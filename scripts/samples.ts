/**
 * `npm run data:samples`: asks a registry with real data the examples of its OpenAPI document, and writes its answers,
 * shortened, into `registry/http/samples.json`, from which the document and the page `/api` have them.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleAddress, exampleBody, type OpenApi, routesIn } from '../registry/http/examples.ts';
import { startLocalRegistry } from './local-registry.ts';
import { root } from './root.ts';

/** When all are asked, so that later publications change none of the answers. */
const MOMENT = { as_of: '2026-11-20', revision: 75 };

/** Paths whose answers follow from the newest publication, or from what was asked before. */
const MOVING = new Set(['/healthz', '/v1/catalog', '/v1/index', '/v1/log', '/v1/sets/{flag}/stored']);

/** Stands for the address of the registry. */
const ORIGIN = 'https://registry.example';

/** The answers of the registry, by the id of the operation. */
export async function askSamples(registry: URL): Promise<Record<string, unknown>> {
  const document = (await (await fetch(new URL('/openapi.json', registry))).json()) as OpenApi;
  const samples: Record<string, unknown> = {};
  for (const route of routesIn(document)) {
    if (MOVING.has(route.path)) continue;
    const address = exampleAddress(route);
    const body = exampleBody(route, document) as object | undefined;
    if (address === null && body === undefined) continue;
    const url = new URL(address ?? route.path, registry);
    const isAsked = (name: string) => route.parameters?.some((parameter) => parameter.name === name);
    for (const [name, value] of Object.entries(MOMENT)) {
      if (isAsked(name)) url.searchParams.set(name, String(value));
    }
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(
      url,
      body && { method: 'POST', headers, body: JSON.stringify({ ...body, ...MOMENT }) },
    );
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    if (!response.ok || !isJson) continue;
    const text = (await response.text()).replaceAll(registry.origin, ORIGIN);
    samples[route.operationId] = shortened(JSON.parse(text));
  }
  return samples;
}

/** Entries kept of a list or a long table. */
const MOST_ENTRIES = 1;
/** More members than an answer has that is no table. */
const TABLE = 20;

function shortened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map(shortened);
  const members = Object.entries(value);
  const shown = members.length > TABLE ? members.slice(0, MOST_ENTRIES) : members;
  return Object.fromEntries(shown.map(([name, member]) => [name, shortened(member)]));
}

if (import.meta.main) {
  const registry = await startLocalRegistry();
  const samples = await askSamples(registry.url).finally(() => registry.stop());
  const lines = Object.entries(samples).map(([id, answer]) => `  "${id}": ${JSON.stringify(answer)}`);
  await writeFile(join(root, 'registry/http/samples.json'), `{\n${lines.join(',\n')}\n}\n`);
}
