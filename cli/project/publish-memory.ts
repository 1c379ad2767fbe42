/** Makes the memory of a project's packages, and publishes it, or compares it with that of a registry. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { noSnapshots, wrongMemory } from '../../resolver/issues/build.ts';
import type { StatedMemory } from '../../runtime/memory-file.ts';
import { credentialOf } from '../ask/publish/credential.ts';
import { post } from '../ask/publish/send.ts';
import { DEFAULT_OUT } from '../commands/build.ts';
import { unanswered } from '../common/failure.ts';
import { packagesLayer } from '../packages/layer.ts';
import { pyodideFolder } from '../packages/pyodide-files.ts';
import { findBase } from '../worker/base.ts';
import { checkNode } from '../worker/child.ts';
import { leadingImports } from '../worker/leading-imports.ts';
import { RELEASES } from '../worker/releases.ts';
import { resolveProject } from './build-closure.ts';
import { projectFiles } from './build-files.ts';
import { findConfig, readProject } from './build-project.ts';
import { fileOf, statedMemory } from './shared-memory.ts';

export interface MemoryRequest {
  /** Of the registry: as it was given, and with a slash at its end. */
  registry: string;
  address: string;
  cache: string;
  dryRun: boolean;
}

export interface MemoryOutcome extends StatedMemory {
  status: 'published' | 'unchanged' | 'checked';
}

export async function publishMemory(folder: string, request: MemoryRequest): Promise<MemoryOutcome> {
  const { address, dryRun } = request;
  const credential = dryRun ? null : await credentialOf(address);
  const { bytes, ...memory } = await makeMemory(folder, request);
  if (credential !== null) {
    const path = `v1/memory/${memory.key}/${memory.sha256}`;
    const headers = { 'content-type': 'application/octet-stream' };
    return post<MemoryOutcome>(address, path, credential, { body: new Uint8Array(bytes), headers });
  }
  const stated = await statedMemory(address, memory.key);
  if (stated === null) return { status: 'checked', ...memory };
  if (stated.sha256 === memory.sha256) return { status: 'unchanged', ...memory };
  const problem = `has the SHA-256 ${stated.sha256}, but what this machine makes has ${memory.sha256}`;
  throw unanswered([wrongMemory({ registry: new URL(address).origin, problem })]);
}

async function makeMemory(folder: string, { registry, cache }: MemoryRequest) {
  checkNode();
  const path = await findConfig(folder, undefined);
  const found = await readProject(path, undefined, join(dirname(path), DEFAULT_OUT));
  const { home, config, main } = found;
  const closure = await resolveProject(home, {
    registry,
    config,
    flag: [],
    requirements: [],
    format: 'table',
  });
  const files = await projectFiles(found.files, closure);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  await mkdir(cache, { recursive: true });
  const pyodide = await pyodideFolder(closure.runtime.pyodide, cache, say);
  const layer = await packagesLayer(closure, cache);
  const modules = await leadingImports(main, files, layer);
  const isSaved = RELEASES[closure.runtime.pyodide]!.snapshots;
  const base = isSaved && (await findBase({ closure, pyodide, layer, modules, files, cache, say }));
  if (!base) throw unanswered([noSnapshots({ pyodide: closure.runtime.pyodide })]);
  return fileOf(base);
}
