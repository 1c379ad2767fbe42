/** `pinwheel target`: the runtime and the package set that a date and flags select. */

import { copyBlocks, isSame } from '../../resolver/formats/copy-blocks.ts';
import type { Pinwheel, TargetAnswer } from '../../resolver/index.ts';
import { openBackend } from '../ask/backend.ts';
import { setHead } from '../ask/package-set.ts';
import { print } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { targetLines } from '../print/target.ts';
import { readPlace, targetOf } from '../project/beyond.ts';
import { type Question, type QuestionOptions, wranglerFileOf } from '../project/question.ts';
import { requirementFiles } from '../project/sources/sources.ts';
import { projectHome } from '../project/wrangler-file.ts';

export async function targetCommand(options: QuestionOptions): Promise<void> {
  const { pinwheel } = await openBackend(options);
  const place = await readPlace(pinwheel, options);
  const target = await targetOf(pinwheel, place, options);
  if (options.format === 'json') return print([JSON.stringify(target)]);
  const { source } = place.set ?? (await setHead(pinwheel, target, target.registry));
  const date = await dateThatGives(pinwheel, place.question, target);
  const config = wranglerFileOf(options);
  const files = await requirementFiles(projectHome(config ?? undefined));
  const blocks = copyBlocks({ target, date, packages: [], files, index: null });
  print(targetLines(target, source, blocks, screenOf(process.stdout), config));
}

/** The target's date, if it selects the same target without a package flag; else null. */
async function dateThatGives(
  pinwheel: Pinwheel,
  question: Question,
  target: TargetAnswer,
): Promise<string | null> {
  const { compatibility_date, workerd_flags: compatibility_flags } = target;
  if (target.reasons.package_set.code !== 'pinned') return compatibility_date;
  const again = await pinwheel.safeTarget({ ...question, compatibility_date, compatibility_flags });
  return again.ok && isSame(again.value, target) ? compatibility_date : null;
}
