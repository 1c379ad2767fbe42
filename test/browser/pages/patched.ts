/** Patched wheels, and their sets, in the pages. */
import { describe, expect, test } from 'vitest';
import type { Member } from '../../../resolver/catalog.ts';
import { BASE_FLAG, copied, fetchPage, open, PINWHEEL_FLAG, visibleRows } from '../site.ts';

const AS_OF = 'as_of=2026-11-20';

export function patchedWheels(): void {
  describe('patched wheels', () => {
    test('the page of a package names the patcher, the upstream file, the recipe, and the command that rebuilds it', async () => {
      const { page } = await open(`/packages/httpx?flag=${PINWHEEL_FLAG}&${AS_OF}`, {
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const member = (await (await fetchPage(`/v1/sets/${PINWHEEL_FLAG}/packages/httpx`)).json()) as Member;
      const { patched } = member;
      if (patched?.by !== 'pinwheel') throw new Error('httpx is not patched');
      const facts = page.locator('#_wheel ~ dl');
      const terms = await facts.locator('dt').allTextContents();
      const details = await facts.locator('dd').allTextContents();
      const said = new Map(terms.map((term, at) => [term, details[at]]));
      expect(said.get('Patched by')).toBe(`Pinwheel, with release ${patched.release} of its patch httpx`);
      expect(said.get('Upstream file')).toBe(patched.upstream.filename);
      expect(said.get('Upstream SHA-256')).toBe(patched.upstream.sha256);
      expect(said.get('Recipe SHA-256')).toBe(patched.recipe);
      expect(said.get('From')).toBe('Pinwheel itself');

      const figure = page.locator('figure', { hasText: 'Builds this wheel again' });
      const { text } = await copied(page, () => figure.getByRole('button', { name: 'Copy' }).click());
      expect(text).toBe('npm run patch:build -- httpx==0.28.1');
      const rows = page.locator('#_sets ~ table tbody tr');
      expect(await rows.filter({ hasText: 'patched by Pinwheel' }).count()).toBeGreaterThan(0);
      expect(await rows.filter({ hasText: 'patched by Pyodide' }).count()).toBeGreaterThan(0);
    });

    test('a package without a known patch has no such facts', async () => {
      const { page } = await open(`/packages/idna?flag=${PINWHEEL_FLAG}&${AS_OF}`);
      const facts = await page.locator('#_wheel ~ dl').textContent();
      expect(facts).toContain('no known patch');
      expect(facts).not.toContain('Recipe');
      expect(await page.locator('#_rebuild').count()).toBe(0);
    });

    test('the page of a Pinwheel-built set links to its base, and to the changes', async () => {
      const { page } = await open(`/sets/${PINWHEEL_FLAG}?${AS_OF}`);
      const based = page.locator('dt', { hasText: 'Based on' }).locator('+ dd');
      expect(await based.textContent()).toContain(`${BASE_FLAG}, published by Pyodide`);
      expect(await page.locator('#_changes ~ details tbody tr', { hasText: 'httpx' }).textContent()).toMatch(
        /httpx.*0\.28\.1.*0\.28\.1\+pinwheel\.\d+.*patched by Pinwheel/,
      );
      await based.getByRole('link', { name: 'Compare the two' }).click();
      await page.waitForURL(/\/compare\?/);
      expect(await page.locator('main').textContent()).toContain('patched by Pinwheel');
    });

    test('the patcher of a wheel links to an explanation', async () => {
      const { page } = await open(`/sets/${PINWHEEL_FLAG}?kind=patched&${AS_OF}`);
      const names = await visibleRows(page).locator('th').allTextContents();
      expect(names).toContain('httpx');
      await visibleRows(page).first().getByRole('link', { name: 'Pinwheel' }).click();
      await page.waitForURL(/\/patched#_pinwheel$/);
      expect(await page.locator('h2:target').textContent()).toBe('Patched by Pinwheel');
      await page.getByRole('link', { name: PINWHEEL_FLAG }).click();
      await page.waitForURL(/kind=patched/);
      expect(await visibleRows(page).locator('th').allTextContents()).toEqual(names);
    });
  });
}
