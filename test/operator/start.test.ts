import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import { describe, expect, test, vi } from 'vitest';
import type { Member } from '../../resolver/catalog.ts';
import { wheelPath } from '../../resolver/closure/prepare.ts';
import { loadCatalog, loadSets } from '../../scripts/import/data-files.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import { ending, newFolder, serve } from '../common/own.ts';
import { start } from './start-script.ts';

/**
 * Files of D1 and R2 that are there when it is killed: while it migrates, then further into the publications. Each
 * takes a start, so that `npm run test:all` has all.
 */
const KILLED_AT = process.env.TEST_ALL ? [1, 20, 60] : [60];

const state = newFolder();

/** Ends it as Ctrl-C does, and waits until nothing answers any more. */
async function stop(child: ChildProcess, origin: string): Promise<number | null> {
  const code = await new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
    child.kill('SIGINT');
  });
  await expect
    .poll(() =>
      fetch(origin).then(
        () => 'up',
        () => 'down',
      ),
    )
    .toBe('down');
  return code;
}

/** With workerd in its group, so that both can be killed at once, as when a machine loses its power. */
function startDetached(env: Record<string, string>): { child: ChildProcess; ended: Promise<string> } {
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: root,
    // It leaves its temporary files.
    env: { ...process.env, TMPDIR: newFolder(), ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  return { child, ended: new Promise((resolve) => child.on('exit', () => resolve(output))) };
}

/** The wheels of Pinwheel's own that the sets of `data/` pin. */
async function builtWheels(): Promise<Member[]> {
  return (await loadSets()).flatMap(({ packages }) => packages.filter(({ url }) => url === null));
}

describe('npm start', () => {
  test('killed while it seeds, it comes up whole the next time, serves, stops, and has its data at the next start', async () => {
    const filesThere = async () => (await readdir(state, { recursive: true })).length;
    for (const files of KILLED_AT) {
      const { child, ended } = startDetached({ PORT: '0', PINWHEEL_STATE: state });
      try {
        await expect.poll(filesThere, { interval: 20, timeout: 600_000 }).toBeGreaterThanOrEqual(files);
      } finally {
        process.kill(-child.pid!, 'SIGKILL');
      }
      expect(await ended, `${files} files`).not.toContain('is up');
    }
    const first = await start({ PORT: '0', PINWHEEL_STATE: state }, /curl '[^']+'/);
    expect(first.output).toContain('publishing documents');
    const url = /curl '([^']+)'/.exec(first.output)![1]!;
    const asked = `${url}&as_of=2026-11-20`;
    const answer = await (await fetch(asked)).text();
    expect(JSON.parse(answer).packages).toHaveLength(13);
    const get = async (path: string) => (await fetch(new URL(path, url))).json();
    const { log } = await loadCatalog();
    expect(await get('/v1/catalog')).toMatchObject({ log });
    expect(await get('/healthz')).toMatchObject({ status: 'ok' });
    const verified = await promisify(execFile)(
      process.execPath,
      ['bin/pinwheel.mjs', 'log', 'verify', '--registry', new URL(url).origin],
      { cwd: root },
    );
    expect(verified.stdout).toContain(String(log.length));
    for (const wheel of await builtWheels()) {
      const response = await fetch(new URL(wheelPath(wheel), url));
      expect(response.status, `${wheel.filename}\n${first.output}`).toBe(200);
      expect(hash('sha256', new Uint8Array(await response.arrayBuffer())), wheel.filename).toBe(wheel.sha256);
    }
    expect(await stop(first.child, asked)).toBe(130);

    // On another port: somebody else may have that of the first by now.
    const second = await start({ PORT: '0', PINWHEEL_STATE: state }, /curl '[^']+'/);
    expect(second.output).not.toMatch(/publishing documents|building/);
    const again = `${/curl '([^']+)'/.exec(second.output)![1]!}&as_of=2026-11-20`;
    expect(await (await fetch(again)).text()).toBe(answer);
    expect(await stop(second.child, again)).toBe(130);
  });

  test('says what to do about the data of a version with other tables', async () => {
    const folder = newFolder();
    const registry = await startLocalRegistry({ persist: folder, documents: [] });
    const db = await registry.miniflare.getD1Database('DB');
    await db.prepare("insert into d1_migrations (name) values ('0007_wheel_seals.sql')").run();
    await registry.stop();
    const { code, output } = await start({ PORT: '0', PINWHEEL_STATE: folder }, /never/);
    expect(code).toBe(1);
    expect(output).toContain(`the data in ${folder} was made by another version of Pinwheel`);
    expect(output).toContain('Delete that folder and start again');
  });

  test('says when somebody else has the port', async () => {
    const { port } = new URL(await serve(() => {}));
    const { code, output } = await start({ PORT: port, PINWHEEL_STATE: state }, /never/);
    expect(code).toBe(1);
    expect(output).toContain(`127.0.0.1:${port} is in use`);
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all!.some(({ address }) => address === '::1'),
  );
  const inIpv6 = 'has links with an address of IPv6 if it listens on one';
  test.skipIf(!hasIpv6)(hasIpv6 ? inIpv6 : 'skipped: this machine has no IPv6', async () => {
    const registry = await startLocalRegistry({ host: '::1', documents: [] });
    const answer = await (await fetch(new URL('/openapi.json', registry.url))).json();
    await registry.stop();
    expect(answer).toMatchObject({ servers: [{ url: registry.url.origin }] });
    expect(registry.url.hostname).toBe('[::1]');
  });

  test('takes another free port if somebody else gets the one that it had found', async () => {
    const taken = Number(new URL(await serve(() => {})).port);
    const { setOptions } = Miniflare.prototype;
    vi.spyOn(Miniflare.prototype, 'setOptions').mockImplementationOnce(function (this: Miniflare, options) {
      return setOptions.call(this, { ...options, port: taken } as typeof options);
    });
    const registry = ending(await startLocalRegistry({ documents: [] }));
    const answer = await (await fetch(new URL('/openapi.json', registry.url))).json();
    expect(answer).toMatchObject({ servers: [{ url: registry.url.origin }] });
  });

  test('refuses options, which it would ignore', async () => {
    const asked = promisify(execFile)(process.execPath, ['scripts/start.ts', '--port', '8788'], {
      cwd: root,
    });
    await expect(asked).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('PORT=8788 npm start'),
    });
  });

  test('refuses what is not a port or an address, and an index whose address has a secret', async () => {
    const { code, output } = await start({ PORT: 'eighty', PINWHEEL_STATE: state }, /never/);
    expect([code, output]).toEqual([2, expect.stringContaining('PORT is "eighty"')]);
    for (const PUBLIC_URL of [
      'registry.example',
      'ftp://registry.example',
      'https://registry.example/path',
    ]) {
      const refused = await start({ PORT: '0', PINWHEEL_STATE: state, PUBLIC_URL }, /never/);
      expect([refused.code, refused.output]).toEqual([
        2,
        expect.stringContaining(`PUBLIC_URL is "${PUBLIC_URL}"`),
      ]);
    }
    const INDEX_URL = 'https://ada:s3cret@index.example/simple/';
    const refused = await start({ PORT: '0', PINWHEEL_STATE: state, INDEX_URL }, /never/);
    expect([refused.code, refused.output]).toEqual([
      2,
      expect.stringMatching(/^pinwheel: INDEX_URL has to be /),
    ]);
    expect(refused.output).not.toContain('s3cret');
  });
});
