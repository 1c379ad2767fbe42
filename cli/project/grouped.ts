/** Many failing requirements as few issues, for people: JSON has one for each. */
import { advice, fixed, run } from '../../resolver/issues/fixes.ts';
import { groupIssues, groupMessage } from '../../resolver/issues/grouped.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import type { FileRequirement } from '../ask/requirement.ts';
import { locateIssues } from '../ask/requirement.ts';
import type { LocatedIssue } from '../common/failure.ts';

/** An issue, and the requirements that it is about. */
export interface Placed<Listed> {
  issue: LocatedIssue;
  at: readonly Listed[];
}

export function grouped<Listed extends FileRequirement>(placed: readonly Placed<Listed>[]): Placed<Listed>[] {
  const groups = groupIssues(placed.map(({ issue, at }) => ({ ...issue, at })));
  return groups.map((group): Placed<Listed> => {
    const [{ at: own, ...first }] = group.issues as [(typeof group.issues)[0]];
    if (group.kind === null) return { issue: first, at: own };
    const at = group.issues.flatMap((issue) => issue.at);
    const fix = group.kind === 'pinned' ? relax(at) : advice('Leave them out.');
    const { where: _, ...rest } = { ...first, message: groupMessage(group), ...fixed([fix]) };
    const whole = { ...rest, index: 0, repeats: at.slice(1).map((_, place) => place + 1) };
    return { issue: locateIssues([whole], at)[0] as LocatedIssue, at: at.slice(0, 1) };
  });
}

/** Versions as `sed -E` and JavaScript match them. */
const CLAUSE = '[=<>~!]=?=? *[^ ,;#"]+';
const VERSIONS = ` *${CLAUSE}( *, *${CLAUSE})*`;
const EXTRAS = '( *\\[[^]]*\\])?';

/** The command that removes the versions of requirements from their files; advice if they cannot be removed alone. */
function relax(requirements: readonly FileRequirement[]) {
  const names = new Set<string>();
  const files = new Set<string>();
  for (const { text, where, hashes } of requirements) {
    const file = /^(.*), line \d+$/s.exec(where)?.[1] ?? /^(.*\.toml), /s.exec(where)?.[1];
    const name = /^[\w.-]+/.exec(text)?.[0];
    const isPlain = new RegExp(`^[\\w.-]+( *\\[[^\\]]*\\])?${VERSIONS} *(;.*)?$`).test(text);
    if (!file || !name || !isPlain || hashes)
      return advice('To stay with this set, ask for them without versions.');
    names.add(name.replaceAll('.', '\\.'));
    files.add(file);
  }
  const script = `s/(^|")((${[...names].join('|')})${EXTRAS})${VERSIONS}/\\1\\2/g`;
  const command = ['sed -i.orig -E', shellWord(script), ...[...files].map(shellWord)].join(' ');
  return run(command, `To stay with this set, ask for them without versions:\n${command}`);
}
