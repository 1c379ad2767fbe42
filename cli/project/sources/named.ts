/** Requirements of the command line. */
import { statSync } from 'node:fs';
import { parseRequirement } from '../../../resolver/index.ts';
import { isWheelPath } from '../../ask/requirement.ts';
import { misused } from '../../common/failure.ts';

/** Rejects file names among the requirements: `requirements.txt` would be a valid package name. */
export function checkNames(named: readonly string[]): void {
  for (const text of named) {
    if (isWheelPath(text)) continue;
    const parsed = parseRequirement(text);
    const isName = parsed.ok && parsed.value.written_name === text;
    if (isName && !/\.(?:txt|in|toml)$/i.test(text)) continue;
    if ((parsed.ok && !isName) || !isFile(text)) continue;
    throw misused(`${text} is a file, not a requirement.`, `Did you mean -r ${text}?`);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
