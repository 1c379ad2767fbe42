/** The address of the operator's index. Answers name it, so it must not have a secret. */
import type { Bindings } from '../env.ts';
import { logError } from '../structured-log.ts';

export const WANTED = 'an address such as https://pypi.org/simple/, without a user, a password or a query';

/** Whether a text can be the address of an index that everybody may know. */
export function isIndexUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.href === url.origin + url.pathname;
}

/** `INDEX_URL`; null if there is none, or one that must not be shown, which is logged without its text. */
export function indexUrlOf({ INDEX_URL }: Pick<Bindings, 'INDEX_URL'>): string | null {
  if (!INDEX_URL) return null;
  if (isIndexUrl(INDEX_URL)) return INDEX_URL;
  logError(`INDEX_URL is not used: it has to be ${WANTED}`);
  return null;
}
