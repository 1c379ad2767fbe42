/** `pinwheel packages`: what the package set of a target holds. */

import { unknownPackage } from '../../resolver/issues/closure.ts';
import { fixed, requirementFixes } from '../../resolver/issues/fixes.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { openBackend } from '../ask/backend.ts';
import { packageSet } from '../ask/package-set.ts';
import { unanswered } from '../common/failure.ts';
import { packageLines } from '../print/packages.ts';
import { print } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { askTarget, type QuestionOptions, readQuestion } from '../project/question.ts';

export async function packagesCommand(query: string | undefined, options: QuestionOptions): Promise<void> {
  const { pinwheel } = await openBackend(options);
  const question = await readQuestion(options);
  const target = await askTarget(pinwheel, question, options);
  const { flag, delivery } = target.package_set;
  const document = await packageSet(pinwheel, target, target.registry);
  if (query === undefined) {
    return print(
      options.format === 'json'
        ? [JSON.stringify(document)]
        : packageLines(document, delivery, screenOf(process.stdout)),
    );
  }
  const part = canonicalName(query);
  const packages = document.packages.filter(({ name }) => name.includes(part));
  if (packages.length === 0) {
    const names = document.packages.map(({ name }) => name);
    const near = nearest(part, names);
    const asked = { requirement: query, index: 0, repeats: [], package: part, package_set: flag };
    const unknown = unknownPackage({ ...asked, near, providers: [], fixes: [], available: null });
    const message = `The package set ${flag} has no package whose name contains "${query}".`;
    throw unanswered([{ ...unknown, message, ...fixed(requirementFixes(part, near, 'similar')) }]);
  }
  const found = { ...document, packages };
  print(
    options.format === 'json'
      ? [JSON.stringify(found)]
      : packageLines(found, delivery, screenOf(process.stdout)),
  );
}
