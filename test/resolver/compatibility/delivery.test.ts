import { describe, expect, test } from 'vitest';
import { embeddedIn } from '../../../resolver/compatibility/workerd.ts';
import { catalog, revisionOf, targetOf, view, viewAt } from './catalog.ts';

const PAIRED = [
  ['2024-06-01', 'python_3.12_packages_2024_08_29'],
  ['2025-11-02', 'python_3.13_packages_2025_08_08'],
] as const;

/** The versions of workerd with each of Cloudflare's sets, determined independently of the importers. */
const EMBEDDED: Record<string, string[]> = {
  'python_3.12_packages_2024_08_29': ['1.20250124.0', '1.20250617.0', '1.20251001.0', '1.20260609.1'],
  'python_3.12_packages_2024_12_18': ['1.20250124.0'],
  'python_3.12_packages_2025_06_06': ['1.20250617.0'],
  'python_3.13_packages_2025_08_08': ['1.20251001.0', '1.20260609.1'],
};

describe('a set', () => {
  test('names the workerd binaries that embed it', () => {
    for (const set of view.sets.values()) expect(embeddedIn(view, set)).toEqual(EMBEDDED[set.flag] ?? []);
  });

  test('a lock file of the standard library alone is not the set', () => {
    const after = catalog.package_locks.filter(({ revision }) => revision === revisionOf('1.20260818.1'));
    expect(after.map(({ tag }) => tag)).toEqual(['20240829.4', '20250808']);
    const sources = catalog.sets.map(({ source }) => source.sha256);
    for (const { sha256 } of after) expect(sources).not.toContain(sha256);
  });
});

describe('a target', () => {
  const last = catalog.log.findLast(({ day: published }) => published < '2026-06-01')!.revision;

  test.for(PAIRED)('on %s got its packages from workerd until June 2026', ([compatibility_date, flag]) => {
    const question = { compatibility_date };
    for (const revision of [revisionOf('1.20251001.0'), last, revisionOf('1.20260609.1')]) {
      const { package_set, diagnostics } = targetOf(question, viewAt(revision));
      if (package_set.flag !== flag) throw new Error(package_set.flag);
      expect(package_set.delivery).toMatchObject({ by: 'workerd', reason: { code: 'embedded' } });
      expect(diagnostics.map(({ code }) => code)).not.toContain('packages_not_in_runtime');
    }
    for (const revision of [revisionOf('1.20260818.1'), revisionOf('1.20261117.1'), catalog.log.length]) {
      const { package_set, diagnostics } = targetOf(question, viewAt(revision));
      expect(package_set.flag).toBe(flag);
      expect(package_set.delivery).toMatchObject({
        by: 'python_modules',
        reason: {
          code: 'no_longer_embedded',
          message: expect.stringContaining('workerd 1.20260609.1 embeds'),
        },
      });
      const notes = diagnostics.filter(({ code }) => code === 'packages_not_in_runtime');
      expect(notes).toHaveLength(1);
      expect(notes[0]!.fix).toContain(`pinwheel vendor and the package flag ${flag}`);
      // Its archives are nothing for pywrangler.
      expect(notes[0]!.fix).not.toContain('/simple/');
    }
  });

  test('of a set that workerd embeds for another runtime provides its packages itself', () => {
    const then = viewAt(revisionOf('1.20250617.0'));
    const compatibility_flags = ['python_3.12_packages_2025_06_06'];
    const { runtime, package_set } = targetOf(
      { compatibility_date: '2025-06-10', compatibility_flags },
      then,
    );
    expect(runtime.workerd_bundle).toBeNull();
    expect(package_set.delivery).toMatchObject({
      by: 'python_modules',
      reason: { code: 'paired_with_another' },
    });
  });

  test('of a set of Pyodide or of Pinwheel never got them from workerd', () => {
    for (const revision of [last, catalog.log.length]) {
      const then = viewAt(revision);
      for (const { flag, source } of then.sets.values()) {
        if (source.package.startsWith('@cloudflare/')) continue;
        const asked = { compatibility_date: null, compatibility_flags: [flag] };
        expect(targetOf(asked, then).package_set.delivery.reason.code).toBe('never_embedded');
      }
    }
  });
});
