/** Measures the patched httpx in Pyodide beside plain fetch in the same process: milliseconds, and live objects. */
import { readFile } from 'node:fs/promises';
import { readQuestion, reply } from './host-process.ts';
import { liveObjects } from './live-objects.ts';

export interface Measured {
  small: { fetch: number; httpx: number };
  stream: { fetch: number; httpx: number };
  /** [Python objects that JavaScript holds, JavaScript objects that Python holds] */
  live: { before: number[]; after: number[] };
}

const question = await readQuestion<{
  pyodide: string;
  wheels: string[];
  origin: string;
  requests: number;
  bytes: number;
}>();
const { origin, requests, bytes } = question;
const { loadPyodide } = await import(`${question.pyodide}/pyodide.mjs`);
const pyodide = await loadPyodide({ indexURL: `${question.pyodide}/` });
for (const wheel of question.wheels) pyodide.unpackArchive(new Uint8Array(await readFile(wheel)), 'whl');
(globalThis as { liveObjects?: unknown }).liveObjects = liveObjects(pyodide);

const python = await pyodide.runPythonAsync(`
import asyncio, gc, httpx
from js import liveObjects

client = httpx.AsyncClient()

async def small(count):
    for _ in range(count):
        response = await client.get("${origin}/bytes/100")
        assert len(response.content) == 100

async def stream():
    total = 0
    async with client.stream("GET", "${origin}/stream/${bytes}") as response:
        async for chunk in response.aiter_bytes():
            total += len(chunk)
    assert total == ${bytes}, total

async def live():
    for _ in range(5):
        await asyncio.sleep(0.02)
        gc.collect()
    return liveObjects()

[small, stream, live]
`);
const [small, stream, live] = python.toJs({ depth: 1 });

async function fetchSmall(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const response = await fetch(`${origin}/bytes/100`);
    if ((await response.arrayBuffer()).byteLength !== 100) throw new Error('other bytes');
  }
}

async function fetchStream(): Promise<void> {
  let total = 0;
  const reader = (await fetch(`${origin}/stream/${bytes}`)).body!.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) total += chunk.value.length;
  if (total !== bytes) throw new Error(`${total} bytes`);
}

async function time(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** The best of a few rounds, taken in turn, so that what else the machine does meets both alike. */
async function compare(plain: () => Promise<void>, patched: () => Promise<void>) {
  await plain();
  await patched();
  const best = { fetch: Number.POSITIVE_INFINITY, httpx: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 5; round++) {
    best.fetch = Math.min(best.fetch, await time(plain));
    best.httpx = Math.min(best.httpx, await time(patched));
  }
  return best;
}

const measured: Measured = {
  small: await compare(
    () => fetchSmall(requests),
    () => small(requests),
  ),
  stream: await compare(fetchStream, () => stream()),
  live: { before: await live(), after: [] },
};
await small(1000);
measured.live.after = await live();
reply(measured);
