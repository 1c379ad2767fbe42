/** Names of packages that may be meant by one that there is not. */
import { nearest } from './nearest.ts';

const MOST = 3;

/**
 * Near spellings; or, if another word is as near, the names that go on after this one: `opencv` is `opencv-python` rather
 * than `openai`. Without near spellings these are no proposal: `django-cors-headers` does not replace `django`.
 */
export function nearNames(name: string, names: Iterable<string>): string[] {
  const all = [...names];
  const near = nearest(name, all);
  if (near.length === 0) return [];
  const longer = all.filter((other) => other.startsWith(`${name}-`) && !other.endsWith('-tests'));
  return longer.length > 0 ? longer.slice(0, MOST) : near;
}
