/** The report of a run, as JSON and as text. */
import type { Diagnostic, RegistryStamp, Target } from '../../resolver/answer.ts';
import { bytes, count, visible } from '../common/text.ts';
import type { SkippedPackage } from '../packages/plan.ts';
import { diagnosticLines } from './remarks.ts';
import type { Screen } from './screen.ts';
import { type Column, table } from './table.ts';

/** The size limit of a Worker, unpacked. */
export const WORKER_LIMIT = 64 * 1024 * 1024;

/** A package in the folder, or for a dry run, one that would be there. Sizes are in bytes; null if unknown. */
export interface VendoredPackage {
  name: string;
  version: string;
  filename: string;
  sha256: string;
  url: string;
  cached: boolean;
  size: number | null;
  files: number | null;
  unpacked_size: number | null;
}

export interface VendorReport {
  registry: RegistryStamp;
  target: Target;
  folder: string;
  dry_run: boolean;
  packages: VendoredPackage[];
  skipped: SkippedPackage[];
  totals: {
    packages: number;
    /** In bytes, like the sizes below. */
    downloaded: number;
    cached: number;
    unpacked: number | null;
    worker_limit: number;
  };
  diagnostics: Diagnostic[];
}

/** At most this many packages are named in the warning about the limit. */
const LARGEST = 5;

/** A warning if the packages exceed the size limit of a Worker. */
export function sizeDiagnostics(packages: readonly VendoredPackage[]): Diagnostic[] {
  const size = packages.reduce((sum, { unpacked_size }) => sum + (unpacked_size ?? 0), 0);
  if (size <= WORKER_LIMIT) return [];
  const largest = packages
    .toSorted((a, b) => (b.unpacked_size ?? 0) - (a.unpacked_size ?? 0))
    .slice(0, LARGEST)
    .map(({ name, unpacked_size }) => `${name} (${bytes(unpacked_size ?? 0)})`);
  const message = `${bytes(size)} are more than the ${limit()} that a Worker may have. The largest packages: ${largest.join(', ')}.`;
  const fix = 'Leave out what the Worker does not import.';
  return [{ severity: 'warning', code: 'too_large_for_a_worker', message, fix }];
}

export function skippedDiagnostic({ name, version, reason }: SkippedPackage): Diagnostic {
  const message = `${name} ${version} is left out: ${reason}.`;
  return { severity: 'info', code: 'not_vendored', message, fix: null };
}

export function reportLines(report: VendorReport, screen: Screen): string[] {
  const { packages, diagnostics } = report;
  const remarks = diagnosticLines(diagnostics, screen);
  return [
    ...(packages.length > 0 ? [...table(columnsOf(report, screen), packages, screen), ''] : []),
    ...totalLines(report, screen),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ];
}

function columnsOf({ dry_run }: VendorReport, { colors }: Screen): Column<VendoredPackage>[] {
  const sizeOf = (size: number | null) => (size === null ? '' : bytes(size));
  const size: Column<VendoredPackage> = dry_run
    ? { title: 'Size', text: ({ size }) => sizeOf(size), align: 'right' }
    : { title: 'Unpacked', text: ({ unpacked_size }) => sizeOf(unpacked_size), align: 'right' };
  return [
    { title: 'Package', text: ({ name }) => name, paint: (text) => colors.bold(text) },
    { title: 'Version', text: ({ version }) => version },
    size,
    {
      title: 'From',
      text: ({ cached, url }) => (cached ? 'the cache' : url),
      paint: (text) => colors.dim(text),
    },
  ];
}

function totalLines({ folder, dry_run, totals }: VendorReport, { colors }: Screen): string[] {
  const packages = colors.bold(count(totals.packages, 'package'));
  if (dry_run) return [`${packages} for ${visible(folder)}. Nothing was downloaded or unpacked.`];
  const unpacked = totals.unpacked ?? 0;
  const share = Math.round((unpacked / totals.worker_limit) * 100);
  return [
    `${packages} in ${visible(folder)}: ${bytes(totals.downloaded)} downloaded, ${bytes(totals.cached)} from the cache.`,
    `${bytes(unpacked)} unpacked, ${share} % of the ${limit()} that a Worker may have.`,
  ];
}

function limit(): string {
  return `${WORKER_LIMIT / 1024 / 1024} MiB (${bytes(WORKER_LIMIT)})`;
}
