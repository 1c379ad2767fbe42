/** `pinwheel doctor`: whether this machine has what the commands need, and what to do if it has not. */
import { resolve } from 'node:path';
import { type BackendOptions, openBackend } from '../ask/backend.ts';
import { describeHost } from '../ask/lock.ts';
import { answered, CommandError, commandErrorOf } from '../common/failure.ts';
import { defaultCacheFolder, withScratch, writeFile } from '../common/folders.ts';
import { printAnswer } from '../print/print.ts';
import { fixOf } from '../print/remarks.ts';
import { fieldLines, joinSections, sentence } from '../print/table.ts';
import { projectHome } from '../project/wrangler-file.ts';
import { checkNode } from '../worker/child.ts';
import { servingWrangler } from '../worker/wrangler.ts';

export async function doctorCommand(options: BackendOptions & { format: string }): Promise<void> {
  const home = resolve(projectHome(undefined));
  const cache = defaultCacheFolder();
  const tried = [
    await tryOut('Node', () => {
      checkNode();
      return process.versions.node;
    }),
    await tryOut('wrangler', () => {
      const { workerd } = servingWrangler('build', home);
      return workerd === null ? 'there, with a workerd of unknown version' : `workerd ${workerd.version}`;
    }),
    await tryOut('pip', async () => `Python ${(await describeHost('python3')).markers.python_full_version}`),
    await tryOut('Cache', () => writable(cache)),
    await tryOut('Registry', async () => {
      const { pinwheel, registry } = await openBackend(options);
      const { revision } = answered(await pinwheel.source.view()).stamp;
      return `${registry ?? 'the bundled data'}, revision ${revision}`;
    }),
    await tryOut('Project', () => writable(home)),
  ];
  const wrong = tried.filter(({ ok }) => !ok).length;
  const fields = tried.map(({ name, ok, detail, fix: reason }) => {
    return { label: name, value: ok ? detail : `wrong: ${detail}`, reason };
  });
  const verdict = wrong === 0 ? 'Nothing is wrong.' : `${wrong} of ${tried.length} checks failed.`;
  printAnswer(options.format, { checks: tried }, (screen) =>
    joinSections([fieldLines(fields, screen), sentence(verdict, screen)]),
  );
  if (wrong > 0) throw new CommandError(1, []);
}

/** A check and its outcome. `fix`: what to do; null if it is right. */
async function tryOut(name: string, look: () => string | Promise<string>) {
  try {
    return { name, ok: true, detail: await look(), fix: null };
  } catch (error) {
    const failure = commandErrorOf(error);
    if (!failure) throw error;
    const [issue] = failure.issues;
    return { name, ok: false, detail: failure.message, fix: issue ? fixOf(issue) : null };
  }
}

async function writable(folder: string): Promise<string> {
  await withScratch(folder, '.doctor-', (scratch) => writeFile(`${scratch}/tried`, 'tried'));
  return folder;
}
