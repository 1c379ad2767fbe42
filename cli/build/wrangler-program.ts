/** The wrangler of a project: the one that it has installed, else the one on the path. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** How to run it; or why it cannot be run, as the end of a sentence. */
export type WranglerProgram = { command: string[] } | { problem: string };

export function findWrangler(home: string, environment: NodeJS.ProcessEnv): WranglerProgram {
  const manifest = resolved(join(home, 'package.json'), 'wrangler/package.json');
  if (manifest !== null) {
    if (resolved(manifest, 'workerd') === null)
      return { problem: `the wrangler in ${dirname(manifest)} lacks its workerd` };
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    return { command: [process.execPath, join(dirname(manifest), bin.wrangler)] };
  }
  const names = process.platform === 'win32' ? ['wrangler.cmd', 'wrangler.exe'] : ['wrangler'];
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((one) => one !== '')) {
    const path = names.map((name) => join(folder, name)).find((one) => existsSync(one));
    if (path !== undefined) return { command: [path] };
  }
  return { problem: 'it is neither in node_modules nor on the path' };
}

function resolved(from: string, name: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}
