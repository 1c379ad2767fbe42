import { html } from 'hono/html';
import { type Member, wheelPath } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { sizeOf } from './words.ts';

interface FileLinkProps {
  wheel: Pick<Member, 'filename' | 'sha256'> & { size?: number | null };
  /** The package of the file, for screen readers. */
  of: string;
}

/** A link to a package's file, named by its kind. A table has some hundred of them. */
export function FileLink({ wheel, of }: FileLinkProps) {
  const named = html`<span class="unseen"> of ${printable(of)}</span>`;
  const link = html`<a href="${wheelPath(wheel)}" title="${printable(wheel.filename)}">${fileKind(wheel.filename)}${named}</a>`;
  return wheel.size == null ? link : html`${link}, ${sizeOf(wheel.size)}`;
}

function fileKind(filename: string): string {
  if (filename.endsWith('.whl')) return 'wheel';
  return /\.(tar\.gz|tar|zip)$/.exec(filename)?.[1] ?? 'file';
}
