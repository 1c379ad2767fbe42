/** Links to sets, packages and files, and to explanations. */
import type { Child } from 'hono/jsx';
import { sizeOf } from '../../../resolver/closure/sizes.ts';
import { type Member, wheelPath } from '../../../resolver/index.ts';
import { patcherOf } from '../../../resolver/provenance.ts';
import type { Patched } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from './addresses.ts';
import { BREAK, breakable, light, linkTo } from './text.tsx';

/** A package flag ends with its date, before which it may be broken. */
const DATE_LENGTH = 'YYYY_MM_DD'.length;

export function flagName(flag: string): Child {
  return [printable(flag.slice(0, -DATE_LENGTH)), BREAK, printable(flag.slice(-DATE_LENGTH))];
}

/** A package flag, as a link to its page. */
export function SetLink({ flag }: { flag: string }) {
  return light('a', { class: 'long', href: setPath(flag) }, [flagName(flag)]);
}

/** A package of the set of a flag, with its version if that is given. */
export function packageLink(name: string, set: string, version?: string): Child {
  const shown = version === undefined ? name : `${name} ${version}`;
  return light('a', { class: 'long', href: packagePath(name, set) }, [printable(shown)]);
}

/** A mark for tables, beside the version of a yanked wheel. */
export const YANKED_MARK = <span class="muted"> yanked</span>;

/** The word "yanked", linked to its definition. */
export const YANKED = <a href="/sets#_yanked">yanked</a>;

/** A link to a package's file, named by its kind; `of` is for screen readers. */
export function fileLink(
  wheel: Pick<Member, 'filename' | 'sha256'> & { size?: number | null },
  of: string,
): Child {
  const more = { title: printable(wheel.filename), unseen: `of ${printable(of)}` };
  const link = linkTo(wheelPath(wheel), fileKind(wheel.filename), more);
  return wheel.size == null ? link : [link, `, ${sizeOf(wheel.size)}`];
}

function fileKind(filename: string): string {
  if (filename.endsWith('.whl')) return 'wheel';
  return /\.(tar\.gz|tar|zip)$/.exec(filename)?.[1] ?? 'file';
}

/** A compatibility flag, as a link to what it does. */
export function FlagLink({ flag }: { flag: string }) {
  return linkTo(`/flags#${encodeURIComponent(flag)}`, light('code', {}, [breakable(flag)]));
}

export const PATCHED_PATH = '/patched';

/** Who patched a wheel, as a link to an explanation. */
export function patcherLink({ by }: Patched): Child {
  return linkTo(`${PATCHED_PATH}#_${encodeURIComponent(by)}`, patcherOf(by), { title: 'What this means' });
}
