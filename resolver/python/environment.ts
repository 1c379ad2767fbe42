/** Finds uses of Python's environment variables. */
import type { EnvironmentUse } from './project.ts';
import { literalAt } from './statements.ts';
import type { Words } from './tokens.ts';

/** Words of a statement that may do without the variable. */
const OPTIONAL = /^(?:and|if|or)$/;

/**
 * The use of an environment variable that begins with a dotted name; null if there is none.
 * @param end the index of the word after the name
 */
export function environmentUse(
  name: string,
  words: Words,
  end: number,
): Pick<EnvironmentUse, 'name' | 'is'> | null {
  if (!name.startsWith('os.')) return null;
  const key = literalAt(words, end + 1);
  const set = { name: key?.value ?? '*', is: 'set' } as const;
  const isOptional = () => words.some(({ text }) => OPTIONAL.test(text));
  switch (name) {
    case 'os.putenv':
    case 'os.environ.setdefault':
    case 'os.environ.update':
      return set;
    case 'os.environ':
      if (words[end]?.text === '[') {
        if (words.some(({ text }, at) => at > end && text === '=')) return set;
        return key && !isOptional() ? { name: key.value, is: 'read' } : null;
      }
      // `os.environ |= …`, another name for it, or a function that it is passed to may set any variable.
      return words.some(({ text }) => text === 'in') ? null : { name: '*', is: 'set' };
    case 'os.getenv':
    case 'os.environ.get':
      return key?.after === ')' && !isOptional() ? { name: key.value, is: 'asked' } : null;
    default:
      return null;
  }
}
