/** Which packages of a closure go into the folder, from which URLs, and why others do not. */
import type { Member } from '../../resolver/index.ts';
import { unknownArchive, unusableUpstreamUrl } from '../../resolver/issues/documents.ts';
import type { MemberKind } from '../../resolver/schemas.ts';
import { unanswered } from '../common/failure.ts';
import type { ArchiveKind } from './archive.ts';
import { archiveKind } from './archive.ts';

/** A package of a closure, and the file that it is installed from. */
export type ClosurePackage = Pick<
  Member,
  'name' | 'version' | 'kind' | 'install_dir' | 'imports' | 'filename'
> &
  Pick<Member, 'sha256' | 'size' | 'patched'> & { url: string };

/** A package's file, and its URL. */
export interface PinnedFile {
  name: string;
  version: string;
  filename: string;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** In bytes; null if the set does not say. */
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
  shared_library: 'it is a shared library, which Pyodide loads from a separate folder',
  standard_library: 'it is part of the standard library, which the runtime provides',
};

export function planVendoring(packages: readonly ClosurePackage[]): Plan {
  const skipped: SkippedPackage[] = [];
  const files: PinnedFile[] = [];
  for (const { name, version, kind, filename, sha256, size, url } of packages) {
    if (kind !== 'package') {
      skipped.push({ name, version, kind, reason: REASONS[kind] });
      continue;
    }
    const archive = archiveKind(filename);
    if (archive === null) throw unanswered([unknownArchive({ filename, package: name })]);
    if (!/^(?:https?|file):$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw unanswered([unusableUpstreamUrl({ filename, url })]);
    files.push({ name, version, filename, sha256, size, url, kind: archive });
  }
  return { files, skipped };
}
