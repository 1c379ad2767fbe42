/** `pinwheel vendor`: a closure's packages, downloaded, verified and unpacked into a folder for the Worker. */
import { misused } from '../common/failure.ts';
import { print } from '../print/print.ts';
import { screenOf } from '../print/table.ts';
import { reportLines } from '../print/vendor.ts';
import { type VendorOptions, vendor } from '../project/vendor.ts';

const MOST_JOBS = 32;

export async function vendorCommand(
  named: readonly string[],
  options: Omit<VendorOptions, 'jobs'> & { jobs: string },
): Promise<void> {
  const jobs = readJobs(options.jobs);
  const report = await vendor(named, { ...options, jobs });
  print(options.format === 'json' ? [JSON.stringify(report)] : reportLines(report, screenOf(process.stdout)));
}

function readJobs(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_JOBS) return Number(text);
  throw misused({ problem: 'invalid_jobs', text, most: MOST_JOBS });
}
