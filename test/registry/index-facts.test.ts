/** What is stored of an index, if R2 has changed it. */
import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';

/** As another isolate, which has nothing in its memory. */
async function isolate() {
  vi.resetModules();
  return import('../../registry/storage/index-facts.ts');
}

test.each<[string, (text: string) => string]>([
  ['another version', (text) => text.replace('1.0', '1.1')],
  ['half of it', (text) => text.slice(0, text.length / 2)],
])('a fact that was replaced by %s counts as missing, and can be stored again', async (_, change) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const fact = [{ filename: 'x-1.0-py3-none-any.whl' }];
  const opened = async () => (await isolate()).openFacts(env.STORE);
  const first = await opened();
  await first.put('files/x', fact);
  expect(await (await opened()).get('files/x')).toEqual(fact);
  const text = await (await env.STORE.get('index/files/x'))!.text();
  await env.STORE.put('index/files/x', change(text));
  expect(await (await opened()).get('files/x')).toBeNull();
  await first.put('files/x', fact);
  expect(await (await opened()).get('files/x')).toEqual(fact);
});
