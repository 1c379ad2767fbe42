/** `pinwheel vendor`: a closure's packages, downloaded, verified and unpacked into a folder for the Worker. */
import { roomText } from '../../resolver/closure/sizes.ts';
import { bytes, count, sizeOf, visible, WORKER_LIMIT } from '../common/text.ts';
import { printAnswer } from '../print/print.ts';
import { diagnosticLines } from '../print/remarks.ts';
import { type Column, joinSections, type Screen, sentence, table } from '../print/table.ts';
import { type VendorOptions, vendor } from '../project/vendor.ts';
import type { VendoredPackage, VendoredProject } from '../project/vendor-report.ts';

export async function vendorCommand(named: readonly string[], options: VendorOptions): Promise<void> {
  const report = await vendor(named, options);
  printAnswer(options.format, report, (screen) => reportLines(report, screen));
}

export function reportLines(report: VendoredProject, screen: Screen): string[] {
  const { packages, diagnostics } = report;
  return joinSections([
    packages.length > 0 ? table(columnsOf(report, screen), packages, screen) : [],
    totalLines(report, screen),
    diagnosticLines(diagnostics, screen),
  ]);
}

/** The numbers of bytes by where they came from. */
export function fetchedText(packages: readonly VendoredPackage[], totals: VendoredProject['totals']): string {
  const local = packages.filter(({ url }) => url.startsWith('file:'));
  const text = `${bytes(totals.downloaded)} downloaded, ${bytes(totals.cached)} from the cache`;
  return local.length === 0 ? text : `${text}, ${sizeOf(local.map(({ size }) => size))} from this machine`;
}

function columnsOf({ dry_run }: VendoredProject, { colors, detail }: Screen): Column<VendoredPackage>[] {
  const bytesOf = (size: number | null) => (size === null ? '' : bytes(size));
  const fromOf = ({ cached, url }: VendoredPackage) => (cached ? 'the cache' : url);
  return [
    { title: 'Package', text: ({ name }) => name, paint: colors.bold },
    { title: 'Version', text: ({ version }) => version },
    { title: 'Size', text: ({ size }) => (dry_run ? bytesOf(size) : ''), align: 'right' },
    { title: 'Unpacked', text: ({ unpacked_size }) => bytesOf(unpacked_size), align: 'right' },
    { title: 'From', text: (entry) => (detail === 'full' ? fromOf(entry) : ''), paint: colors.dim },
  ];
}

function totalLines(
  { folder, dry_run, packages: all, target, totals }: VendoredProject,
  screen: Screen,
): string[] {
  const packages = count(totals.packages, 'package');
  const said = (text: string) =>
    sentence(text, screen, (line) => line.replace(packages, screen.colors.bold(packages)));
  if (dry_run) {
    const size = sizeOf(all.map(({ size }) => size));
    const line = `${packages} for ${visible(folder)}, ${size}. Nothing was downloaded or unpacked.`;
    const room = roomText(totals, target.package_set.delivery, bytes);
    return [line, ...(room === null ? [] : [room])].flatMap(said);
  }
  const unpacked = totals.unpacked ?? 0;
  const share = Math.round((unpacked / totals.worker_limit) * 100);
  return [
    `${packages} in ${visible(folder)}: ${fetchedText(all, totals)}.`,
    `${bytes(unpacked)} unpacked, ${share} % of the ${WORKER_LIMIT} that a Worker may have.`,
  ].flatMap(said);
}
