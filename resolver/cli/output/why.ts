/** Why a package is in a closure, as people read it. */
import type { WhyAnswer } from '../../closure/why-answer.ts';
import { type Field, fieldLines } from './fields.ts';
import { diagnosticLines } from './remarks.ts';
import type { Screen } from './screen.ts';
import { bytes, printable } from './text.ts';

const PATCHERS: Record<string, string> = {
  pinwheel: 'Pinwheel',
  pyodide: 'Pyodide',
  cloudflare: 'Cloudflare',
};

export function whyLines(
  { target, package: found, chains, more_chains }: WhyAnswer,
  screen: Screen,
): string[] {
  if (!found) return [];
  const { colors } = screen;
  const { wheel, requested } = found;
  const { runtime, package_set } = target;
  const size = wheel.size === null ? '' : `, ${bytes(wheel.size)}`;
  const by = wheel.patched?.by;
  const fields: Field[] = [
    {
      label: 'Pinned by',
      value: `${package_set.flag}, Pyodide ${runtime.pyodide}, Python ${runtime.python}`,
    },
    { label: 'File', value: `${wheel.filename}${size}` },
    { label: 'SHA-256', value: wheel.sha256 },
    { label: 'Patched by', value: by === undefined ? 'nobody' : (PATCHERS[by] ?? by) },
  ];
  const remarks = diagnosticLines(target.diagnostics, screen);
  return [
    `${colors.bold(printable(`${found.name} ${found.version}`))} is ${requested ? 'requested' : 'required'}:`,
    ...chains.map((chain) => `  ${chainText(chain, screen)}`),
    ...(more_chains > 0 ? [`  and by ${more_chains.toLocaleString('en-US')} more ways`] : []),
    '',
    ...fieldLines(fields, screen),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}

/** The requested package first, and the package in question last. */
function chainText(chain: readonly string[], { colors }: Screen): string {
  if (chain.length === 1) return 'it is a requirement itself';
  return chain.map((name, at) => (at === 0 ? colors.green(printable(name)) : printable(name))).join(' → ');
}
