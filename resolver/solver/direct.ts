/** Wheels that requirements name by their URL. */

import { canonicalName } from '../requirements/name.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { printable } from '../text/printable.ts';
import { parseWheelName } from '../wheels/wheel-name.ts';
import type { SolveIssue, SolveRead } from './issue.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';

/** The files behind the URLs of requirements, by canonical name. */
export async function directFiles(
  requirements: readonly DirectRequirement[],
  index: PackageIndex | null,
): Promise<SolveRead<Map<string, IndexFile>>> {
  const files = new Map<string, IndexFile>();
  const issues: SolveIssue[] = [];
  for (const { name, url, text } of requirements) {
    if (url === null) continue;
    const known = files.get(name);
    if (!index?.fileAt) {
      issues.push(
        malformed(`Nothing here can follow the URL of ${printable(text)}.`, 'Ask an index, which can.'),
      );
    } else if (!known) {
      const file = await index.fileAt(url);
      files.set(name, file);
      if (canonicalName(parseWheelName(file.filename)?.project ?? '') !== name) {
        const message = `${printable(text)} names a wheel of another project: ${printable(file.filename)}.`;
        issues.push(malformed(message, 'Write the name of the wheel before the @.'));
      }
    } else if (known.url !== url.replace(/#.*$/s, '')) {
      issues.push(
        malformed(
          `${name} is asked for by two URLs: ${printable(known.url)} and ${printable(url)}.`,
          'Leave one out.',
        ),
      );
    }
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: files };
}

function malformed(message: string, fix: string): SolveIssue {
  return { kind: 'malformed', code: 'direct_url_requirement', message, fix };
}
