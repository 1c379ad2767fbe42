/**
 * The process of one Worker: builds a project that imports a package's modules, as `pinwheel build --no-snapshot` does,
 * and asks it on workerd. Reads a {@link WorkerJob} from standard input.
 */
import { writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withScratch } from '../../cli/common/folders.ts';
import { supplyFrom } from '../../cli/packages/layer.ts';
import { askAll } from '../../cli/project/try/ask-all.ts';
import { pageAt } from '../../cli/project/try/requests.ts';
import { buildWorker } from '../../cli/worker/build.ts';
import { LEVELS } from '../../cli/worker/files.ts';
import type { BuildClosure } from '../../cli/worker/inputs.ts';
import { lastError } from '../../cli/worker/said.ts';
import { serviceOf } from '../../cli/worker/serve.ts';
import { wranglerJson } from '../../cli/worker/wrangler.ts';
import { PROJECT } from '../../runtime/site.ts';
import type { Measured, Told } from './process.ts';

export interface WorkerJob {
  closure: BuildClosure;
  imports: string[];
  smoke: string | null;
  /** The folder of builds, which has Pyodide. */
  cache: string;
}

const DATE = '2025-11-02';
/** The Python module that imports. */
const PROBE = fileURLToPath(new URL('probe.py', import.meta.url));

const entryOf = ({ imports, smoke }: WorkerJob) => `import json

import _evidence
from workers import Response, WorkerEntrypoint

imports = [json.loads(_evidence.try_import(name, None)) for name in json.loads(${JSON.stringify(JSON.stringify(imports))})]
code = json.loads(${JSON.stringify(JSON.stringify(smoke))})


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        smoke = [json.loads(await _evidence.try_smoke(code))] if code is not None else []
        return Response(json.dumps(imports + smoke))
`;

const tell = (told: Told) => writeSync(3, `${JSON.stringify(told)}\n`);

async function build(job: WorkerJob, folder: string): Promise<string> {
  const entry = join(folder, 'entry.py');
  await writeFile(entry, entryOf(job));
  const tables = [{ name: 'evidence', compatibility_date: DATE }];
  const out = join(folder, 'worker');
  const { closure, cache } = job;
  const quiet = () => {};
  const listener = { downloads: () => ({}), step: quiet };
  await buildWorker({
    project: {
      config: join(folder, 'wrangler.toml'),
      home: folder,
      tables,
      root: folder,
      main: 'entry',
      mainFile: entry,
      files: [
        { path: `${PROJECT}/entry.py`, file: entry },
        { path: `${PROJECT}/_evidence.py`, file: PROBE },
      ],
    },
    closure,
    // No other Worker can use these packages.
    supply: { ...supplyFrom(folder, listener, LEVELS.served), pyodide: supplyFrom(cache, listener).pyodide },
    out,
    cache,
    snapshot: false,
    warm: [],
    dev: false,
    place: { kind: 'bundle' },
    wrangler: wranglerJson(tables, '', folder, out),
    say: quiet,
  });
  return out;
}

/** Answers smoke lines of HTTP clients. */
const NETWORK = serviceOf(
  "url.host === 'smoke.invalid' ? new Response('pinwheel') : Promise.reject(new TypeError('There is no network here.'))",
);

/** Whoever started this process ends it when its time is over. */
const LIMITS = { seconds: 1_000_000, size: 1 << 20 };

/** The steps after loading. */
async function ask(worker: string): Promise<Measured[]> {
  const { default: workerd } = createRequire(import.meta.url)('workerd');
  const serving = { variables: {}, workerd, outbound: NETWORK };
  const { asked } = await askAll(worker, [pageAt('/')], serving, LIMITS);
  const { answer, problem } = asked[0]!;
  if (problem !== null) throw new Error(problem);
  return JSON.parse(answer!.body.toString());
}

async function run(job: WorkerJob): Promise<void> {
  tell({});
  await withScratch(join(job.cache, 'projects'), 'project-', async (folder) => {
    let type = 'BuildError';
    try {
      const worker = await build(job, folder);
      type = 'WorkerError';
      tell({ steps: [{}, ...(await ask(worker))], isDone: true });
    } catch (error) {
      const { message: said } = error as Error;
      const message = (lastError(said) ?? said).slice(0, 300);
      tell({ steps: [{ error: { type, message, missing: null } }], isDone: true });
    }
  });
}

await run(JSON.parse(await text(process.stdin)));
