/** `pinwheel target`: the runtime and the package set that a date and flags select. */
import { deliveryText } from '../../resolver/compatibility/workerd.ts';
import { type CopyBlock, type CopyBlocks, copyBlocks, isSame } from '../../resolver/formats/copy-blocks.ts';
import type { Pinwheel, Target, TargetAnswer } from '../../resolver/index.ts';
import { publisherOf, sourceText } from '../../resolver/provenance.ts';
import type { Source } from '../../resolver/schemas.ts';
import { openBackend } from '../ask/backend.ts';
import { setHead } from '../ask/package-set.ts';
import { visible } from '../common/text.ts';
import { print } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Field, fieldLines, type Screen, screenOf, sentence } from '../print/table.ts';
import { commandIn } from '../print/words.ts';
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

export function targetFields(target: Target, { detail }: Screen, asksWhy = false): Field[] {
  const { runtime, package_set, reasons } = target;
  const { pyodide, python, abi, workerd_bundle: bundle } = runtime;
  const isInWorker = bundle === null && reasons.runtime.code !== 'pyodide_named';
  const place = isInWorker ? ', which the Worker must include' : '';
  if (detail !== 'full' && !asksWhy) {
    return [
      { label: 'Python', value: `${python}, Pyodide ${pyodide}${place}` },
      { label: 'Package set', value: package_set.flag },
    ];
  }
  return [
    {
      label: 'Pyodide',
      value: bundle === null ? pyodide + place : `${pyodide}, in workerd as ${bundle}`,
      reason: reasons.runtime.message,
    },
    { label: 'Python', value: `${python}, ABI ${abi}` },
    { label: 'Package set', value: package_set.flag, reason: reasons.package_set.message },
    {
      label: 'Delivery',
      value: detail === 'full' ? deliveryText(target) : null,
      // If the Worker has to include them, a diagnostic says why.
      reason: package_set.delivery.by === 'workerd' ? package_set.delivery.reason.message : null,
    },
  ];
}

const HEADINGS: Partial<Record<CopyBlock['name'], string>> = {
  'wrangler.jsonc': 'In wrangler.jsonc:',
  'wrangler.toml': 'In wrangler.toml:',
  'pinwheel vendor': 'To vendor its packages:',
  'pinwheel build': 'To build a Worker that includes them:',
};

/** `source`: where the package set was read from. */
function targetLines(
  target: TargetAnswer,
  source: Source,
  { remark, blocks }: CopyBlocks,
  screen: Screen,
  config: string | null,
): string[] {
  const { compatibility_date: date, compatibility_flags: flags, as_of, registry } = target;
  const remarks = diagnosticLines(target.diagnostics, screen);
  const isFull = screen.detail === 'full';
  // One wrangler file, in the format of the project's.
  const other = config?.endsWith('.toml') ? 'wrangler.jsonc' : 'wrangler.toml';
  const what: Field[] = [
    { label: 'Date', value: date },
    { label: 'Flags', value: flags.join(', ') },
    { label: 'As of', value: isFull ? `${as_of}, revision ${registry.revision} of the registry` : null },
    ...targetFields(target, screen, screen.detail !== 'answer'),
    { label: 'Published', value: isFull ? `by ${publisherOf(source)}: ${sourceText(source)}` : null },
  ];
  if (screen.detail === 'answer') return fieldLines(what, screen);
  return [
    ...fieldLines(what, screen),
    '',
    ...(remark === null ? [] : sentence(remark, screen)),
    ...blocks.flatMap(({ name, lines }) =>
      name in HEADINGS && (isFull || name !== other)
        ? [HEADINGS[name]!, ...lines.map((line) => `  ${visible(commandIn(line))}`)]
        : [],
    ),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}
