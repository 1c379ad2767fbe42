/** HTTP clients that block the Worker while they wait for a response. */
import type { LimitedUse } from './limits.ts';
import { isWithin } from './limits.ts';
import type { Located } from './locate.ts';
import type { Host, ScannedFile } from './project.ts';

export function synchronousUses(file: ScannedFile, located: readonly Located[], host: Host): LimitedUse[] {
  const uses: LimitedUse[] = [];
  for (const { module, names, instead } of host.facts.synchronous) {
    const use = names === null ? wholeUse(module, file, located) : nameUse(module, names, file);
    if (!use) continue;
    const { name, line, column } = use;
    const message = `${name} waits for each response, and blocks the whole Worker while it waits.`;
    const fix = `Use ${instead ?? alternative(host)}.`;
    uses.push({ severity: 'warning', subject: module, message, fix, line, column });
  }
  return uses;
}

interface Use {
  name: string;
  line: number;
  column: number;
}

/** The first import of a module, or of it by name from the package it is in. */
function wholeUse(module: string, file: ScannedFile, located: readonly Located[]): Use | null {
  const imported = located.find((one) => one.import.when !== 'typing' && isWithin(one.module, module));
  if (imported) return { name: module, line: imported.import.line, column: imported.import.column };
  const named = file.references.find(({ name, typing }) => !typing && isWithin(name, module));
  return named ? { name: module, line: named.line, column: named.column } : null;
}

function nameUse(module: string, names: readonly string[], file: ScannedFile): Use | null {
  const isSynchronous = (name: string) =>
    name === `${module}.*` || names.some((one) => isWithin(name, `${module}.${one}`));
  return file.references.find(({ name, typing }) => !typing && isSynchronous(name)) ?? null;
}

/** The best client of the package set, preferably one that is required already. */
function alternative({ facts, packages, closure }: Host): string {
  const inSet = facts.asynchronous.filter((one) => packages.named(one.package));
  const best = inSet.find((one) => closure.has(one.package)) ?? inSet[0];
  if (!best) return 'fetch of the module workers';
  const { version } = packages.named(best.package)!;
  return `${best.use}, of ${best.package} ${version} in the package set`;
}
