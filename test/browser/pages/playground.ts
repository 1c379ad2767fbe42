import { describe, expect, test } from 'vitest';
import { open, POLL, QUESTION, urlOf } from '../site.ts';

export function playground(): void {
  describe('the playground', () => {
    test('resolves in the browser as one types, and asks the registry for the catalog and for sets alone', async () => {
      const { page, complaints } = await open(`/playground?${QUESTION}&requirement=numpy`);
      const headline = page.locator('#_headline');
      await expect.poll(() => headline.textContent(), POLL).toBe('Python 3.13.2, 1 package');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.getByLabel('Requirements').fill('fastapi');
      await expect.poll(() => headline.textContent(), POLL).toBe('Python 3.13.2, 13 packages');
      // Sets alone, of wheels that may be proposed in the place of archives.
      expect(asked.filter((path) => !path.startsWith('/v1/sets/'))).toEqual([]);
      expect(page.url()).toContain('requirement=fastapi');
      await page.reload();
      await expect.poll(() => headline.textContent(), POLL).toBe('Python 3.13.2, 13 packages');
      const asks = asked.filter((path) => path.startsWith('/v1/'));
      expect(asks).toContain('/v1/catalog');
      expect(asks.filter((path) => path !== '/v1/catalog' && !path.startsWith('/v1/sets/'))).toEqual([]);
      expect(complaints).toEqual([]);
    });

    test('gives the answer that the registry gives, and the same refusals', async () => {
      const requirements = ['polars', 'numpy>3', 'nump7y'];
      const query = new URLSearchParams(`${QUESTION}&requirement=fastapi`);
      const { page } = await open(`/playground?${query}`);
      await expect.poll(() => page.locator('#_headline').textContent(), POLL).toMatch(/13 packages/);
      const tree = (await page.locator('#_tree').textContent())!;
      const answer = (await (await fetch(urlOf(`/v1/resolve?${query}`))).json()) as {
        packages: { name: string; version: string }[];
      };
      for (const { name, version } of answer.packages) expect(tree).toContain(`${name} ${version}`);

      await page.getByLabel('Requirements').fill(requirements.join('\n'));
      await expect
        .poll(() => page.locator('#_headline').textContent(), POLL)
        .toBe('There is no answer: 3 issues');
      const refused = new URLSearchParams(QUESTION);
      for (const requirement of requirements) refused.append('requirement', requirement);
      const { errors } = (await (await fetch(urlOf(`/v1/resolve?${refused}`))).json()) as {
        errors: { message: string; fix: string }[];
      };
      const shown = (await page.locator('#_tree').textContent())!;
      for (const { message, fix } of errors) {
        expect(shown).toContain(message);
        expect(shown).toContain(fix);
      }
    });

    test('reads a whole requirements file, as the front page does', async () => {
      const { page } = await open(`/playground?${QUESTION}`);
      const pasted =
        'fast\\\napi \\\n  --hash=sha256:00  # pinned\n-r others.txt\nnumpy>=2; python_version > "3"';
      await page.getByLabel('Requirements').fill(pasted);
      const headline = page.locator('#_headline');
      await expect.poll(() => headline.textContent(), POLL).toBe('Python 3.13.2, 14 packages');
      const tree = (await page.locator('#_tree').textContent())!;
      const asked = new URL(page.url()).searchParams;
      expect(asked.getAll('requirement')).toEqual(['fastapi', 'numpy>=2; python_version > "3"']);

      await page.locator('#_question').evaluate((form: HTMLFormElement) => form.submit());
      await page.waitForURL((url) => url.pathname === '/');
      const front = (await page.locator('main').textContent())!;
      expect(front).toContain('14 packages');
      for (const remark of ['--hash is skipped', 'Requirements, line 4: other files are not read']) {
        expect(tree).toContain(remark);
        expect(front).toContain(remark);
      }
    });

    test('its tree opens and closes by keyboard', async () => {
      const { page } = await open(`/playground?${QUESTION}&requirement=fastapi`);
      const summary = page.locator('summary', { hasText: /^fastapi/ });
      await summary.focus();
      await page.keyboard.press('Enter');
      expect(await page.getByText('anyio 4.9.0').isVisible()).toBe(false);
      await page.keyboard.press('Enter');
      expect(await page.getByText('anyio 4.9.0').isVisible()).toBe(true);
    });

    test('without JavaScript the registry answers its form', async () => {
      const { page } = await open(`/playground?${QUESTION}&requirement=fastapi`, {
        javaScriptEnabled: false,
      });
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.waitForURL(/\/\?.*requirement=fastapi/);
      expect(await page.locator('#_closure').textContent()).toContain('13 packages');
    });
  });
}
