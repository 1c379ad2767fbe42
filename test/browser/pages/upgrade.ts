import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { newFolder, writeFiles } from '../../common/own.ts';
import { open, POLL, urlOf } from '../site.ts';

const MOVE = 'from=2025-11-02&to=2026-11-20&as_of=2026-11-20';
export const WRANGLER = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n';

export const box = (page: Page) => page.locator('#_search');

export const headline = (page: Page) => page.locator('#_answer').textContent();

/** As a person does from a file manager: playwright knows no such gesture, and Chromium’s protocol does. */
export async function drop(page: Page, path: string, onto = '#_folder'): Promise<void> {
  const place = (await page.locator(onto).boundingBox())!;
  const protocol = await page.context().newCDPSession(page);
  const at = { x: place.x + place.width / 2, y: place.y + place.height / 2 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await protocol.send('Input.dispatchDragEvent', { type, ...at, data });
  }
}

export async function choose(page: Page, path: string, button = 'Choose a project’s folder'): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).press('Enter');
  await (await choosing).setFiles(path);
}

export function upgradePage(): void {
  describe('the upgrade view', () => {
    test.each([true, false])(
      'answers a pasted project, and keeps its secrets out of the address, with JavaScript: %s',
      async (javaScriptEnabled) => {
        const { page, problems } = await open('/compare?as_of=2026-11-20', { javaScriptEnabled });
        await box(page).fill(`${WRANGLER}[vars]\nTOKEN = "s3cret"\nfastapi\nlangchain`);
        await page.getByRole('button', { name: 'Answer' }).click();
        await expect.poll(() => headline(page), POLL).toContain('All requirements are met up to 2026-09-07');
        await page.waitForURL(/from=2025-11-02.*requirement=langchain/);
        expect(page.url()).not.toContain('s3cret');
        // The rows have both sides, and what flags need of the code is among them.
        const rows = page.locator('.answer-rows tbody tr');
        expect((await rows.locator('th').allTextContents()).slice(0, 3)).toEqual([
          'fastapi',
          'langchain',
          'python_check_rng_state',
        ]);
        expect((await rows.nth(1).locator('td').allTextContents()).slice(0, 2)).toEqual([
          '0.3.27',
          '✕ not there',
        ]);
        expect(await rows.nth(2).locator('pre').textContent()).toMatch(/^-number = random\.random\(\)$/m);
        const all = page.locator('.steps tbody tr').first();
        expect(await all.locator('td').allTextContents()).toEqual([
          '✕ 1 fail',
          '◐ 5 to look at',
          '= the same',
          '◐ 1 to look at',
          '◐ other versions',
        ]);
        // A requirement that fails has links to the questions that mend it.
        const unmet = page.locator('.notices > ul > .error');
        expect(await unmet.textContent()).toContain('langchain');
        await unmet.getByRole('link', { name: 'Use the compatibility date 2026-09-07' }).click();
        await page.waitForURL(/to=2026-09-07/);
        expect(await page.locator('#_changes').textContent()).toContain('stay the same');
        expect(problems).toEqual([]);
      },
    );

    test('the slider requests only the index, sets, versions and the standard library', async () => {
      const { page, problems } = await open(`/compare?${MOVE}&requirement=fastapi`);
      const changes = page.locator('#_changes');
      const slider = page.getByRole('slider');
      await slider.waitFor();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await box(page).fill('fastapi\nnumpy');
      await page.waitForURL(/requirement=numpy/);
      await slider.focus();
      await page.keyboard.press('Home');
      await expect.poll(() => changes.textContent(), POLL).toContain('Python 3.13 becomes 3.12');
      await page.keyboard.press('End');
      await expect.poll(() => changes.textContent(), POLL).toContain('Python 3.13 becomes 3.14');
      await page.getByText('Each compatibility date', { exact: true }).click();
      await page.locator('.steps thead a', { hasText: '2025-12-16' }).click();
      await expect.poll(() => changes.textContent(), POLL).toContain('On 2026-09-07');
      expect(page.url()).toContain('to=2026-09-07');
      expect(
        asked.filter((path) => !/^\/v1\/(index$|sets\/|packages\/|standard-library$)/.test(path)),
      ).toEqual([]);
      expect(problems).toEqual([]);
    });

    test('the box has the requirements that are left', async () => {
      const { page, problems } = await open(`/compare?${MOVE}&requirement=numpy&requirement=fastapi`);
      await page.getByRole('slider').waitFor();
      await page.getByRole('button', { name: 'Remove numpy' }).click();
      await page.waitForURL(/requirement=fastapi$/);
      expect(await box(page).inputValue()).toBe('fastapi');
      await page.getByLabel('Requirement fastapi').fill('fastapi<1');
      await page.waitForURL(/requirement=fastapi%3C1$/);
      expect(await box(page).inputValue()).toBe('fastapi<1');
      await box(page).fill('fastapi<1 six');
      await page.waitForURL(/requirement=six$/);
      expect(page.url()).not.toContain('numpy');
      expect(problems).toEqual([]);
    });

    test('says that an answer is on its way, and then what it is', async () => {
      const { page } = await open('/compare?as_of=2026-11-20');
      const asked = Promise.withResolvers<void>();
      const answered = Promise.withResolvers<void>();
      await page.route('**/v1/packages/langchain', async (route) => {
        asked.resolve();
        await answered.promise;
        await route.continue();
      });
      await box(page).fill('langchain');
      await asked.promise;
      expect(await page.locator('#_result').getAttribute('aria-busy')).toBe('true');
      answered.resolve();
      await expect
        .poll(() => page.getByRole('status').allTextContents(), POLL)
        .toContain('All requirements are met up to 2026-09-07, but not later');
      expect(await page.locator('#_result').getAttribute('aria-busy')).toBe('false');
      await page.unroute('**/v1/packages/langchain');
    });

    test('asks for an unknown name once, without an error on the console', async () => {
      const { page, problems } = await open('/compare?as_of=2026-11-20');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await box(page).fill('fastapi\nnothing-like-it\nlangchain');
      const rows = () => page.locator('.answer-rows').allTextContents();
      await expect.poll(rows, POLL).toEqual([expect.stringMatching(/langchain.*nothing-like-it/s)]);
      await box(page).fill('fastapi\nnothing-like-it');
      await expect.poll(rows, POLL).toEqual([expect.not.stringContaining('langchain')]);
      expect(asked.filter((url) => url.includes('nothing-like-it'))).toHaveLength(1);
      expect(asked.filter((url) => url.endsWith('/v1/packages/langchain'))).toHaveLength(1);
      expect(problems).toEqual([]);
    });

    test.each(['PIL', 'yaml numpy', 'nodejs_compat numpy', 'nunpy'])(
      'leaves it to the registry what %s is',
      async (text) => {
        const path = '/compare?from=2025-06-01&to=2026-11-01&as_of=2026-11-20';
        const { page, problems } = await open(path);
        await box(page).fill(text);
        const [name] = text.split(' ');
        await expect
          .poll(() => page.locator('#_result').textContent(), POLL)
          .toContain(`No package set has ${name}. Press Answer: `);
        expect(page.url()).not.toContain(name);
        await box(page).press('Enter');
        await page.waitForURL(/requirement|flag/);
        if (name !== 'nunpy') expect(await headline(page)).toMatch(/^. All requirements/);
        expect(problems).toEqual([]);
      },
    );

    test('looks up hundreds of names without a search for each, also beside a set that it cannot read', async () => {
      const { page, problems } = await open('/compare?as_of=2026-11-20');
      const set = (await (await fetch(urlOf('/v1/sets/python_3.13_packages_2025_09_22'))).json()) as {
        packages: { name: string }[];
      };
      const names = set.packages.map(({ name }) => name);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await box(page).fill(names.join('\n'));
      await expect.poll(() => page.locator('.steps tbody tr').count(), POLL).toBeGreaterThan(40);
      expect(asked.filter((path) => path === '/v1/packages').length).toBeLessThan(names.length / 4);
      expect(problems).toEqual([]);
    });

    test('shows the same from the registry and from the browser', async () => {
      const path = `/compare?${MOVE}&requirement=fastapi&requirement=numpy%3E3`;
      const { page } = await open(path);
      await page.getByRole('slider').waitFor();
      await box(page).fill('fastapi\nnumpy>3 ');
      await page.waitForURL(/requirement=fastapi&requirement=numpy%3E3$/);
      const { page: plain } = await open(path, { javaScriptEnabled: false });
      const shown = (of: Page) => of.locator('section.notices').textContent();
      expect(await shown(page)).toContain('numpy>3');
      expect(await shown(plain)).toBe(await shown(page));
    });

    test.each(['chosen', 'dropped'])(
      'checks a project’s folder, %s, in the browser, and uploads nothing',
      async (how) => {
        const folder = newFolder();
        await writeFiles(folder, {
          'wrangler.toml': `${WRANGLER}main = "src/entry.py"\n`,
          'pyproject.toml':
            '[project]\nname = "x"\ndependencies = ["fastapi", "Acme.Shared>=1"]\n[tool.uv.sources]\nacme-shared = { path = "../s" }\n',
          'src/entry.py': 'import fastapi\nimport crypt\nimport acme_shared\n',
        });
        const { page, problems } = await open('/compare?to=2026-11-20&as_of=2026-11-20&requirement=six');
        const bodies: (string | null)[] = [];
        page.on('request', (request) => bodies.push(request.postData()));
        const checks = () =>
          page.evaluate(
            () => performance.getEntriesByType('resource').filter(({ name }) => /\/check-/.test(name)).length,
          );
        expect(await checks()).toBe(0);
        if (how === 'chosen') await choose(page, folder);
        else await drop(page, folder);
        await expect
          .poll(() => page.locator('.folder [role=status]').textContent(), POLL)
          .toBe(
            'Checked 1 Python file in this browser; nothing was uploaded. Only pinwheel check reads where acme-shared comes from.',
          );
        await expect.poll(() => page.locator('#_files').count(), POLL).toBe(1);
        expect(
          await page.locator('details', { hasText: 'Everything that changes' }).last().getAttribute('open'),
        ).toBe(null);
        expect(await box(page).inputValue()).toBe(`${WRANGLER}main = "src/entry.py"\n\nfastapi`);
        const findings = await page.locator('section', { has: page.locator('#_files') }).textContent();
        expect(findings).toContain('src/entry.py:2');
        // Nobody is to look for it in an index, where a stranger may have that name.
        expect(await page.locator('#_changes').textContent()).not.toMatch(/acme/i);
        expect(await page.locator('.steps tbody tr').first().textContent()).toContain('1 in the files');
        // Only the files fail on that day, as the question is about their requirements alone.
        expect(await headline(page)).toBe(
          '✕ All requirements are met on 2026-11-20, but your code fails: 3 in the files',
        );
        expect(await page.locator('#_requirements').count()).toBe(0);
        // crypt is there at no date from that of the Worker on.
        expect(await page.locator('#_working').count()).toBe(0);
        expect(await checks()).toBe(1);
        expect(bodies.filter((body) => body !== null)).toEqual([]);
        expect(problems).toEqual([]);
      },
    );

    test('the newest date for a folder is that at which its code does not fail either', async () => {
      const folder = newFolder();
      const wrangler = `${WRANGLER.replace('2025-11-02', '2025-06-01')}main = "entry.py"\n`;
      await writeFiles(folder, {
        'wrangler.toml': wrangler,
        'requirements.txt': 'fastapi\n',
        'entry.py':
          'from workers import WorkerEntrypoint\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request): ...\n',
      });
      const { page, problems } = await open('/compare?to=2026-11-20&as_of=2026-11-20');
      await choose(page, folder);
      await expect.poll(() => headline(page), POLL).toContain('but your code fails: 1 in the files');
      const newest = page.locator('figure', { has: page.locator('#_working') });
      expect(await newest.textContent()).toMatch(
        /are met, and your code does not fail.*compatibility_date = "2026-04-20"/s,
      );
      expect(problems).toEqual([]);
    });

    test('compares package flags, with the line that asks the API', async () => {
      const { page } = await open(
        '/compare?from=python_3.13_packages_2025_09_22&to=python_3.13_packages_2025_10_20',
        { javaScriptEnabled: false },
      );
      const added = page.locator('details', { hasText: 'Added: 11 packages' }).last();
      expect(await added.getByRole('link', { name: 'fastapi' }).count()).toBe(1);
      const [, url] = /^curl '(.*)'$/.exec((await page.locator('pre').last().textContent())!)!;
      const answer = (await (await fetch(url!)).json()) as { packages: { added: { name: string }[] } };
      expect(answer.packages.added).toHaveLength(15);
      // The page leaves out the tests of packages.
      expect(answer.packages.added.filter(({ name }) => !name.endsWith('-tests'))).toHaveLength(11);
      expect(await added.getByRole('link').count()).toBe(11);
    });

    test('invalid text is rejected, and stays in its field', async () => {
      const { page, response } = await open('/compare?from=2025-9-1&to=2026-11-01&as_of=2026-11-20');
      expect(response.status()).toBe(400);
      expect(await page.getByRole('alert').textContent()).toContain('Invalid compatibility date: 2025-9-1');
      expect(await page.getByLabel('Compatibility date', { exact: true }).inputValue()).toBe('2025-9-1');
    });
  });
}
