/** `pinwheel completion`: a script by which a shell completes command lines. */
import type { Command } from 'commander';
import type { Catalog, PackageSet } from '../../resolver/index.ts';
import { openBackend } from '../ask/backend.ts';
import { readPackageJson } from '../common/package-root.ts';
import { leaveOutRemarks, print, printText } from '../print/print.ts';
import { terminal } from '../print/progress.ts';
import { readQuestion } from '../project/question.ts';
import { grammarOf } from './completion/grammar.ts';
import { bashScript, fishScript, zshScript } from './completion/scripts.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** The shells for which there is a script. */
export type Shell = keyof typeof SCRIPTS;

export function completionCommand(shell: Shell, program: Command): void {
  printText(SCRIPTS[shell](grammarOf(program, knownFlags())));
}

/** The package flags, and workerd's flags that are about Python; workerd has too many others. */
function knownFlags(): string[] {
  const { flags, sets } = readPackageJson('data/catalog.json') as Catalog;
  const current = flags.filter(({ withdrawn, field }) => withdrawn === null && /python/i.test(field));
  const names = current.flatMap(({ enable, disable }) => [enable, disable]).filter((name) => name !== null);
  return [...new Set([...names, ...sets.map(({ flag }) => flag)])];
}

/** Prints the names of the packages of the project's package set, or of all sets if there is no project. */
export async function namesCommand(): Promise<void> {
  leaveOutRemarks();
  const flag = await projectSet().catch(() => null);
  const { sets } = readPackageJson('data/catalog.json') as Catalog;
  const flags = flag === null ? sets.map((set) => set.flag) : [flag];
  const names = flags.flatMap((one) => {
    const { packages } = readPackageJson(`data/sets/${one}.json`) as PackageSet;
    return packages.map(({ name }) => name);
  });
  print([...new Set(names)].sort());
}

async function projectSet(): Promise<string> {
  const { pinwheel } = await openBackend({ listener: { remarks: () => {} } });
  const { package_set } = await pinwheel.target(
    await readQuestion({ flag: [], format: 'table', listener: terminal }),
  );
  return package_set.flag;
}
