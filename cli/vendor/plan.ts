/** What of a closure goes into the folder, from where, and what does not, and why. */
import type { ResolveAnswer, ResolvedPackage } from '../../resolver/answer.ts';
import type { MemberKind } from '../../resolver/catalog.ts';
import { unknownArchive, unusableUpstreamUrl } from '../../resolver/issues/documents.ts';
import { unanswered } from '../failure.ts';
import type { SetAnswer } from '../package-set.ts';
import { archiveKind } from './archive.ts';
import type { ArchiveKind } from './entry.ts';

/** A package's file, and where it comes from. */
export interface PinnedFile {
  name: string;
  version: string;
  filename: string;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** In bytes; null where the set does not say. */
  size: number | null;
  url: string;
  kind: ArchiveKind;
}

export interface SkippedPackage {
  name: string;
  version: string;
  kind: MemberKind;
  reason: string;
}

export interface Plan {
  /** In load order. */
  files: PinnedFile[];
  skipped: SkippedPackage[];
}

const REASONS: Record<Exclude<MemberKind, 'package'>, string> = {
  shared_library:
    'it is a shared library, which Pyodide loads from a folder of its own and not from one of Python modules',
  standard_library:
    'it is a part of the standard library, which belongs to the runtime and is loaded from there',
};

/** `locate` gives the URL of each package's file, in their order. */
export function planVendoring(
  answer: ResolveAnswer,
  set: SetAnswer,
  locate: (packages: readonly ResolvedPackage[]) => readonly string[],
): Plan {
  const kinds = new Map(set.packages.map(({ name, kind }) => [name, kind]));
  const skipped: SkippedPackage[] = [];
  const wanted = answer.packages.filter(({ name, version }) => {
    const kind = kinds.get(name);
    if (kind !== 'shared_library' && kind !== 'standard_library') return true;
    skipped.push({ name, version, kind, reason: REASONS[kind] });
    return false;
  });
  const urls = locate(wanted);
  const files = wanted.map(({ name, version, wheel }, at): PinnedFile => {
    const { filename, sha256, size } = wheel;
    const kind = archiveKind(filename);
    if (kind === null) throw unanswered([unknownArchive({ filename, package: name })]);
    const url = urls[at]!;
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw unanswered([unusableUpstreamUrl({ filename, url })]);
    return { name, version, filename, sha256, size, url, kind };
  });
  return { files, skipped };
}
