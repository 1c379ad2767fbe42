/** The package set that a project pins: `package-set` under `[tool.pinwheel]` in the `pyproject.toml` beside it. */

import { join } from 'node:path';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import { own, tableAt } from '../../resolver/formats/table.ts';
import { malformedPyproject } from '../../resolver/issues/files.ts';
import { advice, fixed } from '../../resolver/issues/fixes.ts';
import type { LocatedIssue } from '../common/failure.ts';
import { inputError, readPyproject } from '../common/read-text.ts';

/** Package flags are not in the wrangler file, because workerd does not know them. */
export async function readPinnedSet(home: string): Promise<string | null> {
  const path = join(home, 'pyproject.toml');
  const table = tableAt(await readPyproject(path, 'pinwheel'), 'tool', 'pinwheel') ?? {};
  const flag = own(table, 'package-set') ?? null;
  if (flag === null || (typeof flag === 'string' && isPackageFlag(flag))) return flag;
  throw inputError([malformedPyproject({ problem: 'no_package_flag', file: path })]);
}

/** Flags of options replace those of the wrangler file; package flags alone replace only its package flag. */
export function flagsOf(
  named: readonly string[],
  written: readonly string[],
  pinned: string | null,
): string[] {
  if (named.length > 0 && !named.every(isPackageFlag)) return [...named];
  if (named.length > 0) return [...written.filter((flag) => !isPackageFlag(flag)), ...named];
  return pinned === null || written.some(isPackageFlag) ? [...written] : [...written, pinned];
}

/** Adds to the first issue that proposes a package flag where to set it. */
export function withPinHint<Explained extends LocatedIssue>(issues: readonly Explained[]): Explained[] {
  let isSaid = false;
  return issues.map((issue) => {
    const proposal = issue.fixes.find((fix) => fix.kind === 'package_flag');
    if (isSaid || proposal === undefined) return issue;
    isSaid = true;
    const line = `package-set = "${proposal.flag}" under [tool.pinwheel] in pyproject.toml`;
    const hint = `Name it with \`flags=${proposal.flag}\`, or permanently with ${line}.`;
    return { ...issue, ...fixed([...issue.fixes, advice(hint)]) };
  });
}
