/** The questions as tools, asked by the client of the protocol's own SDK. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLAIMS } from '../../claims.ts';
import { ask, askJson, post } from '../client.ts';
import { timePasses } from '../clock.ts';
import { seed } from '../seed.ts';

const client = new Client({ name: 'test', version: '1' });

beforeAll(async () => {
  await seed();
  const transport = new StreamableHTTPClientTransport(new URL('https://registry.example/mcp'), {
    fetch: async (url, init) => ask(new URL(url).pathname, init),
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
});
afterAll(() => client.close());

const TARGET = {
  compatibility_date: '2025-11-02',
  compatibility_flags: ['python_workers'],
  as_of: '2026-11-20',
};

async function call(name: string, given: Record<string, unknown>) {
  const { content, isError } = await client.callTool({ name, arguments: given });
  const [{ text }] = content as [{ text: string }];
  return { isError, answer: JSON.parse(text) as unknown };
}

test('lists the questions, with the schemas of the API', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['resolve', 'when', 'compare', 'check', 'audit', 'package']);
  const { components } = await askJson<{ components: { schemas: Record<string, object> } }>('/openapi.json');
  expect(tools[0]!.inputSchema).toEqual(components.schemas.ResolveQuestion);
  expect(tools.find(({ name }) => name === 'when')!.inputSchema).toMatchObject({ required: ['requirement'] });
  for (const { description } of tools) expect(description).toMatch(/^[A-Z].{20,}/);
  expect(client.getInstructions()).not.toMatch(CLAIMS);
});

test('answers as the API does', async () => {
  const question = { ...TARGET, requirements: ['fastapi'] };
  expect(await call('resolve', question)).toEqual({
    isError: false,
    answer: await askJson('/v1/resolve', post(question)),
  });
  const { answer: when } = await call('when', { requirement: 'polars', as_of: '2026-11-20' });
  expect(when).toMatchObject({ first: '2026-09-08' });
  const { answer: moved } = await call('compare', {
    from: '2025-11-02',
    to: '2026-11-01',
    as_of: '2026-11-20',
  });
  expect(moved).toMatchObject({ runtime: { changed: true } });
  const { answer: audited } = await call('audit', { ...TARGET, requirements: ['requests'] });
  expect(audited).toHaveProperty('findings');
  expect(await call('package', { name: 'numpy' })).toMatchObject({
    isError: false,
    answer: { name: 'numpy' },
  });
  expect(await call('package', { name: 'psycopg2[c]' })).toMatchObject({
    isError: false,
    answer: { name: 'psycopg2', versions: [], diagnostics: [{ code: 'cannot_run' }] },
  });
  const files = { 'src/entry.py': 'import yaml\ndef on_fetch(request): ...' };
  const { answer: checked } = await call('check', { ...TARGET, main: 'src/entry.py', files });
  const codes = (checked as { findings: { code: string }[] }).findings.map(({ code }) => code);
  expect(codes).toContain('unlisted_package');
});

test('null is a field that is not given, in each tool', async () => {
  for (const [name, given] of [
    ['resolve', { ...TARGET, requirements: ['six'], as_of: null }],
    ['when', { requirement: 'six', as_of: null, flag: null }],
    ['package', { name: 'six', revision: null }],
  ] as const) {
    expect([name, await call(name, given)]).toMatchObject([name, { isError: false }]);
  }
  const { answer } = await call('package', { name: null });
  expect(answer).toMatchObject({ errors: [{ message: 'name is missing.' }] });
});

test('answers when the registry looks for a newer revision meanwhile', async () => {
  timePasses(10_000);
  expect(await call('package', { name: 'numpy' })).toMatchObject({ isError: false });
});

test('what the API refuses is an error of the tool, with its reasons', async () => {
  for (const [name, given, code] of [
    ['resolve', { ...TARGET, requirements: ['polars'] }, 'unknown_package'],
    ['resolve', { ...TARGET, requirements: 'numpy' }, 'invalid_parameter'],
    ['check', { ...TARGET, files: { 'a.py': 1 } }, 'invalid_parameter'],
    ['when', {}, 'invalid_parameter'],
    ['package', {}, 'invalid_parameter'],
  ] as const) {
    expect([name, await call(name, given)]).toMatchObject([
      name,
      { isError: true, answer: { errors: [{ code }] } },
    ]);
  }
  await expect(client.callTool({ name: 'toString', arguments: {} })).rejects.toThrow(/The tools are resolve/);
});

test.each([
  [[], 400],
  [null, 400],
  [{ jsonrpc: '2.0', method: 'notifications/initialized' }, 202],
  [{ jsonrpc: '2.0', id: 1, method: 'no/such' }, 200],
  [{ jsonrpc: '2.0', id: 1, method: 'initialize', params: null }, 200],
  [{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: [] }, 200],
  [{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'resolve', arguments: 'x' } }, 200],
])('a message such as %j has the status %i', async (message, status) => {
  expect((await ask('/mcp', post(message as object))).status).toBe(status);
});

test('a message that is too long is refused', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'x'.repeat(300_000) };
  expect((await ask('/mcp', post(message))).status).toBe(413);
});
