/** The lines to copy of `pinwheel target` are pasted, and select the same target. */
import { describe, expect, test } from 'vitest';
import type { ResolveAnswer, TargetAnswer, WhenAnswer } from '../../resolver/index.ts';
import { TARGET, usePinwheel } from './pinwheel.ts';

const pinwheel = await usePinwheel();

const AS_OF = ['--as-of', '2026-11-20'];

/** The indented lines below each heading, as people copy them. */
function blocksIn(stdout: string): Map<string, string> {
  const found = stdout.matchAll(/^(?:In|To) (?:vendor )?(.*):\n((?: {2}.*\n)+)/gm);
  return new Map([...found].map(([, name, lines]) => [name!, lines!.replace(/^ {2}/gm, '').trimEnd()]));
}

async function answered<Answer>(args: readonly string[], files: Record<string, string>): Promise<Answer> {
  const cwd = await pinwheel.folderWith(files);
  const { code, stdout, stderr } = await pinwheel.run([...args, '--json'], { cwd });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Answer;
}

describe('lines to copy', () => {
  test.each([
    [['wrangler.jsonc', 'wrangler.toml', 'its packages'], TARGET],
    [
      ['wrangler.jsonc', 'wrangler.toml', 'its packages'],
      ['--date', '2026-11-20', '--flag', 'python_workers'],
    ],
    // Targets that move forward, and those that no date selects.
    [
      ['wrangler.jsonc', 'wrangler.toml', 'its packages'],
      ['--date', '2025-11-02', '--flag', 'python_workers', '--flag', 'no_python_workers_314'],
    ],
    [['its packages'], ['--date', '2025-11-02', '--flag', 'python_3.13_packages_2025_09_22']],
    [['build a Worker that includes them'], ['--flag', 'python_3.12_packages_2025_03_01']],
    [['build a Worker that includes them'], ['--pyodide', '0.29.0']],
  ])('%j of target %j', async (offered, args) => {
    const asked = ['target', ...args, ...(args.includes('--as-of') ? [] : AS_OF)];
    const shown = await answered<TargetAnswer>(asked, {});
    const { stdout } = await pinwheel.run([...asked, '-v']);
    const blocks = blocksIn(stdout);
    expect([...blocks.keys()]).toEqual(offered);
    for (const [name, text] of blocks) {
      if (name === offered.at(-1)) continue;
      const given = await answered<TargetAnswer>(['target', ...AS_OF], { [name]: text });
      expect(given.runtime, name).toEqual(shown.runtime);
      expect(given.package_set, name).toEqual(shown.package_set);
    }
    expect(stdout.includes('No compatibility date selects')).toBe(offered.length === 1);
    const [program, ...words] = blocks.get(offered.at(-1)!)!.split(' ');
    expect(program).toBe('pinwheel');
    if (words[0] === 'build') {
      expect(shown.runtime.workerd_bundle).toBeNull();
      expect(stdout).not.toContain('vendor');
      // Every Pyodide that a set names is built by test/runtime/releases.test.ts.
      const given = await answered<TargetAnswer>(['target', ...words.slice(1), ...AS_OF], {});
      return expect(given.package_set.flag).toBe(shown.package_set.flag);
    }
    const requirements = { 'requirements.txt': 'numpy\n' };
    const vendored = await answered<{ target: TargetAnswer }>(
      [...words, '--dry-run', ...AS_OF],
      requirements,
    );
    expect(vendored.target.runtime).toEqual(shown.runtime);
    expect(vendored.target.package_set).toEqual(shown.package_set);
  });
});

test('what is answered can be had: fastapi is vendored at every default of the last two years', async () => {
  const when = ['when', 'fastapi', '--flag', 'python_workers', ...AS_OF];
  const { intervals } = await answered<WhenAnswer>(when, {});
  const recent = intervals.filter(({ to }) => to >= '2024-11-20');
  expect(recent.length).toBeGreaterThan(2);
  for (const { to, package_set, version } of recent) {
    const vendor = ['vendor', 'fastapi', '--date', to, '--flag', 'python_workers', ...AS_OF, '--dry-run'];
    const { target, packages } = await answered<ResolveAnswer>(vendor, {});
    expect(target.package_set.flag).toBe(package_set.flag);
    expect(packages).toContainEqual(expect.objectContaining({ name: 'fastapi', version }));
  }
});

test('the line that vendors names the files of the project', async () => {
  const wrangler = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n';
  const project = '[project]\nname = "a"\nversion = "1"\ndependencies = ["idna"]\n';
  const cwd = await pinwheel.folderWith({ 'wrangler.toml': wrangler, 'pyproject.toml': project });
  const { stdout } = await pinwheel.run(['target'], { cwd });
  const [line] = /pinwheel vendor -r .*/.exec(stdout)!;
  expect(line).toContain(' -r pyproject.toml ');
  expect(await pinwheel.run([...line!.split(' ').slice(1), '--dry-run'], { cwd })).toMatchObject({ code: 0 });
});

test('the line that vendors, and what is said of files, is right from another folder, too', async () => {
  const wrangler = 'compatibility_date = "2025-11-02"\ncompatibility_flags = ["python_workers"]\n';
  const table = '[tool.pinwheel]\npackage-set = "python_3.13_packages_2025_10_20"\n';
  const project = `[project]\nname = "a"\nversion = "1"\ndependencies = ["idna"]\n${table}`;
  const files = { 'a/wrangler.toml': wrangler, 'a/pyproject.toml': project, 'a/src/entry.py': '' };
  const cwd = await pinwheel.folderWith(files);
  const { stdout } = await pinwheel.run(['-C', 'a', 'target'], { cwd });
  const [line] = /pinwheel -C a vendor -r .*/.exec(stdout)!;
  expect(await pinwheel.run([...line.split(' ').slice(1), '--dry-run'], { cwd })).toMatchObject({ code: 0 });
  const { stderr } = await pinwheel.run(['-C', 'a/src', 'target'], { cwd });
  expect(stderr).toContain('Using ../wrangler.toml and ../pyproject.toml: ');
});
