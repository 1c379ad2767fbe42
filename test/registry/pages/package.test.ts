/** What the page of a package says beside its facts. */
import { beforeAll, expect, test } from 'vitest';
import { ask } from '../client.ts';
import { seed } from '../seed.ts';

beforeAll(() => seed());

test.each([
  ['httpx', 'The current openai, anthropic, huggingface-hub, langsmith may require httpx2.'],
  ['openai', 'The current openai may require httpx2.'],
  ['idna', null],
])('the page of %s says of httpx2: %s', async (name, who) => {
  const page = await (await ask(`/packages/${name}?flag=python_3.13_packages_2025_08_08`)).text();
  expect(page).toContain(`<h1>${name} `);
  if (who === null) expect(page).not.toContain('httpx2');
  else expect(page).toMatch(new RegExp(`${who} httpx2 is another package than httpx: .* httpx2-jsfetch`));
});
