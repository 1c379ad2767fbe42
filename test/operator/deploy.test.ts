/** `npm run deploy -- --local`: every step that needs no account, by wrangler itself. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { getPlatformProxy } from 'wrangler';
import { readHead } from '../../registry/storage/ledger.ts';
import type { NewestIndex } from '../../resolver/catalog.ts';
import { generateNoteKey, openCheckpoint, readSigner } from '../../resolver/log/note.ts';
import { configOf, deployedUrl, readOptions, USAGE, writeConfig } from '../../scripts/deploy/config.ts';
import { expectSameKey, keptKeyOf, smokeTest, verifierOf } from '../../scripts/deploy/main.ts';
import { targetsOf } from '../../scripts/deploy/wrangler.ts';
import { loadCatalog, loadDocuments } from '../../scripts/import/data-files.ts';
import { keptKey } from '../../scripts/kept-key.ts';
import { startLocalRegistry } from '../../scripts/local-registry.ts';
import { root } from '../../scripts/root.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { newFolder } from '../common/own.ts';
import { copySeededState, sharedRegistry } from '../common/registry.ts';

const run = promisify(execFile);
/** A shell has to quote it. */
const persist = join(newFolder(), "pinwheel's deploy");

test('migrates, builds and seeds with the D1 and R2 of this machine', async () => {
  const deploying = ['scripts/deploy/main.ts', '--local', '--persist', persist];
  const { stdout } = await run(process.execPath, deploying, { cwd: root });
  const [, serve] = /; (PINWHEEL_STATE=.*) npm start serves it\n$/.exec(stdout)!;
  const pasted = await run('sh', ['-c', `${serve} printenv PINWHEEL_STATE`]);
  expect(pasted.stdout).toBe(`${persist}/v3\n`);
  const configPath = join(root, '.wrangler/pinwheel/local.json');
  const config = JSON.parse(await readFile(configPath, 'utf8'));
  expect(config).toMatchObject({
    name: 'pinwheel',
    limits: { cpu_ms: 5000 },
    observability: { enabled: true },
    cache: { enabled: true },
    ratelimits: [{ name: 'RATE_LIMITER' }],
  });
  const worker = await readFile(join(root, '.wrangler/pinwheel/dist/worker.js'), 'utf8');
  expect(worker.length).toBeGreaterThan(100_000);
  // Pages contain the source of functions, and have no such helper.
  expect(worker).not.toContain('__name(');
  // Code that only builds and other languages need would make each isolate start later.
  expect(worker.match(/node_modules\/(?:zod\/v4\/locales\/(?!en\.js)|@asteasolutions\/)\S+/g)).toBe(null);
  const proxy = await getPlatformProxy<{ DB: D1Database; STORE: R2Bucket }>({
    configPath,
    persist: { path: join(persist, 'v3') },
  });
  const head = (await loadCatalog()).log.at(-1)!;
  expect(await readHead(proxy.env.DB)).toEqual(head);
  const { publication, checkpoint } = await (await proxy.env.STORE.get('head.json'))!.json<NewestIndex>();
  expect(publication).toEqual(head);
  // By the key of this machine, as npm start does.
  const key = await readSigner(
    await readFile(join(persist, 'v3/log-key.txt'), 'utf8').then((text) => text.trim()),
  );
  expect(await openCheckpoint(checkpoint!, key!)).toMatchObject({ size: head.revision });
  await proxy.dispose();
});

const deploy = (...args: string[]) =>
  run(process.execPath, ['scripts/deploy/main.ts', '--local', ...args], { cwd: root });

// The guide's test restores without it.
onlyInAll('restores a backup first, into a registry that has nothing', async () => {
  const [kept, other] = [join(persist, 'kept'), join(persist, 'other')];
  const backUp = ['scripts/backup.ts', '--to', kept, '--persist', join(persist, 'v3')];
  await run(process.execPath, backUp, { cwd: root });
  const { stdout } = await deploy('--restore', kept, '--persist', other);
  expect(stdout).toContain(`restoring ${kept}`);
  // All of data/ came with it.
  expect(stdout).not.toContain('publishing documents');
  const keyIn = (folder: string) => readFile(join(folder, 'v3/log-key.txt'), 'utf8');
  expect(await keyIn(other)).toBe(await keyIn(persist));
  await expect(deploy('--restore', kept, '--persist', other)).rejects.toThrow('has publications already');
});

test('what is wrong with an option or a backup is said before anything is created', async () => {
  for (const args of [
    ['--name', 'My Registry'],
    ['--name', ''],
    ['--name', '../other'],
    ['--url', 'registry.example'],
    ['--url', 'http://registry.example'],
    ['--url', 'https://registry.example/path'],
    ['--url', 'https://localhost'],
    ['--restore', ''],
    // Without `--local`, it would be a deployment.
    ['--persist', persist],
    ['other'],
  ]) {
    expect(() => readOptions(args), args.join(' ')).toThrow();
  }
  await expect(deploy('--restor')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^pinwheel: Unknown option '--restor'[\s\S]*npm run deploy -- /),
  });
  expect(readOptions(['--url', 'https://registry.example/'])).toMatchObject({
    name: 'pinwheel',
    url: 'https://registry.example',
    local: false,
  });
  expect(USAGE.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const nowhere = join(persist, 'nowhere');
  const deploying = run(process.execPath, ['scripts/deploy/main.ts', '--restore', nowhere], { cwd: root });
  await expect(deploying).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(`^pinwheel: ${nowhere} has no whole backup`),
  });
});

test('the key of a Worker is used again if it is kept here, and no other one', async () => {
  const [state, { origin }] = [join(persist, 'keys'), await sharedRegistry()];
  await copySeededState(state);
  const verifier = await verifierOf(origin);
  const file = join(state, 'log-key.txt');
  const kept = (await readFile(file, 'utf8')).trim();
  expect(await keptKeyOf(file, verifier)).toBe(kept);
  expect(await keptKeyOf(join(state, 'none.txt'), verifier)).toBe(undefined);
  const other = await generateNoteKey('localhost/log');
  expect(await keptKeyOf(file, other.verifying)).toBe(undefined);
  await expect(verifierOf(`${origin}/nowhere`)).rejects.toThrow('answers 404');

  const backup = join(persist, 'of keys');
  await mkdir(join(backup, 'r2'), { recursive: true });
  await writeFile(join(backup, 'r2/head.json'), await (await fetch(`${origin}/v1/index`)).text());
  await expectSameKey(backup, verifier);
  await expect(expectSameKey(backup, other.verifying)).rejects.toThrow('goes on only with its own key');

  await writeFile(file, kept.slice(0, -9));
  await expect(keptKey(file, 'localhost/log')).rejects.toThrow(`${file} has no key of a log`);
  await expect(keptKey(state, 'localhost/log')).rejects.toThrow(`${state} could not be read`);
});

test('the address of the last deployment stays', async () => {
  const file = join(persist, 'deployed.json');
  expect(await deployedUrl('n', file)).toBe(undefined);
  const deployment = { name: 'n', databaseId: 'id', publicUrl: 'https://n.example', remote: true };
  await writeConfig(deployment, file);
  expect([await deployedUrl('n', file), await deployedUrl('other', file)]).toEqual([
    'https://n.example',
    undefined,
  ]);
  await writeConfig({ ...deployment, publicUrl: null }, file);
  expect(await deployedUrl('n', file)).toBe(undefined);
  await truncate(file, 100);
  expect(await deployedUrl('n', file)).toBe(undefined);
});

test('without an account, the error says how to have one', async () => {
  const { CLOUDFLARE_API_TOKEN: _, ...env } = process.env;
  const alone = { ...env, HOME: persist, XDG_CONFIG_HOME: persist };
  const deploying = run(process.execPath, ['scripts/deploy/main.ts'], { cwd: root, env: alone });
  await expect(deploying).rejects.toMatchObject({
    code: 1,
    stderr:
      'pinwheel: wrangler has no access to an account of Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN.\n',
  });
});

test('a deployed registry is asked a few questions, and wrong answers are reported', async () => {
  const head = (await loadCatalog()).log.at(-1)!;
  await smokeTest((await sharedRegistry()).origin, head);
  const half = await startLocalRegistry({ documents: (await loadDocuments()).slice(0, 8) });
  try {
    await expect(smokeTest(half.url.origin, head, { attempts: 1 })).rejects.toThrow(/revision/i);
    await expect(smokeTest('http://127.0.0.1:1', head, { attempts: 1 })).rejects.toThrow();
  } finally {
    await half.stop();
  }
});

test('the line of the guide about a domain is deployed', async () => {
  const guide = await readFile(join(root, 'registry/README.md'), 'utf8');
  const [, line] = /```toml\n(routes = .*)\n```/.exec(guide)!;
  const written = await readFile(join(root, 'wrangler.toml'), 'utf8');
  const toml = parse(written.replace('[env.production]\n', `[env.production]\n${line}\n`));
  const deployment = { name: 'n', databaseId: 'id', publicUrl: 'https://registry.example', remote: true };
  expect(configOf(toml as unknown as Parameters<typeof configOf>[0], deployment)).toMatchObject({
    routes: [{ pattern: 'registry.example', custom_domain: true }],
    vars: { PUBLIC_URL: 'https://registry.example' },
  });
});

test('the address is that of the deployment', () => {
  const config = {
    main: 'a.ts',
    vars: { PUBLIC_URL: 'x' },
    d1_databases: [{ migrations_dir: 'm' }],
    r2_buckets: [{}],
    build: {},
  };
  const deployment = { name: 'n', databaseId: 'id', publicUrl: 'https://n.example', remote: true };
  expect(configOf(config, deployment)).toMatchObject({
    vars: { PUBLIC_URL: 'https://n.example' },
    d1_databases: [{ database_name: 'n', database_id: 'id', remote: true }],
    r2_buckets: [{ bucket_name: 'n', remote: true }],
  });
  // Until it is known, a Worker that is deployed already keeps the one that it has, and answers.
  const unknown = configOf(config, { ...deployment, publicUrl: null });
  expect(unknown).toMatchObject({ keep_vars: true, vars: {} });
  expect(unknown).not.toHaveProperty('vars.PUBLIC_URL');
  const production = { vars: { PUBLIC_URL: 'x', INDEX_URL: 'https://index.example/' } };
  expect(configOf({ ...config, env: { production } }, deployment)).toMatchObject({
    vars: { PUBLIC_URL: 'https://n.example', INDEX_URL: 'https://index.example/' },
  });
  const output =
    '{"type":"wrangler-session"}\n{"type":"deploy","targets":["https://n.me.workers.dev","n.example/*"]}\n';
  expect(targetsOf(output)).toEqual(['https://n.me.workers.dev']);
});
