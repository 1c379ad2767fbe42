/** What is printed about a build. */
import type { Remark } from '../output/remarks.ts';
import type { Screen } from '../output/screen.ts';
import { table } from '../output/table.ts';
import { bytes, count, visible } from '../output/text.ts';
import type { BuildReport } from './build.ts';
import type { ModuleSize } from './sizes.ts';

/** The size limits of a Worker, gzipped: on a paid plan, and on a free one. */
export const LIMITS = [
  { plan: 'paid', gzipped: 10 * 1024 * 1024 },
  { plan: 'free', gzipped: 3 * 1024 * 1024 },
];

export function buildLines(
  { document, sizes, folder }: BuildReport & { folder: string },
  screen: Screen,
): string[] {
  const { runtime, packages, package_set } = document;
  const total = totalOf(sizes);
  const columns = [
    { title: 'Part', text: ({ part }: ModuleSize) => part },
    { title: 'Size', text: ({ size }: ModuleSize) => bytes(size), align: 'right' as const },
    { title: 'Gzipped', text: ({ gzipped }: ModuleSize) => bytes(gzipped), align: 'right' as const },
  ];
  const [paid] = LIMITS;
  const share = Math.round((total.gzipped / paid!.gzipped) * 100);
  return [
    `Python ${runtime.python} on Pyodide ${runtime.pyodide}, with ${count(packages.length, 'package')} of ${visible(package_set.name)}.`,
    '',
    ...table(columns, [...sizes, total], screen),
    '',
    `${screen.colors.bold(visible(folder))} has ${bytes(total.gzipped)} gzipped: ${share} % of what a paid plan allows.`,
    `Try it: npx wrangler dev -c ${visible(folder)}/wrangler.json`,
  ];
}

function totalOf(sizes: readonly ModuleSize[]): ModuleSize {
  const sum = (key: 'size' | 'gzipped') => sizes.reduce((all, one) => all + one[key], 0);
  return { part: 'all', size: sum('size'), gzipped: sum('gzipped') };
}

export function buildRemarks({ sizes, remarks, largest }: BuildReport): Remark[] {
  const { gzipped } = totalOf(sizes);
  const found: Remark[] = remarks.map(({ code, module }) => {
    const who = module ?? 'Something';
    return { severity: code === 'clock' ? 'info' : 'warning', ...SAID[code](who) };
  });
  const [paid] = LIMITS;
  if (gzipped > paid!.gzipped) {
    found.push({
      severity: 'warning',
      message: `The Worker is ${bytes(gzipped)} gzipped, more than the ${bytes(paid!.gzipped)} that a paid plan allows.${largestOf(largest)}`,
      fix: 'Put its large files elsewhere with --place assets, or leave out packages that are not imported.',
    });
  }
  return found;
}

function largestOf(packages: BuildReport['largest']): string {
  if (packages.length === 0) return '';
  const named = packages.map(({ name, size }) => `${name} (${bytes(size)})`);
  return ` The largest package files: ${named.join(', ')}.`;
}

const SAID = {
  entropy: (who: string) => ({
    message: `${who} draws random numbers when it is imported, which all instances would share: it is left out of the snapshot.`,
    fix: 'Draw them in a handler.',
  }),
  network: (who: string) => ({
    message: `${who} uses the network when it is imported: it is left out of the snapshot.`,
    fix: 'Do so in a handler.',
  }),
  callbacks: (who: string) => ({
    message: `${who} hands functions to JavaScript when it is imported, which a snapshot cannot contain: it is left out of the snapshot.`,
    fix: 'Do so in a handler.',
  }),
  clock: (who: string) => ({
    message: `${who} reads the clock when it is imported, and gets a fixed moment in the past.`,
    fix: null,
  }),
} as const;
