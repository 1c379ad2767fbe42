/** The report of `pinwheel vendor` and `sync`, also for tools that build projects. */
import type { ClosureTotals, Member, ResolveAnswer, ResolvedPackage } from '../../resolver/index.ts';

/** A package in the folder, or for a dry run, one that would be there. Sizes are in bytes; null if unknown. */
export interface VendoredPackage extends Pick<Member, 'name' | 'version' | 'filename' | 'sha256'> {
  url: string;
  cached: boolean;
  size: number | null;
  /** Null for a package that is from no published set. */
  evidence: ResolvedPackage['evidence'];
  files: number | null;
  unpacked_size: number | null;
}

/** The result of vendoring. */
export interface VendoredProject extends Pick<ResolveAnswer, 'registry' | 'target' | 'diagnostics'> {
  folder: string;
  dry_run: boolean;
  /** The changes by the name of the package; of a dry run, those that would be made. */
  changes: VendoredChange[];
  packages: VendoredPackage[];
  skipped: SkippedPackage[];
  totals: ClosureTotals & {
    /** Bytes, like the sizes below. */
    downloaded: number;
    cached: number;
    unpacked: number | null;
    worker_limit: number;
  };
}

/** The versions in the folder; null if it had or has none. */
export interface VendoredChange {
  name: string;
  from: string | null;
  to: string | null;
}

/** A package that needs no vendoring, with the reason as the end of a sentence. */
export interface SkippedPackage extends Pick<Member, 'name' | 'version' | 'kind'> {
  reason: string;
}
