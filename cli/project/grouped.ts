/** Many failing requirements as few issues, for people: JSON has one for each. */
import { placesOf } from '../../resolver/issue.ts';
import type { Fix } from '../../resolver/issues/fix.ts';
import { advice, fixed, run } from '../../resolver/issues/fixes.ts';
import { groupIssues, groupMessage, type IssueGroup, sharedFixes } from '../../resolver/issues/grouped.ts';
import { shellWord, visible } from '../../resolver/text/printable.ts';
import { type FileRequirement, locateIssues } from '../ask/requirement.ts';
import type { LocatedIssue } from '../common/failure.ts';

/** An issue, and the requirements that it is about. */
export interface Placed<Listed, One = LocatedIssue> {
  issue: One;
  at: readonly Listed[];
}

type Told = Pick<LocatedIssue, 'message' | 'where' | 'fix' | 'fixes'> & Parameters<typeof groupIssues>[0][0];

/** Issues with the requirements that they are about. */
export function placed<One extends object>(
  issues: readonly One[],
  requirements: readonly FileRequirement[],
): Placed<FileRequirement, One>[] {
  return issues.map((issue) => ({ issue, at: placesOf(issue).flatMap((at) => requirements[at] ?? []) }));
}

/** A group is at its first requirement, and `repeats` counts the others. */
export function grouped<Listed extends FileRequirement, One extends Told>(
  failing: readonly Placed<Listed, One>[],
): Placed<Listed, One>[] {
  const groups = groupIssues(failing.map(({ issue, at }) => ({ ...issue, at })));
  return groups.map((group): Placed<Listed, One> => {
    const [{ at: own, ...first }] = group.issues as [(typeof group.issues)[0]];
    if (group.kind === null) return { issue: first as unknown as One, at: own };
    const at = group.issues.flatMap((issue) => issue.at);
    const { where: _, ...rest } = { ...first, message: groupMessage(group), ...fixed(fixesOf(group, at)) };
    const whole = { ...rest, index: 0, repeats: at.slice(1).map((_, place) => place + 1) };
    return { issue: locateIssues([whole], at)[0] as unknown as One, at: at.slice(0, 1) };
  });
}

function fixesOf({ kind, issues }: IssueGroup<Told>, at: readonly FileRequirement[]): Fix[] {
  switch (kind) {
    case 'pinned':
      return [relax(at)];
    case 'elsewhere':
      return sharedFixes(issues);
    case 'unlisted':
      // A fix names the requirement only after all sets were searched for it.
      return [advice(`${issues.every(isNowhere) ? 'No set satisfies them. ' : ''}${INDEX_MAY_HAVE_THEM}`)];
    default:
      return [advice('Leave them out.')];
  }
}

const INDEX_MAY_HAVE_THEM = 'An index may have them: --index for PyPI, or --index-url URL.';

const isNowhere = ({ fixes }: Told) =>
  fixes?.some((fix) => fix.kind === 'use_index' && fix.requirement !== null);

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
  // In full length: half of a script does something else.
  const quoted = `'${visible(script).replaceAll("'", "'\\''")}'`;
  const command = ['sed -i.orig -E', quoted, ...[...files].map(shellWord)].join(' ');
  return run(command, `To stay with this set, ask for them without versions:\n${command}`);
}
