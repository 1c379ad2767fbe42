/**
 * `npm run data:samples`: asks a registry with real data the examples of its OpenAPI document, and writes its answers,
 * shortened, into `registry/http/samples.json`, from which the document and the page `/api` have them.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DescribedRoute,
  exampleAddress,
  exampleBody,
  type OpenApi,
  routesIn,
  sampledContent,
} from '../registry/http/examples.ts';
import { startLocalRegistry } from './local-registry.ts';
import { root } from './root.ts';

/** When all are asked, so that later publications change none of the answers. */
const MOMENT = { as_of: '2026-11-20', revision: 75 };

/** Stands for the address of the registry. */
const ORIGIN = 'https://registry.example';

/** The answers of the registry as pages show them, by the id of the operation. */
export async function askSamples(registry: URL): Promise<Record<string, unknown>> {
  const answers = await askExamples(registry);
  const shown = (answer: unknown) => (typeof answer === 'string' ? answer : shortened(answer));
  return Object.fromEntries(answers.map(([{ operationId }, answer]) => [operationId, shown(answer)]));
}

/** The operations that have an example, with their whole answers. */
export async function askExamples(registry: URL): Promise<[DescribedRoute, answer: unknown][]> {
  const document = (await (await fetch(new URL('/openapi.json', registry))).json()) as OpenApi;
  const answers: [DescribedRoute, unknown][] = [];
  for (const route of routesIn(document)) {
    const address = exampleAddress(route);
    const body = exampleBody(route, document) as object | undefined;
    if (address === null && body === undefined) continue;
    const url = new URL(address ?? route.path, registry);
    const isAsked = (name: string) =>
      route.parameters?.some((parameter) => parameter.name === name && parameter.in === 'query');
    for (const [name, value] of Object.entries(MOMENT)) {
      if (isAsked(name)) url.searchParams.set(name, String(value));
    }
    const [accept] = sampledContent(route) ?? [];
    if (accept === undefined) continue;
    const headers = { accept, 'content-type': 'application/json' };
    const isQuestion = body !== undefined && !('jsonrpc' in body);
    const response = await fetch(
      url,
      body
        ? { method: 'POST', headers, body: JSON.stringify(isQuestion ? { ...body, ...MOMENT } : body) }
        : { headers },
    );
    if (!response.ok) throw new Error(`${url.pathname} is answered with ${response.status}`);
    const text = (await response.text()).replaceAll(registry.origin, ORIGIN);
    answers.push([route, accept === 'text/plain' ? text : JSON.parse(text)]);
  }
  return answers;
}

/** Entries kept of a list or a long table. */
const MOST_ENTRIES = 1;
/** Characters kept of a text: MCP repeats an answer as JSON in one. */
const MOST_CHARACTERS = 600;
/** More members than an answer has that is no table. */
const TABLE = 20;

function shortened(value: unknown): unknown {
  if (typeof value === 'string' && value.length > MOST_CHARACTERS)
    return `${value.slice(0, MOST_CHARACTERS)}…`;
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
