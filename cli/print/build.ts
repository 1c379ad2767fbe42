/** What is printed about a build. */
import { shellWord } from '../../resolver/text/shell-word.ts';
import type { Remark } from '../common/listener.ts';
import { bytes, count, visible } from '../common/text.ts';
import type { BuildReport } from '../worker/build.ts';
import { LARGEST_WORKER, type ModuleSize, totalOf } from '../worker/sizes.ts';
import { pathFrom } from '../worker/wrangler.ts';
import type { Screen } from './table.ts';
import { table } from './table.ts';

export function buildLines(
  { document, sizes, folder, home }: BuildReport & { folder: string; home: string },
  screen: Screen,
): string[] {
  const { runtime, packages, package_set } = document;
  const total = totalOf(sizes);
  const columns = [
    { title: 'Part', text: ({ part }: ModuleSize) => part },
    { title: 'Size', text: ({ size }: ModuleSize) => bytes(size), align: 'right' as const },
    { title: 'Gzipped', text: ({ gzipped }: ModuleSize) => bytes(gzipped), align: 'right' as const },
  ];
  const share = Math.round((total.size / LARGEST_WORKER) * 100);
  return [
    `Python ${runtime.python} on Pyodide ${runtime.pyodide}, with ${count(packages.length, 'package')} of ${visible(package_set.name)}.`,
    '',
    ...table(columns, [...sizes, total], screen),
    '',
    `${screen.colors.bold(visible(folder))} has ${bytes(total.size)}: ${share} % of what a Worker may have.`,
    `Try it: ${toTry(folder, home)}`,
  ];
}

/** In the project's folder, `npx` finds the project's wrangler. */
function toTry(folder: string, home: string): string {
  const way = pathFrom('.', home);
  const config = shellWord(`${pathFrom(home, folder)}/wrangler.json`);
  return `${way === '.' ? '' : `cd ${shellWord(way)} && `}npx wrangler dev -c ${config}`;
}

export function buildRemarks({ remarks }: BuildReport): Remark[] {
  return remarks.map(({ code, module }) => {
    const who = module ?? 'Something';
    return { severity: code === 'clock' ? 'info' : 'warning', ...SAID[code](who) };
  });
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
  no_handler: (who: string) => ({
    message: `${who} handles no event, so every request fails: it has neither a class Default with a handler such as fetch, nor a function such as on_fetch.`,
    fix: 'Define one in the main module: class Default(WorkerEntrypoint), with from workers import WorkerEntrypoint, and in it async def fetch(self, request).',
  }),
  clock: (who: string) => ({
    message: `${who} reads the clock when it is imported, and gets a fixed moment in the past.`,
    fix: null,
  }),
} as const;
