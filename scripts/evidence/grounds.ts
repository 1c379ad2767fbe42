/** Where packages run: npm's Pyodide in Node, and a built Worker on workerd. */
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { placed, writeWhole } from '../../cli/common/folders.ts';
import { fetchRelease, pyodideFolder } from '../../cli/packages/pyodide-files.ts';
import { filesBelow } from '../../cli/worker/files.ts';
import { runtimeDigest } from '../../cli/worker/modules.ts';
import { RELEASES } from '../../cli/worker/releases.ts';
import type { PackageSet } from '../../resolver/catalog.ts';
import type { EvidenceDocument } from '../../resolver/evidence.ts';
import { toPyodideLock } from '../../resolver/index.ts';
import { buildPackage } from '../build.ts';
import { unpackPyodide } from '../import/standard-library/measure.ts';
import { root } from '../root.ts';
import type { InterpreterJob } from './interpreter.ts';
import { options } from './options.ts';
import { type Ran, runProcess } from './process.ts';
import type { Candidate, Shelf } from './shelf.ts';
import type { WorkerJob } from './worker.ts';

export interface Ground {
  programs: EvidenceDocument['programs'];
  /** The digest of what all its results depend on. */
  digest: string;
  run(candidate: Candidate, smoke: string | null): Promise<Ran>;
}

const { cache, tarballs, seconds, memory } = options;
const say = (line: string) => console.error(`pinwheel: ${line}`);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const PROBE = here('probe.py');
/** The Python package that an interpreter watches imports with. */
const WATCHER = join(root, 'runtime/python/_pinwheel');
const node = process.versions.node;

type Grounds = EvidenceDocument['ground'];

export const GROUNDS: Record<Grounds, (set: PackageSet, shelf: Shelf) => Promise<Ground>> = {
  async pyodide(set, shelf) {
    const pyodide = join(cache, 'pyodide', set.runtime);
    if (!existsSync(pyodide)) {
      const tarball = await fetchRelease(set.runtime, tarballs, say);
      await placed(pyodide, (folder) => unpackPyodide(tarball, folder));
    }
    const present = set.packages.filter(({ sha256 }) => shelf.has(sha256));
    const text = JSON.stringify(toPyodideLock(set, present, ({ sha256 }) => shelf.get(sha256)!));
    const lock = join(cache, 'locks', `${hash('sha256', text)}.json`);
    await mkdir(join(cache, 'locks'), { recursive: true });
    await writeWhole(lock, text);
    const program = here('interpreter.ts');
    const files = [program, PROBE, ...(await filesBelow(WATCHER)).map((name) => join(WATCHER, name))];
    const readable = [pyodide, join(cache, 'wheels'), lock, join(root, 'package.json'), here('.'), WATCHER];
    const permissions = readable.map((path) => `--allow-fs-read=${path}`);
    const args = ['--experimental-wasm-jspi', '--permission', ...permissions, program];
    return {
      programs: { node },
      digest: await digestOf([RELEASES[set.runtime]!.integrity], files),
      run({ member: { name, imports }, closure }, smoke) {
        const needed = closure.map(({ written_name }) => written_name);
        const job = { pyodide, lock, memory, name, needed, imports, smoke };
        return runProcess(args, job satisfies InterpreterJob);
      },
    };
  },

  async build(set, shelf) {
    await buildPackage();
    const builds = join(cache, 'builds');
    await pyodideFolder(set.runtime, builds, say);
    const { version } = createRequire(import.meta.url)('workerd');
    const program = here('worker.ts');
    const { runtime: pyodide, python, abi, platform } = set;
    return {
      programs: { node, workerd: version },
      digest: await digestOf(
        [RELEASES[pyodide]!.integrity, version, await runtimeDigest()],
        [program, PROBE],
      ),
      run({ member: { imports }, closure }, smoke) {
        const packages = closure.map((member) => {
          return { ...member, url: pathToFileURL(shelf.get(member.sha256)!).href };
        });
        const runtime = { pyodide, python, abi, platform };
        const packageSet = { name: set.flag, digest: '' };
        const built = { runtime, packageSet, callsFunctions: true, packages };
        return runProcess([program], { cache: builds, closure: built, imports, smoke } satisfies WorkerJob);
      },
    };
  },
};

async function digestOf(values: unknown[], files: readonly string[]): Promise<string> {
  const digests = files.map(async (file) => hash('sha256', await readFile(file)));
  return hash('sha256', JSON.stringify([...values, node, seconds, memory, ...(await Promise.all(digests))]));
}
