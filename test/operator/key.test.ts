/** A registry whose key is replaced: those who ask meanwhile go on with the new one. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publish } from '../../registry/publish/publish.ts';
import { readWhole } from '../../registry/storage/newest.ts';
import { integrate } from '../../registry/storage/signed-head.ts';
import { readSigner, verifierText } from '../../resolver/log/note.ts';
import { type LocalRegistry, startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import { usePinwheel } from '../cli/pinwheel.ts';
import { newFolder } from '../common/own.ts';
import { runIn } from '../common/project-copy.ts';
import { copySeededState } from '../common/registry.ts';

const pinwheel = await usePinwheel();

test('a rotated key is followed by clients, and the one before is retired', async () => {
  const persist = newFolder();
  await copySeededState(persist);
  const file = join(persist, 'log-key.txt');
  const logKey = (option: string) =>
    runIn(tmpdir(), process.env, process.execPath, [join(root, 'scripts/log-key.ts'), option, file]);
  const [asking, absent] = [newFolder(), newFolder()];
  const { port } = (await serving(persist, 0, () => Promise.resolve())).url;
  const address = `http://127.0.0.1:${port}`;
  const target = (cache: string) =>
    pinwheel.run(['target', '--date', '2026-01-01', '--flag', 'python_workers', '--registry', address], {
      env: { XDG_CACHE_HOME: cache },
    });
  const verify = (cache: string, ...key: string[]) =>
    pinwheel.run(['log', 'verify', '--registry', address, ...key], { env: { XDG_CACHE_HOME: cache } });
  const at = (work: () => Promise<void>) => serving(persist, Number(port), work);

  const before = await keyIn(file);
  await at(async () => {
    for (const cache of [asking, absent]) {
      expect(await verify(cache)).toMatchObject({ code: 0 });
      expect(await target(cache)).toMatchObject({ code: 0 });
    }
  });
  expect(await logKey('--retire')).toMatchObject({ code: 2, stderr: expect.stringContaining('one key') });
  const { code, stdout } = await logKey('--rotate');
  const after = await keyIn(file);
  expect([code, stdout]).toEqual([0, expect.stringContaining(after)]);
  expect(after).not.toBe(before);
  await at(async () => {
    const note = await (await fetch(`${address}/log/checkpoint`)).text();
    expect(note.split('\n').filter((line) => line.startsWith('— '))).toHaveLength(2);
    expect((await (await fetch(`${address}/log/key`)).text()).trim()).toBe(after);
    expect(await target(asking)).toMatchObject({ code: 0 });
    for (const key of [before, after]) {
      expect(await verify(newFolder(), '--key', key)).toMatchObject({ code: 0 });
    }
  });
  const both = await readFile(file, 'utf8');
  expect((await logKey('--retire')).stdout).toContain(`${file}.retired`);
  expect(await keyIn(file)).toBe(after);
  expect(both).toBe((await readFile(file, 'utf8')) + (await readFile(`${file}.retired`, 'utf8')));
  await at(async () => {
    expect(await target(asking)).toMatchObject({ code: 0 });
  });
  await serving(persist, Number(port), async (registry) => {
    const { miniflare, logKey: LOG_KEY } = registry;
    const STORE = (await miniflare.getR2Bucket('STORE')) as unknown as R2Bucket;
    const storage = { DB: await miniflare.getD1Database('DB'), STORE, LOG_KEY };
    const { log } = await readWhole(storage);
    const yank = { kind: 'yank', subject: log.findLast(({ kind }) => kind === 'set')!.name, sha256: null };
    const day = log.at(-1)!.day;
    const document = { ...yank, reason: 'a test', from: '2027-01-01' };
    const outcome = await publish(storage, await readWhole(storage), document, day);
    if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
    await integrate(storage, outcome.value.catalog);
    await registry.restart();
    expect(await target(asking)).toMatchObject({ code: 0 });
    expect(await target(absent)).toMatchObject({ code: 3, stderr: expect.stringContaining('is not signed') });
  });
});

const keyIn = async (file: string) => verifierText((await readSigner(await readFile(file, 'utf8')))!);

/** A registry that runs while `work` does. */
async function serving(
  persist: string,
  port: number,
  work: (registry: LocalRegistry) => Promise<void>,
): Promise<LocalRegistry> {
  const registry = await startLocalRegistry({ persist, port });
  try {
    await work(registry);
  } finally {
    await registry.stop();
  }
  return registry;
}
