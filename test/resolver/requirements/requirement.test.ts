import { describe, expect, test } from 'vitest';
import type { Issue } from '../../../resolver/issue.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';

function issueOf(text: string): Issue {
  const parsed = parseRequirement(text);
  if (parsed.ok) throw new Error(`${text} is a requirement`);
  expect(parsed.issues).toHaveLength(1);
  return parsed.issues[0]!;
}

// Requirements as they are read are compared with packaging, 20,000 times.
describe('parseRequirement refuses', () => {
  const SYNTAX = 'invalid_requirement';
  /** The column of each URL. */
  const BY_URL = {
    'x @ git+https://example.com/x': 3,
    'pip @ file:///etc/passwd': 5,
    'x[a]@https://example.com/x.whl': 5,
    'https://example.com/x.whl': 1,
    'git+ssh://git@example.com/x': 1,
    'file:x.whl': 1,
  };
  const BY_PATH = ['./x', '../x[a]', '/x', '~/x', 'C:\\x', 'dist/x', 'x-1.0-py3-none-any.whl', 'x.tar.gz'];
  test.each([
    // text, code, column, what the message says, what the fix says
    ['', SYNTAX, 1, 'Expected the name of a package, found the end', null],
    ['>=1.0', SYNTAX, 1, 'Expected the name of a package, found `>`', null],
    ['a-', SYNTAX, 2, 'Expected a letter or digit at the end of a name, found `-`', null],
    [
      'a=1.0',
      SYNTAX,
      2,
      'Expected a specifier such as >=1.0, `;` or the end, found `=`',
      'Write == instead of =.',
    ],
    ['a=>1.0', SYNTAX, 2, 'found `=`', 'Write >= instead of =>.'],
    ['a 1.0', SYNTAX, 3, 'found `1.0`', 'Write an operator before the version, such as ==.'],
    ['a^1.2', SYNTAX, 2, 'found `^`', 'Write ~=1.2, or a range such as >=1.2,<2.'],
    [
      'a>=1 <2',
      SYNTAX,
      6,
      'Expected a comma, `;` or the end, found `<`',
      'Write a comma between two specifiers.',
    ],
    ['a>=1 # why', SYNTAX, 6, 'found `#`', 'Leave out the comment.'],
    ['a b', SYNTAX, 3, 'found `b`', null],
    ['a[b', SYNTAX, 4, 'Expected a comma or `]`, found the end', null],
    ['a[b,]', SYNTAX, 5, 'Expected the name of an extra, found `]`', null],
    ['r\u0435quests', SYNTAX, 2, 'found `\\u{435}`', 'Write it in one line of plain ASCII.'],
    ['a\ud83d\ude00', SYNTAX, 2, 'found `\\u{1f600}`', 'Write it in one line of plain ASCII.'],
    ['a\nb', SYNTAX, 2, 'found `\\u{a}`', 'Write it in one line of plain ASCII.'],
    ['a (>=1', 'invalid_specifier', 7, 'Expected a comma or `)`, found the end', null],
    ['a>=1.0.*', 'invalid_specifier', 4, '`>=1.0.*` is not a wildcard', 'Leave out the `.*`.'],
    ['a; platform == "x"', 'invalid_marker', 4, 'found `platform`', 'Put text in quotes, or write one of'],
    ['-r requirements.txt', 'pip_option_requirement', 1, '`-r` is an option of pip', 'Leave it out'],
    ['-e .', 'pip_option_requirement', 1, '`-e` is an option of pip', 'Leave it out'],
    ['--index-url=https://example.com', 'pip_option_requirement', 1, '`--index-url` is an', 'Leave it out'],
    ['a==1 --hash=sha256:00', 'pip_option_requirement', 6, '`--hash` is an option of pip', 'Leave it out'],
    ...Object.entries(BY_URL).map(([text, column]) => [
      ...[text, 'direct_url_requirement', column, 'A URL is not accepted', 'Name the package instead'],
    ]),
    ...BY_PATH.map((text) => [
      ...[text, 'local_path_requirement', 1, 'A file or folder is not accepted', 'Name the package instead'],
    ]),
  ] as [string, string, number, string, string | null][])('%j: %s', (text, code, column, problem, fix) => {
    const issue = issueOf(text);
    expect(issue).toMatchObject({ kind: 'malformed', code });
    expect(issue.message).toContain(problem);
    expect(issue.message).toMatch(new RegExp(`, at column ${column}(?:$|:\\n)`));
    if (fix === null) expect(issue.fix).toBeNull();
    else expect(issue.fix).toContain(fix);
  });

  test('and points at the position', () => {
    expect(issueOf('  numpy >= 1.0 2').message).toBe(
      [
        'Expected a comma, `;` or the end, found `2`, at column 16:',
        '      numpy >= 1.0 2',
        '                   ^',
      ].join('\n'),
    );
  });

  test('and shows only the surroundings of the position in a long text', () => {
    const [, excerpt, pointer] = issueOf(`numpy${' '.repeat(200)}!${' '.repeat(200)}`).message.split('\n');
    expect(excerpt!.trim()).toMatch(/^\.\.\. {40}! {29}\.\.\.$/);
    expect(excerpt![pointer!.indexOf('^')]).toBe('!');
  });

  test('and points at the position after characters that are shown as escapes', () => {
    const [, excerpt, pointer] = issueOf('a; os_name == "\u202e\x1b" !').message.split('\n');
    expect(excerpt).toBe('    a; os_name == "\\u{202e}\\u{1b}" !');
    expect(excerpt![pointer!.indexOf('^')]).toBe('!');
  });
});
