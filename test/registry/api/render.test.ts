/** Rendered answers are those of `JSON.stringify`, whatever was asked before. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import catalog from '../../../data/catalog.json';
import set from '../../../data/sets/python_3.13_packages_2025_08_08.json';
import { renderAnswer } from '../../../registry/api/resolve.ts';
import type { ResolveAnswer } from '../../../resolver/answer.ts';
import {
  type Catalog,
  type Outcome,
  type PackageSet,
  parseRequirement,
  prepareSet,
  resolveClosure,
  selectTarget,
  viewCatalog,
} from '../../../resolver/index.ts';

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  return outcome.value;
}

const view = unwrap(viewCatalog(catalog as Catalog));
const question = { compatibility_date: null, compatibility_flags: [set.flag], as_of: '2026-11-20' };
const target = unwrap(selectTarget(view, question));
const prepared = prepareSet(set as PackageSet);

function answerTo(requirements: readonly string[]): ResolveAnswer {
  const parsed = requirements.map((text) => unwrap(parseRequirement(text)));
  return unwrap(resolveClosure(view.stamp, target, prepared, parsed));
}

test('for any questions', () => {
  const name = fc.constantFrom(...set.packages.map((member) => member.name));
  fc.assert(
    fc.property(fc.array(fc.array(name, { maxLength: 6 }), { maxLength: 20 }), (questions) => {
      for (const answer of questions.map(answerTo)) expect(renderAnswer(answer)).toBe(JSON.stringify(answer));
    }),
  );
});
