/** `npm run evidence` on package sets of a test's own, with wheels that it makes. */
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Member } from '../../../resolver/catalog.ts';
import { EvidenceDocument } from '../../../resolver/evidence.ts';
import { npmCache, root } from '../../../scripts/root.ts';
import type { Ended } from '../../cli/pinwheel.ts';
import { newFolder } from '../../common/own.ts';
import { packageSetOf, TEST_FLAG } from '../../test-set.ts';
import { makeSoundWheel, utf8 } from '../../zip.ts';
import { CACHE as BUILDS } from '../project.ts';

export interface World {
  folder: string;
  /** The document of a ground. */
  documentOf(ground?: string): Promise<EvidenceDocument>;
  start(...words: string[]): { pid: number; ended: Promise<Ended> };
  run(...words: string[]): Promise<Ended>;
}

/** A package: its module, or other bytes in place of a wheel, and what its lock entry says otherwise. */
export interface Made extends Partial<Member> {
  code?: string;
  bytes?: Uint8Array;
}

/**
 * A package set of Pyodide 0.29.0 with these packages, each of one module of the same name.
 * @param members what it pins besides, whose files a test names or puts into `wheels`
 */
export async function makeWorld(
  packages: Record<string, Made>,
  { runtime = '0.29.0', members = [] as readonly Member[] } = {},
): Promise<World> {
  const folder = newFolder();
  await Promise.all([npmCache, BUILDS].map((shared) => mkdir(shared, { recursive: true })));
  await Promise.all(['wheels', 'cache'].map((name) => mkdir(join(folder, name))));
  await symlink(npmCache, join(folder, 'cache/npm'));
  await symlink(BUILDS, join(folder, 'cache/builds'));
  const pins = Object.entries(packages).map(async ([name, { code = '', bytes, ...entry }]) => {
    const filename = `${name}-1.0-py3-none-any.whl`;
    const wheel =
      bytes ?? (await makeSoundWheel(name, '1.0', { more: { [`${name}/__init__.py`]: utf8(code) } }));
    await writeFile(join(folder, 'wheels', filename), wheel);
    return { filename, sha256: hash('sha256', wheel), url: null, imports: [name], ...entry };
  });
  const set = { ...packageSetOf([...(await Promise.all(pins)), ...members]), runtime };
  await writeFile(join(folder, 'set.json'), JSON.stringify(set));

  const start: World['start'] = (...words) => {
    const option = (name: string, path: string) => [`--${name}`, join(folder, path)];
    const given = [
      ...option('from', 'wheels'),
      ...option('set', 'set.json'),
      ...option('to', 'evidence'),
      ...option('cache', 'cache'),
    ];
    const program = join(root, 'scripts/evidence/main.ts');
    const child = spawn(process.execPath, [program, ...given, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]);
    return {
      pid: child.pid!,
      ended: ended.then(([code, stdout, stderr]) => ({ code, stdout, stderr })),
    };
  };
  return {
    folder,
    start,
    run: (...words) => start(...words).ended,
    async documentOf(ground = 'pyodide') {
      const path = join(folder, 'evidence', `${TEST_FLAG}.${ground}.json`);
      return EvidenceDocument.parse(JSON.parse(await readFile(path, 'utf8')));
    },
  };
}
