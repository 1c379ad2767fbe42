/** Every command in the documents is run by a test, or by `.ci/run`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { root } from '../../scripts/root.ts';

const PAPERS = await glob(['*.md', '{cli,data,examples,registry,resolver,runtime,scripts,test}/**/*.md'], {
  cwd: root,
  ignore: '**/node_modules/**',
});

/** A command, the file that runs it, and text of that file. */
const RUN: [command: RegExp, file: string, words: string][] = [
  [/^npm start$/, 'test/operator/start.test.ts', 'scripts/start.ts'],
  [/^npm test$/, '.ci/run', 'npm test\n'],
  [/^npm test -- --changed$/, 'test/operator/commands.test.ts', "npm('test', '--', '--changed')"],
  [/^npm test -- [^-]\S+$/, 'test/operator/commands.test.ts', "npm('test', '--', 'test/"],
  [/^npm run check$/, '.ci/run', 'npm test\n'],
  [/^npm run check:renovate$/, '.ci/run', 'npm run check:renovate\n'],
  [/^npm run (format|db:generate)$/, 'test/operator/commands.test.ts', "npm('run', '$1')"],
  [/^npm run test:all$/, '.ci/run', '`npm run test:all` calls it'],
  [/^npm run (test:slow|data:(?:verify|import|stdlib))$/, '.ci/run', 'npm run $1\n'],
  [/^npm run test:(\w+)$/, 'scripts/test.ts', "$1'"],
  [/^npm run (fuzz|fuzz:requests|soak|bench)( -- (PART|cost|--seed N))?$/, '.ci/run', 'npm run $1'],
  [/^npm run data:advisories\b/, '.ci/run', 'npm run data:advisories -- '],
  [/^npm run mirror\b/, 'test/operator/mirror.test.ts', "'scripts/mirror/main.ts'"],
  [/^npm run evidence -- --verify$/, '.ci/run', 'npm run evidence -- --verify'],
  [
    /^npm run evidence( -- --set FLAG --from FOLDER)?$/,
    'test/runtime/evidence/command.ts',
    'scripts/evidence/main.ts',
  ],
  [/^npm run data:update$/, 'test/operator/update.test.ts', "packageJson.scripts['data:update']"],
  [/^npm run data:scan\b/, 'test/operator/commands.test.ts', "'data:scan', '--'"],
  [/^npm run (data:release|log:key|patch:build)\b/, 'test/operator/commands.test.ts', "npm('run', '$1'"],
  [/^npm run deploy\b/, 'test/operator/deploy.test.ts', "'scripts/deploy/main.ts', '--local'"],
  [/^npm run backup -- --(to|restore) FOLDER$/, 'test/operator/backup.test.ts', "await run('--$1'"],
  [/^npm run access -- token (create|list|revoke)\b/, 'test/operator/access.test.ts', "access('token', '$1'"],
  [/^npm run access -- trust add\b/, 'test/operator/publish.test.ts', "access('trust', 'add'"],
  [/^npm ci$/, '.github/workflows/update.yml', 'npm ci'],
  [/^npm install \/path\/to\/pinwheel$/, 'test/operator/clone.test.ts', "'install', clone"],
  [/^npm install pinwheel-py$/, 'test/package/pack.ts', "'install'"],
  [/^npm (install|run build)$/, 'test/operator/clone.test.ts', "'build'"],
  [/^curl /, 'test/clients/cli/registry.test.ts', '/^curl '],
  [/^npx pinwheel resolve fastapi\b/, 'test/package/readme.test.ts', '\\$ npx (.*)'],
  [/^npx pinwheel resolve django\b/, 'test/clients/cli/beyond.test.ts', 'npx pinwheel (resolve django'],
  [/^npx pinwheel (check|diff|vendor|build)\b/, 'test/runtime/readme.test.ts', "'$1'"],
  [/^npx (pinwheel|pinwheel-py)$/, 'test/operator/package.test.ts', "'npx', ["],
  [/^npx pinwheel try examples\/hello$/, 'test/runtime/try.test.ts', 'npx pinwheel (try'],
  [/^pinwheel try( --to \S+)?$/, 'test/runtime/try.test.ts', "'--to', '2026-11-01'"],
  [/^npx pinwheel init api$/, 'test/runtime/readme.test.ts', "'init', 'app'"],
  [/^(?:npx )?pinwheel dev$/, 'test/runtime/dev.test.ts', "'dev'"],
  [/^pinwheel check --fix$/, 'test/cli/check-fix.test.ts', "'check', '--fix'"],
  [/^pinwheel (build|vendor|check)$/, 'test/runtime/readme.test.ts', "'$1'"],
  [/^pinwheel doctor$/, 'test/cli/doctor.test.ts', "'doctor'"],
  [/^pinwheel explain-lock\b/, 'test/cli/explain-lock.test.ts', "'explain-lock'"],
  [/^(?:npx )?pinwheel adopt$/, 'test/runtime/adopt.test.ts', "'adopt', '--yes'"],
  [/^pinwheel upgrade\b/, 'test/runtime/try.test.ts', "'upgrade', '--to'"],
  [/^pinwheel (tree|outdated)\b/, 'test/cli/outdated.test.ts', "run('$1'"],
  [/^pinwheel (sync|add|remove)\b/, 'test/clients/cli/sync.test.ts', "run('$1'"],
  [/^pinwheel build --no-snapshot$/, 'test/runtime/hello.test.ts', "'--no-snapshot'"],
  [/^pinwheel build --explain-size$/, 'test/runtime/fastapi.test.ts', "'--explain-size'"],
  [/^pinwheel build --check$/, 'test/runtime/hello.test.ts', "workshop.build(folder, '--check')"],
  [/^pinwheel resolve$/, 'test/cli/resolve.test.ts', "'resolve'"],
  [/^pinwheel lock$/, 'test/clients/cli/lock.test.ts', "'lock'"],
  [/^pinwheel audit$/, 'test/cli/audit.test.ts', "run(['audit',"],
  [/^pinwheel evidence$/, 'test/cli/evidence.test.ts', "'evidence'"],
  [/^pinwheel publish$/, 'test/operator/publish.test.ts', "'publish'"],
  [/^pinwheel why$/, 'test/clients/cli/beyond.test.ts', "run(['why',"],
  [/^pinwheel init$/, 'test/runtime/readme.test.ts', "'init'"],
  [
    /^pinwheel resolve … --format pyodide-lock$/,
    'test/clients/cli/beyond.test.ts',
    "'--format', 'pyodide-lock'",
  ],
  [
    /^pinwheel diff '\*\*\/wrangler\.\*' --to \S+$/,
    'test/cli/workers.test.ts',
    "run(command, '**/wrangler.*'",
  ],
  [/^pinwheel help COMMAND$/, 'test/cli/command-line.test.ts', "run(['help', command])"],
  [/^pinwheel --version$/, 'test/cli/command-line.test.ts', "run(['--version'])"],
  [/^npm run data:samples$/, 'test/operator/samples.test.ts', 'askSamples(registry)'],
  [/^npm run access$/, 'test/operator/access.test.ts', "access('token', 'create'"],
  [
    /^(?:npx )?pinwheel publish pyodide-lock.json --as FLAG\b/,
    'test/operator/publish.test.ts',
    "publish([lock, '--as'",
  ],
  [/^npm run rebuild$/, 'test/operator/rebuild.test.ts', "'scripts/rebuild.ts'"],
  [/^npx wrangler deploy$/, 'test/runtime/wrangler.ts', "'deploy'"],
  [/^(?:npx )?pinwheel log verify\b/, 'test/clients/log.test.ts', "'log', 'verify'"],
  [/^npx pinwheel prove answer.json --registry\b/, 'test/clients/log.test.ts', "'prove'"],
  [/^npx pinwheel publish set.json\b/, 'test/operator/publish.test.ts', "'set.json'"],
];
/** These need an account, a browser and a person. */
const BY_HAND = [
  'npx wrangler login',
  'npx wrangler secret put LOG_KEY --config .wrangler/pinwheel/wrangler.json',
  'npx wrangler tail --config .wrangler/pinwheel/wrangler.json',
];

async function commandsIn(paper: string): Promise<string[]> {
  const text = await readFile(join(root, paper), 'utf8');
  const blocks = [...text.matchAll(/```(?:sh|console)\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!.split('\n'),
  );
  const inText = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`((?:npm|npx|pinwheel|curl) [^`]*)`/g)];
  return [...blocks, ...inText.map(([, code]) => code!.replace(/\s+/g, ' '))]
    .flatMap((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*/, '')
        .split(' && '),
    )
    .map((command) => command.trim())
    .filter((command) => /^(npm|npx|pinwheel|curl) /.test(command) && !BY_HAND.includes(command));
}

test.each(PAPERS)('every command of %s is run', async (paper) => {
  const runs = await Promise.all(
    (await commandsIn(paper)).map(async (command) => {
      const [pattern, file, words] = RUN.find(([known]) => known.test(command)) ?? [];
      if (!pattern) return `${command}: by nothing`;
      const [path, wanted] = [file!, words!].map((text) =>
        text.replace('$1', pattern.exec(command)![1] ?? ''),
      );
      const found = (await readFile(join(root, path!), 'utf8').catch(() => '')).includes(wanted!);
      return found ? null : `${command}: not by ${path}`;
    }),
  );
  expect(runs.filter((run) => run !== null)).toEqual([]);
});
