import { html } from 'hono/html';
import { printable } from '../../../resolver/text/printable.ts';
import { setPath } from './links.ts';

/** A package flag ends with its date, before which it may be broken. */
const DATE_LENGTH = 'YYYY_MM_DD'.length;

/** A package flag, as a link to its page. */
export function SetLink({ flag }: { flag: string }) {
  return html`<a class="long" href="${setPath(flag)}">${FlagName({ flag })}</a>`;
}

export function FlagName({ flag }: { flag: string }) {
  return html`${printable(flag.slice(0, -DATE_LENGTH))}<wbr/>${printable(flag.slice(-DATE_LENGTH))}`;
}

/** Of a wheel, beside its version in a table. */
export const YANKED_MARK = html`<span class="muted"> yanked</span>`;

/** Of a set or a wheel, with the meaning of the word. */
export function YankedLink() {
  return html`<a href="/glossary#yanked">yanked</a>`;
}
