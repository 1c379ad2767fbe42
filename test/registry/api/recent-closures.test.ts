/** Cached closures are those that `pinClosure` makes, whatever was asked before, and of which set. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import catalog from '../../../data/catalog.json';
import older from '../../../data/sets/python_3.12_packages_2025_03_01.json';
import newer from '../../../data/sets/python_3.13_packages_2025_08_08.json';
import { recentClosure, renderAnswer } from '../../../registry/api/resolve.ts';
import { pinClosure } from '../../../resolver/closure/prepare.ts';
import {
  type Catalog,
  type PackageSet,
  prepareSet,
  selectTarget,
  viewCatalog,
} from '../../../resolver/index.ts';

const view = viewCatalog(catalog as Catalog);
if (!view.ok) throw new Error('no catalog');
const registry = view.value.stamp;
const catalogView = view.value;
const asked = [newer, older].map((set) => {
  const question = { compatibility_date: null, compatibility_flags: [set.flag], as_of: '2026-11-20' };
  const target = selectTarget(catalogView, question);
  if (!target.ok) throw new Error('no target');
  return { set: prepareSet(set as PackageSet), target: target.value };
});

const rootsOf = (...roots: number[]) => new Map(roots.map((root, at) => [root, at]));

test('of any sets and roots', () => {
  const roots = fc.array(fc.nat(200), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...asked), roots), { maxLength: 20 }), (questions) => {
      for (const [{ set, target }, indexes] of questions) {
        const named = rootsOf(...indexes.filter((index) => index < set.members.length));
        const closure = recentClosure(set, named, target);
        expect(closure).toEqual(pinClosure(set, named));
        const answer = { registry, answer_version: 1, target, ...closure!, diagnostics: [] };
        expect(renderAnswer(answer)).toBe(JSON.stringify(answer));
      }
    }),
  );
});

test('a set without a dependency has none', () => {
  const lacking = prepareSet({ flag: newer.flag, packages: (newer as PackageSet).packages.slice(0, -40) });
  const target = { ...asked[0]!.target, package_set: { ...asked[0]!.target.package_set, digest: 'lacking' } };
  const at = lacking.dangling.findIndex((names) => names.length > 0);
  expect(recentClosure(lacking, rootsOf(at), target)).toBeNull();
  expect(recentClosure(lacking, rootsOf(at), target)).toBeNull();
});
