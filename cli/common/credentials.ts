/** Users and passwords in the URLs of indexes: sent to their own origins only, and never shown. */
import { IndexError } from '../../resolver/solver/package-index.ts';

export const PYPI = 'https://pypi.org/simple/';

export interface Credentials {
  /** The URLs, without them. */
  urls: string[];
  /** The `Authorization` for a URL, or null if its origin has none. */
  for(url: string | URL): string | null;
}

export const NO_CREDENTIALS: Credentials = { urls: [], for: () => null };

/** A text without the users and passwords of its URLs, which no message shows. */
export const withoutCredentials = (text: string): string => text.replace(/(:\/\/)[^/?#\s]*@/g, '$1');

/** The origins in texts that have a user or a password, with them. */
export function secretOrigins(texts: readonly string[]): string[] {
  const origins = texts.flatMap((text) => text.match(/https?:\/\/[^/?#\s]*@[^/?#\s]+/gi) ?? []);
  return origins.filter((origin) => URL.canParse(origin));
}

export function credentialsIn(written: readonly string[]): Credentials {
  const byOrigin = new Map<string, string>();
  const urls = written.map((text) => {
    if (!URL.canParse(text)) {
      throw new IndexError('invalid_address', { url: text, found: text, wanted: `a URL such as ${PYPI}` });
    }
    const url = new URL(text);
    const { username, password } = url;
    if (username + password === '') return text;
    const decoded = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    byOrigin.set(url.origin, `Basic ${Buffer.from(decoded).toString('base64')}`);
    url.username = '';
    url.password = '';
    return url.href;
  });
  return { urls, for: (url) => byOrigin.get(new URL(url).origin) ?? null };
}
