/** `pinwheel build`: a project becomes a Worker that includes its own Python. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LARGEST_WORKER } from '../../resolver/closure/sizes.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { pathFrom } from '../common/folders.ts';
import type { Remark } from '../common/listener.ts';
import { bytes, count, visible } from '../common/text.ts';
import { print, printAnswer, printRemarks } from '../print/print.ts';
import { type Screen, screenOf, sentence, table } from '../print/table.ts';
import { type BuildOptions, type Built, buildProject, checkProjectBuild } from '../project/build.ts';
import { environmentName } from '../project/wrangler-file.ts';
import type { BuildReport } from '../worker/build.ts';
import { HELD, type LargePart, MOST_MEMORY, type ModuleSize, totalOf } from '../worker/files.ts';
import {
  findWrangler,
  type ServedDate,
  secretFiles,
  servedDate,
  tooOldWorkerd,
  versionOf,
} from '../worker/wrangler.ts';

export async function buildCommand(folder: string, options: BuildOptions): Promise<void> {
  if (options.check) {
    const to = await checkProjectBuild(folder, options);
    const said = `${visible(to)} is up to date with this project.`;
    return printAnswer(options.format, { folder: to, is_current: true }, (screen) => sentence(said, screen));
  }
  const report = await buildProject(folder, options);
  if (options.format === 'json') {
    const { home: _, date: __, ...data } = report;
    return print([JSON.stringify(data)]);
  }
  const wrangler = findWrangler(report.home, process.env);
  const old = tooOldWorkerd(report.home, wrangler);
  const served = servedDate(report.home, versionOf(wrangler), report.date);
  // A warning is enough: a deployed Worker runs on the platform's own workerd.
  if (old !== null) printRemarks([{ ...old, severity: 'warning' }]);
  printRemarks([...buildRemarks(report), ...served.remarks]);
  const lines = buildLines(report, screenOf(process.stdout));
  print([
    ...lines,
    `Try it: ${toTry(report, served, environmentName(options.env))}`,
    ...(await uploadLines(report)),
  ]);
}

/** The commands that upload the files of a Worker to its bucket: a deployment does not. */
async function uploadLines({ folder, bucket }: Built) {
  if (bucket === null) return [];
  const names = await readdir(join(folder, 'r2'));
  const lines = names.map(
    (name) =>
      `  npx wrangler r2 object put ${visible(bucket)}/pinwheel/${name} --file ${visible(folder)}/r2/${name} --remote`,
  );
  return ['', 'Before you deploy it, put its files into the bucket:', ...lines];
}

/** In a line: what is served is not deployed. */
export function printBuilt(report: Built): void {
  printRemarks(buildRemarks(report));
  print(buildLines(report, screenOf(process.stdout)).slice(0, 1));
}

const SIZES = [
  { title: 'Size', text: ({ size }: ModuleSize) => bytes(size), align: 'right' as const },
  { title: 'Gzipped', text: ({ gzipped }: ModuleSize) => bytes(gzipped), align: 'right' as const },
];

export function buildLines(
  { document, sizes, largest, folder }: BuildReport & { folder: string },
  screen: Screen,
): string[] {
  const { runtime, packages, package_set } = document;
  const total = totalOf(sizes);
  const columns = [{ title: 'Part', text: ({ part }: ModuleSize) => part }, ...SIZES];
  const explained = [
    { title: 'Largest', text: ({ part }: LargePart) => visible(part) },
    ...SIZES,
    { title: 'Required by', text: ({ chain }: LargePart) => visible((chain ?? []).join(' > ')) },
  ];
  const share = Math.round((total.size / LARGEST_WORKER) * 100);
  return [
    `Python ${runtime.python} on Pyodide ${runtime.pyodide}, with ${count(packages.length, 'package')} of ${visible(package_set.name)}.`,
    '',
    ...table(columns, [...sizes, total], screen),
    '',
    ...(largest === undefined ? [] : [...table(explained, largest, screen), '']),
    `${screen.colors.bold(visible(folder))} has ${bytes(total.size)}: ${share} % of what a Worker may have.`,
    ...(document.snapshot === null ? [] : [memoryLine(document.snapshot.size, sizes)]),
  ];
}

/** @param python the memory that it starts with, in bytes */
function memoryLine(python: number, sizes: readonly ModuleSize[]): string {
  const held = totalOf(sizes.filter(({ part }) => HELD.has(part))).size;
  const left = MOST_MEMORY - python - held;
  const starts = `An instance starts with ${bytes(python)} for Python and ${bytes(held)} of files`;
  return left > 0
    ? `${starts}: of ${bytes(MOST_MEMORY)}, ${bytes(left)} are left for JavaScript and requests.`
    : `${starts}, but may have ${bytes(MOST_MEMORY)} at most: make large values in a handler, and not at import.`;
}

/** In the project's folder, `npx` finds the project's wrangler. */
function toTry({ folder, home, date }: Built, served: ServedDate, environment: string): string {
  const way = pathFrom('.', home);
  const config = shellWord(`${pathFrom(home, folder)}/wrangler.json`);
  const dated = served.date === date ? '' : ` --compatibility-date ${served.date}`;
  const secrets = secretFiles(home, environment).map((word) => ` ${shellWord(word)}`);
  return `${way === '.' ? '' : `cd ${shellWord(way)} && `}npx wrangler dev -c ${config}${dated}${secrets.join('')}`;
}

export function buildRemarks({ remarks, isOwn }: Built): Remark[] {
  return remarks.map(({ code, module, line, request, problem }): Remark => {
    const place = line === null ? '' : `, line ${line},`;
    if (request !== undefined) {
      const said =
        code === 'unanswered'
          ? `could not be answered at build time: ${problem}`
          : `${module === null ? '' : `imports ${module}${place || ','} which `}${SAID_OF_REQUEST[code]}`;
      const message = `${request} ${said}. The snapshot contains only the imports.`;
      return { severity: 'warning', message, fix: OTHER_REQUESTS };
    }
    const said = SAID[code as keyof typeof SAID];
    const message = `${module ?? 'Something'}${place} ${said}: it is left out of the snapshot.`;
    const inHandler = code === 'entropy' ? 'Draw them in a handler.' : 'Do so in a handler.';
    return { severity: 'warning', message, fix: module && isOwn(module) ? inHandler : NOT_OWN };
  });
}

const NOT_OWN = 'Nothing needs to be done: each instance imports it when it starts.';
const OTHER_REQUESTS =
  'Nothing needs to be done. Under [tool.pinwheel], warm = ["GET /"] sets other requests, and warm = [] sets none.';
const SAID_OF_REQUEST = {
  entropy: 'keeps random numbers, which all instances would share',
  network: 'uses the network',
  files: 'changes or keeps open files or folders, which a snapshot does not contain',
  callbacks: 'leaves objects of JavaScript in memory, which a snapshot cannot contain',
  clock: 'keeps the time of the build',
} as const;
const SAID = {
  entropy: 'draws random numbers when it is imported, which all instances would share',
  network: 'uses the network when it is imported',
  files: 'changes or keeps open files or folders when it is imported, which a snapshot does not contain',
  callbacks: 'holds objects of JavaScript when it is imported, which a snapshot cannot contain',
  clock: 'keeps the time at which it is imported',
} as const;
