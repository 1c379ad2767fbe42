/**
 * `npm run deploy`: from nothing to a registry on Cloudflare. Creates D1, R2 and the key of the log if they are
 * missing, migrates, deploys, seeds through the code of all publications, and asks the registry a few questions.
 * Running it again only changes the Worker.
 *
 * `--local` takes the same steps without an account: it uses the D1 and R2 of this machine, and uploads nothing.
 */

import { dirname, join, relative } from 'node:path';
import { readHead } from '../../registry/storage/ledger.ts';
import type { Publication } from '../../resolver/catalog.ts';
import { createClient } from '../../resolver/client.ts';
import { openCheckpoint, readSigner, readVerifier, verifierText } from '../../resolver/log/note.ts';
import { shellWord } from '../../resolver/text/printable.ts';
import { checkpointOf, expectWhole, restore, restoreKey } from '../backup.ts';
import { orUsage, toldOnce } from '../command.ts';
import { loadDocuments } from '../import/data-files.ts';
import { keptKey, localLogKey, readKey } from '../kept-key.ts';
import { buildBytes } from '../local-registry.ts';
import { root } from '../root.ts';
import { seed, seededLines } from '../seed.ts';
import { openStored } from '../stored.ts';
import {
  DEPLOYED,
  deployedUrl,
  LOCAL,
  type Options,
  PERSIST,
  readOptions,
  USAGE,
  writeConfig,
} from './config.ts';
import { deployWorker, wrangler } from './wrangler.ts';

/** The text that verifies the log of a Worker. */
export async function verifierOf(publicUrl: string): Promise<string> {
  const response = await fetch(`${publicUrl}/log/key`);
  if (!response.ok) throw new Error(`${publicUrl}/log/key answers ${response.status}`);
  return (await response.text()).trim();
}

/** The key in a file, if it is the one of a Worker. */
export async function keptKeyOf(file: string, verifier: string): Promise<string | undefined> {
  const text = (await readKey(file))?.trim();
  const key = text === undefined ? null : await readSigner(text);
  return key && verifierText(key) === verifier ? text : undefined;
}

/** Throws if the log of a backup is signed, and not by the key of the Worker that would go on with it. */
export async function expectSameKey(backup: string, verifier: string): Promise<void> {
  const checkpoint = await checkpointOf(backup);
  const key = await readVerifier(verifier);
  if (checkpoint === null || (key && (await openCheckpoint(checkpoint, key)))) return;
  throw new Error(
    `The log of ${backup} goes on only with its own key, but the Worker has another one already, ${verifier}. ` +
      'Deploy under another --name.',
  );
}

/** A new Worker takes a while to be everywhere, and the cache in front keeps answers from before the seed for a minute. */
const ATTEMPTS = 30;
const PAUSE_MS = 3_000;

/**
 * Throws an error that says what is wrong.
 * @param head the newest entry of the log that was seeded
 */
export async function smokeTest(
  publicUrl: string,
  head: Publication,
  { attempts = ATTEMPTS } = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askAll(publicUrl, head.root, head.revision);
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function askAll(publicUrl: string, digest: string, revision: number): Promise<void> {
  const health = (await (await fetch(`${publicUrl}/healthz`)).json()) as { status: string };
  if (health.status !== 'ok') throw new Error(`${publicUrl}/healthz says ${JSON.stringify(health)}`);
  const key = await fetch(`${publicUrl}/log/key`);
  const client = createClient({
    registry: publicUrl,
    ...(key.ok ? { logKey: (await key.text()).trim() } : {}),
  });
  const { registry, packages } = await client.resolve({
    compatibility_date: '2025-11-02',
    compatibility_flags: ['python_workers'],
    requirements: ['fastapi'],
    revision,
  });
  if (registry.digest !== digest) {
    throw new Error(`revision ${revision} of ${publicUrl} is ${registry.digest}, but ${digest} was seeded`);
  }
  const wheel = packages.find(({ name }) => name === 'fastapi')!.wheel.url;
  const index = await fetch(`${publicUrl}/simple/python_3.13_packages_2025_08_08/fastapi/`);
  if (!index.ok) throw new Error(`the simple index answers ${index.status}`);
  if (!(await index.text()).includes(wheel)) throw new Error('the simple index does not name the wheel');
}

const NO_DATABASE = '00000000-0000-0000-0000-000000000000';

const say = (step: string): void => console.log(`pinwheel: ${step}`);

export async function deploy({ name, url: given, restore: backup, local, persist }: Options): Promise<void> {
  // Before anything is created: a Worker gets its key once, that of the backup.
  if (backup !== undefined) await expectWhole(backup);
  const url = given ?? (local ? undefined : await deployedUrl(name));
  const databaseId = local ? NO_DATABASE : ensureDatabase(name);
  if (!local) ensureBucket(name);
  const deployment = { name, databaseId, publicUrl: url ?? null, remote: false };
  const config = await writeConfig(deployment, local ? LOCAL : DEPLOYED);

  say('migrating D1');
  const where = local ? ['--local', '--persist-to', persist] : ['--remote'];
  wrangler(['d1', 'migrations', 'apply', 'DB', '--config', config, ...where]);

  say('deploying');
  if (local) {
    wrangler(['deploy', '--config', config, '--dry-run', '--outdir', join(root, '.wrangler/pinwheel/dist')]);
    await seedThroughProxy(config, { backup, persist: join(persist, 'v3') });
    const start =
      persist === PERSIST ? 'npm start' : `PINWHEEL_STATE=${shellWord(join(persist, 'v3'))} npm start`;
    return say(`everything is done but the upload; ${start} serves it`);
  }
  const targets = await deployWorker(['--config', config]);
  const publicUrl = url ?? targets[0];
  if (!publicUrl) throw new Error('The Worker has no address yet: give that of its route with --url.');
  const made = await ensureLogKey(name, config, publicUrl, backup);
  // Only now is its own address known.
  if (!url) await deployWorker(['--config', await writeConfig({ ...deployment, publicUrl })]);
  const key = made ?? (await knownKey(name, publicUrl, backup));
  const proxied = await writeConfig({ ...deployment, publicUrl, remote: true });
  const head = await seedThroughProxy(proxied, { backup, key });
  await smokeTest(publicUrl, head);
  say(`the registry is up at ${publicUrl}`);
}

function ensureDatabase(name: string): string {
  const find = () =>
    (JSON.parse(wrangler(['d1', 'list', '--json'])) as { name: string; uuid: string }[]).find(
      (database) => database.name === name,
    )?.uuid;
  const known = find();
  if (known) return known;
  say(`creating the D1 database ${name}`);
  wrangler(['d1', 'create', name]);
  const made = find();
  if (!made) throw new Error(`The D1 database ${name} was created, but is not listed.`);
  return made;
}

function ensureBucket(name: string): void {
  const listed = wrangler(['r2', 'bucket', 'list']);
  if (new RegExp(`^name:\\s+${name}\\s*$`, 'm').test(listed)) return;
  say(`creating the R2 bucket ${name}`);
  wrangler(['r2', 'bucket', 'create', name]);
}

/**
 * Creates a key once: to clients that know the first key, a log with another key is another log.
 * @returns the key, unless the Worker had one already, which cannot be read
 */
async function ensureLogKey(
  name: string,
  config: string,
  publicUrl: string,
  backup: string | undefined,
): Promise<string | undefined> {
  const secrets = JSON.parse(wrangler(['secret', 'list', '--config', config])) as { name: string }[];
  if (secrets.some((secret) => secret.name === 'LOG_KEY')) return undefined;
  const file = keyFile(name);
  if (backup !== undefined) await restoreKey(backup, file);
  const key = await keptKey(file, `${new URL(publicUrl).host}/log`);
  wrangler(['secret', 'put', 'LOG_KEY', '--config', config], key);
  say(`${name} signs its log from now on. Tell those who verify it, beside ${publicUrl}/log/key:`);
  console.log(`  ${verifierText((await readSigner(key))!)}`);
  say(`keep ${relative(root, file)} in a safe place: nobody can read the secret LOG_KEY again`);
  return key;
}

/** Where the key of a Worker's log is kept that was deployed from here. */
const keyFile = (name: string) => join(dirname(DEPLOYED), `${name}.log-key.txt`);

/** The key of a Worker that had one already, if it is kept here. */
async function knownKey(
  name: string,
  publicUrl: string,
  backup: string | undefined,
): Promise<string | undefined> {
  const verifier = await verifierOf(publicUrl).catch((cause: Error) => {
    // The seed can do without.
    if (backup === undefined) return undefined;
    throw cause;
  });
  if (verifier === undefined) return undefined;
  if (backup !== undefined) await expectSameKey(backup, verifier);
  return keptKeyOf(keyFile(name), verifier);
}

/** Seeds D1 and R2, of this machine or of the account, through wrangler's proxy. @returns the newest entry of the log */
async function seedThroughProxy(
  config: string,
  { backup, key, persist }: { backup: string | undefined; key?: string | undefined; persist?: string },
): Promise<Publication> {
  const proxy = await openStored({ config, persist });
  try {
    if (backup !== undefined) {
      say(`restoring ${backup}`);
      await restore(proxy.env, backup, persist);
    }
    // This machine's key may have come with the backup.
    const LOG_KEY = persist === undefined ? key : await localLogKey(persist, proxy.env.STORE);
    const storage = { ...proxy.env, ...(LOG_KEY === undefined ? {} : { LOG_KEY }) };
    const seeded = await seed(storage, await loadDocuments(), buildBytes, toldOnce(say));
    for (const line of seededLines(seeded, 'Deploy again')) console.error(`pinwheel: ${line}`);
    return (await readHead(proxy.env.DB))!;
  } finally {
    await proxy.dispose();
  }
}

if (import.meta.main) {
  const options = orUsage(USAGE, () => readOptions(process.argv.slice(2)));
  await deploy(options).catch((error: Error) => {
    console.error(`pinwheel: ${error.message}`);
    process.exitCode = 1;
  });
}
