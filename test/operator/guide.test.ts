/** The operator's guide, step by step in the order in which it is told: from nothing to a registry that was restored. */
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { getPlatformProxy } from 'wrangler';
import type { NewestIndex } from '../../resolver/schemas.ts';
import { formatJson, loadCatalog, loadSets } from '../../scripts/import/data-files.ts';
import { root } from '../../scripts/root.ts';
import { usePinwheel } from '../cli/pinwheel.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { newFolder } from '../common/own.ts';
import { copyProject, runIn } from '../common/project-copy.ts';
import { accessTo } from './run-access.ts';
import { kill, start } from './start-script.ts';

/** Commands that the guide prints at each step. */
const TOLD = {
  deploy: 'npm run deploy -- --local',
  verify: 'npx pinwheel log verify --registry',
  token: 'npm run access -- token create',
  dryRun: 'npx pinwheel publish set.json --registry https://registry.example --dry-run',
  publish: 'npx pinwheel publish set.json --registry https://registry.example\n',
  watch: '`/healthz?strict`',
  rotate: '`npm run log:key -- --rotate FILE`',
  retire: '`npm run log:key -- --retire FILE`',
  upgrade: '`git pull`, then `npm start` or `npm run deploy` again',
  backup: '`npm run backup -- --to FOLDER`',
  restore: '`npm run backup -- --restore FOLDER`',
  rebuild: '`npm run rebuild` makes the ledger',
};

const pinwheel = await usePinwheel();

test('its steps are told in the order in which they are taken', async () => {
  const guide = await readFile(join(root, 'registry/README.md'), 'utf8');
  let before = -1;
  for (const text of Object.values(TOLD)) {
    const at = guide.indexOf(text, before);
    expect(at, text).toBeGreaterThan(before);
    before = at;
  }
});

onlyInAll(
  'its steps lead from nothing to a registry that was restored, with every publication',
  async () => {
    const home = newFolder();
    const [earlier, state, restored, kept] = ['earlier', 'v3', 'restored', 'kept'].map((name) =>
      join(home, name),
    ) as [string, string, string, string];
    const keyFile = join(state, 'log-key.txt');
    const run = async (project: string, name: string, ...args: string[]) => {
      const ended = await runIn(project, process.env, process.execPath, [`scripts/${name}.ts`, ...args]);
      expect(ended.code, `${name} ${args.join(' ')}: ${ended.stderr}`).toBe(0);
      return ended;
    };
    /** Asks a registry that `npm start` runs meanwhile, once it has said so. */
    const serving = async (
      project: string,
      folder: string,
      use: (at: string) => Promise<void>,
      until = /curl '[^']+'/,
    ) => {
      const environment = { PORT: '0', PINWHEEL_STATE: folder };
      const { child, output } = await start(environment, until, { detached: true, cwd: project });
      try {
        await use(/Pages +(http:\S+?)\/\s/.exec(output)![1]!);
      } finally {
        await kill(child);
      }
    };
    const newestAt = async (at: string) => (await (await fetch(`${at}/v1/index`)).json()) as NewestIndex;
    const expectWell = async (at: string, revision: number) => {
      expect((await fetch(`${at}/healthz?strict`)).status).toBe(200);
      expect((await newestAt(at)).publication.revision).toBe(revision);
      const verified = await pinwheel.run(['log', 'verify', '--registry', at]);
      expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(String(revision)) });
    };

    // A version of Pinwheel that lacks what data/ had last.
    await copyProject(earlier);
    await symlink(join(root, '.cache'), join(earlier, '.cache'));
    const { log, ...facts } = await loadCatalog();
    await writeFile(join(earlier, 'data/catalog.json'), formatJson({ log: log.slice(0, -1), ...facts }));
    await run(earlier, 'deploy/main', '--local', '--persist', home);

    const token = (await accessTo(state, 'token', 'create', '--name', 'Ada', '--scope', 'set')).stdout.trim();
    const sets = await loadSets();
    const ofUpstream = sets.find(({ flag }) => flag === 'python_3.14_packages_2026_08_25')!;
    const set = { ...ofUpstream, flag: `${ofUpstream.flag}_acme`, default_from: null };
    await writeFile(join(home, 'set.json'), JSON.stringify(set));
    await serving(earlier, state, async (at) => {
      await expectWell(at, log.length - 1);
      for (const [option, said] of [
        [['--dry-run'], 'is valid'],
        [[], `as revision ${log.length}.`],
      ] as const) {
        const args = ['publish', 'set.json', '--registry', at, ...option];
        const published = await pinwheel.run(args, { cwd: home, env: { PINWHEEL_TOKEN: token } });
        expect(published).toMatchObject({ code: 0, stdout: expect.stringContaining(said) });
      }
      await expectWell(at, log.length);
    });

    await run(earlier, 'log-key', '--rotate', keyFile);
    const byBothKeys = async (at: string) => {
      const signed = (await newestAt(at)).checkpoint!.split('\n').filter((line) => line.startsWith('— '));
      expect(signed).toHaveLength(2);
      await expectWell(at, log.length);
    };
    await serving(earlier, state, byBothKeys, /npm run log:key -- --retire/);
    await run(earlier, 'log-key', '--retire', keyFile);

    await run(root, 'deploy/main', '--local', '--persist', home);
    await rm(earlier, { recursive: true });
    await serving(root, state, (at) => expectWell(at, log.length + 1));

    await run(root, 'backup', '--to', kept, '--persist', state);
    await rm(state, { recursive: true });
    await run(root, 'backup', '--restore', kept, '--persist', restored);
    // A restored D1 may lose its rows again.
    const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
      configPath: join(root, 'wrangler.toml'),
      persist: { path: restored },
    });
    await env.DB.batch(
      ['publications', 'pins', 'wheels'].map((name) => env.DB.prepare(`delete from ${name}`)),
    );
    await dispose();
    expect((await run(root, 'rebuild', '--persist', restored)).stdout).toContain('made again from R2');
    await serving(root, restored, async (at) => {
      await expectWell(at, log.length + 1);
      const answer = await fetch(`${at}/v1/resolve?flag=${set.flag}&requirement=numpy`);
      expect(answer.status).toBe(200);
    });
    expect((await accessTo(restored, 'token', 'list')).stdout).toContain('Ada');
  },
  600_000,
);
