/** Wheels that requirements name by their URL. */
import type { Issue, Outcome } from '../issue.ts';
import { misread } from '../issues/requirements.ts';
import { canonicalName } from '../requirements/name.ts';
import type { DirectRequirement } from '../requirements/requirement.ts';
import { printable } from '../text/printable.ts';
import { parseWheelName } from '../wheels/wheel-name.ts';
import type { IndexFile, PackageIndex } from './package-index.ts';

export async function directFiles(
  requirements: readonly DirectRequirement[],
  index: PackageIndex | null,
): Promise<Outcome<Map<string, IndexFile>>> {
  const files = new Map<string, IndexFile>();
  const issues: Issue[] = [];
  for (const [at, { name, url, text }] of requirements.entries()) {
    if (url === null) continue;
    const known = files.get(name);
    const refuse = (message: string, fix: string) => {
      const fields = { requirement: text, index: at, repeats: [], problem: message, column: 1, fix };
      issues.push({ ...misread('direct_url_requirement')(fields), message });
    };
    if (!index?.fileAt) {
      refuse(`${printable(text)} has a URL, which only an index can follow.`, 'Ask with an index.');
    } else if (!known) {
      const file = await index.fileAt(url);
      files.set(name, file);
      if (canonicalName(parseWheelName(file.filename)?.project ?? '') === name) continue;
      const message = `${printable(text)} names a wheel of another project: ${printable(file.filename)}.`;
      refuse(message, 'Write the name of the wheel before the @.');
    } else if (known.url !== url.replace(/#.*$/s, '')) {
      refuse(`${name} has two URLs: ${printable(known.url)} and ${printable(url)}.`, 'Leave one out.');
    }
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: files };
}
