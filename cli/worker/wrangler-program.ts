/** The wrangler of a project: the one that it has installed, else the one on the path. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { Issue } from '../../resolver/index.ts';
import { oldWorkerd } from '../../resolver/issues/build.ts';
import { OLDEST_WORKERD } from '../../runtime/oldest-workerd.ts';

/** How to run it, and the version of its workerd, if that is known; or why it cannot be run, as the end of a sentence. */
export type WranglerProgram = { command: string[]; workerd: string | null } | { problem: string };

export function findWrangler(home: string, environment: NodeJS.ProcessEnv): WranglerProgram {
  const manifest = resolved(join(home, 'package.json'), 'wrangler/package.json');
  if (manifest !== null) {
    const workerd = resolved(manifest, 'workerd/package.json');
    if (workerd === null) return { problem: `the wrangler in ${dirname(manifest)} lacks its workerd` };
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const { version } = JSON.parse(readFileSync(workerd, 'utf8'));
    return { command: [process.execPath, join(dirname(manifest), bin.wrangler)], workerd: version };
  }
  const names = process.platform === 'win32' ? ['wrangler.cmd', 'wrangler.exe'] : ['wrangler'];
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((one) => one !== '')) {
    const path = names.map((name) => join(folder, name)).find((one) => existsSync(one));
    if (path !== undefined) return { command: [path], workerd: null };
  }
  return { problem: 'it is neither in node_modules nor on the path' };
}

/** What to say of a wrangler whose workerd cannot serve a built Worker; null if nothing. */
export function tooOldWorkerd(home: string, found: WranglerProgram): Issue | null {
  if ('problem' in found || found.workerd === null || !isOlder(found.workerd, OLDEST_WORKERD)) return null;
  return oldWorkerd({ home, workerd: found.workerd, needed: OLDEST_WORKERD });
}

/** Versions of workerd are a number, a day and a number. */
function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((one) => one.split('.').map(Number));
  const at = left!.findIndex((part, index) => part !== right![index]);
  return at !== -1 && left![at]! < right![at]!;
}

function resolved(from: string, name: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}
