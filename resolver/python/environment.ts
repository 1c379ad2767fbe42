/** Finds uses of Python's environment variables. */
import type { EnvironmentUse } from './project.ts';
import { literalAt, type Words } from './statements.ts';

/** Whether another way is taken without it. */
const OTHERWISE = /^(?:and|if|or)$/;

/**
 * The use of the environment that a dotted name is the beginning of; null if it is none.
 * @param end the index of the word after the name
 */
export function environmentUse(
  name: string,
  words: Words,
  end: number,
): Pick<EnvironmentUse, 'name' | 'is'> | null {
  const key = literalAt(words, end + 1);
  const set = { name: key?.value ?? '*', is: 'set' } as const;
  const isOptional = () => words.some(({ text }) => OTHERWISE.test(text));
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
      // As a whole: `os.environ |= …`, another name for it, or an argument of what may fill it.
      return words.some(({ text }) => text === 'in') ? null : { name: '*', is: 'set' };
    case 'os.getenv':
    case 'os.environ.get':
      return key?.after === ')' && !isOptional() ? { name: key.value, is: 'asked' } : null;
    default:
      return null;
  }
}
