/** A target as text. */

import { deliveryText } from '../../resolver/compatibility/workerd.ts';
import type { CopyBlock, CopyBlocks } from '../../resolver/formats/copy-blocks.ts';
import type { Target, TargetAnswer } from '../../resolver/index.ts';
import { publisherOf, sourceText } from '../../resolver/provenance.ts';
import type { Source } from '../../resolver/schemas.ts';
import { visible } from '../common/text.ts';
import { diagnosticLines } from './remarks.ts';
import { type Field, fieldLines, type Screen } from './table.ts';

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
  const delivery: Field = {
    label: 'Delivery',
    value: deliveryText(target),
    // If the Worker has to include them, a diagnostic says why.
    ...(package_set.delivery.by === 'workerd' ? { reason: package_set.delivery.reason.message } : {}),
  };
  return [
    {
      label: 'Pyodide',
      value: bundle === null ? pyodide + place : `${pyodide}, in workerd as ${bundle}`,
      reason: reasons.runtime.message,
    },
    { label: 'Python', value: `${python}, ABI ${abi}` },
    {
      label: 'Package set',
      value: package_set.flag,
      reason: reasons.package_set.message,
    },
    ...(detail === 'full' ? [delivery] : []),
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
  config: string | null,
): string[] {
  const { compatibility_date: date, compatibility_flags: flags, as_of, registry } = target;
  const remarks = diagnosticLines(target.diagnostics, screen);
  const asked: Field[] = [
    { label: 'Date', value: date },
    { label: 'Flags', value: flags.join(', ') },
  ];
  const isFull = screen.detail === 'full';
  // One wrangler file, in the format of the project's.
  const other = config?.endsWith('.toml') ? 'wrangler.jsonc' : 'wrangler.toml';
  const known = { label: 'As of', value: `${as_of}, revision ${registry.revision} of the registry` };
  const published = { label: 'Published', value: `by ${publisherOf(source)}: ${sourceText(source)}` };
  const what = isFull
    ? [...asked, known, ...targetFields(target, screen), published]
    : [...asked, ...targetFields(target, screen, screen.detail !== 'answer')];
  if (screen.detail === 'answer') return fieldLines(what, screen);
  return [
    ...fieldLines(what, screen),
    '',
    ...(remark === null ? [] : [remark]),
    ...blocks.flatMap(({ name, lines }) =>
      name in HEADINGS && (isFull || name !== other)
        ? [HEADINGS[name]!, ...lines.map((line) => `  ${visible(line)}`)]
        : [],
    ),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}
