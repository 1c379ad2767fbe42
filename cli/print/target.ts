/** A target as text. */

import { deliveryText } from '../../resolver/compatibility/workerd.ts';
import type { CopyBlock, CopyBlocks } from '../../resolver/formats/copy-blocks.ts';
import type { Target, TargetAnswer } from '../../resolver/index.ts';
import { publisherOf, sourceText } from '../../resolver/provenance.ts';
import type { Source } from '../../resolver/schemas.ts';
import { visible } from '../common/text.ts';
import { diagnosticLines } from './remarks.ts';
import { type Field, fieldLines, type Screen } from './table.ts';

export function targetFields(target: Target): Field[] {
  const { runtime, package_set, reasons } = target;
  const { pyodide, python, abi, workerd_bundle: bundle } = runtime;
  return [
    {
      label: 'Pyodide',
      value:
        reasons.runtime.code === 'pyodide_named'
          ? pyodide
          : bundle === null
            ? `${pyodide}, which the Worker must include`
            : `${pyodide}, in workerd as ${bundle}`,
      reason: reasons.runtime.message,
    },
    { label: 'Python', value: `${python}, ABI ${abi}` },
    {
      label: 'Package set',
      value: package_set.flag,
      reason: reasons.package_set.message,
    },
    {
      label: 'Delivery',
      value: deliveryText(target),
      // If the Worker has to include them, a diagnostic says why.
      ...(package_set.delivery.by === 'workerd' ? { reason: package_set.delivery.reason.message } : {}),
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
export function targetLines(
  target: TargetAnswer,
  source: Source,
  { remark, blocks }: CopyBlocks,
  screen: Screen,
): string[] {
  const { compatibility_date: date, compatibility_flags: flags, as_of, registry } = target;
  const remarks = diagnosticLines(target.diagnostics, screen);
  const asked: Field[] = [
    { label: 'Date', value: date },
    { label: 'Flags', value: flags.join(', ') },
    { label: 'As of', value: `${as_of}, revision ${registry.revision} of the registry` },
  ];
  const published = { label: 'Published', value: `by ${publisherOf(source)}: ${sourceText(source)}` };
  return [
    ...fieldLines([...asked, ...targetFields(target), published], screen),
    '',
    ...(remark === null ? [] : [remark]),
    ...blocks.flatMap(({ name, lines }) =>
      name in HEADINGS ? [HEADINGS[name]!, ...lines.map((line) => `  ${visible(line)}`)] : [],
    ),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}
