/** Why a package is in a closure, as text. */

import type { WhyAnswer } from '../../resolver/closure/why.ts';
import { patcherOf, rebuildCommand } from '../../resolver/provenance.ts';
import type { Patched } from '../../resolver/schemas.ts';
import { bytes, visible } from '../common/text.ts';
import { diagnosticLines } from './remarks.ts';
import { type Field, fieldLines, type Screen } from './table.ts';

export function whyLines(
  { target, package: found, chains, more_chains }: WhyAnswer,
  screen: Screen,
): string[] {
  if (!found) return [];
  const { colors } = screen;
  const { wheel, requested } = found;
  const { runtime, package_set } = target;
  const size = wheel.size === null ? '' : `, ${bytes(wheel.size)}`;
  const fields: Field[] = [
    {
      label: 'Pinned by',
      value: `${package_set.flag}, Pyodide ${runtime.pyodide}, Python ${runtime.python}`,
    },
    { label: 'File', value: `${wheel.filename}${size}` },
    { label: 'SHA-256', value: wheel.sha256 },
    ...patchFields(wheel.patched),
  ];
  const remarks = diagnosticLines(target.diagnostics, screen);
  return [
    `${colors.bold(visible(`${found.name} ${found.version}`))} is ${requested ? 'requested' : 'required'}:`,
    ...chains.map((chain) => `  ${chainText(chain, screen)}`),
    ...(more_chains > 0 ? [`  and in ${more_chains.toLocaleString('en-US')} more ways`] : []),
    '',
    ...fieldLines(fields, screen),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}

/** Who patched a file, with details if it was Pinwheel. */
function patchFields(patched: Patched | null): Field[] {
  if (patched?.by !== 'pinwheel') {
    if (!patched) return [{ label: 'Patch', value: 'no known patch' }];
    return [{ label: 'Patched by', value: patcherOf(patched.by) }];
  }
  const { patch, release, upstream, recipe } = patched;
  const command = rebuildCommand(patched);
  return [
    { label: 'Patched by', value: `${patcherOf(patched.by)}, with release ${release} of its patch ${patch}` },
    { label: 'Upstream file', value: upstream.filename },
    { label: 'Upstream SHA-256', value: upstream.sha256 },
    { label: 'Recipe SHA-256', value: recipe },
    ...(command === null ? [] : [{ label: 'Rebuilt by', value: command, reason: "In Pinwheel's sources." }]),
  ];
}

/** The requested package first, and the package in question last. */
function chainText(chain: readonly string[], { colors }: Screen): string {
  if (chain.length === 1) return 'it is a requirement itself';
  return chain.map((name, at) => (at === 0 ? colors.green(visible(name)) : visible(name))).join(' → ');
}
