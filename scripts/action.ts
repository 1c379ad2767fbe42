/** The steps of `action.yml`: a check, an audit and, where it matters, a try of a Worker, and one comment about them. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';

const { TOKEN, ...env } = process.env;
const folder = resolve(env.GITHUB_WORKSPACE!, env.FOLDER!);
const scratch = mkdtempSync(join(env.RUNNER_TEMP!, 'pinwheel-'));
const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH!, 'utf8'));

/** Files that may say what a Worker runs with: requirements files name others, which may be called anything. */
const SETTINGS =
  /(?:^|\/)(?:wrangler[^/]*\.jsonc?|pyodide-lock\.json|requirements[^/]*|[^/]*\.(?:toml|lock|txt|in))$/;
/** Where they are: in the folder, or those of its workspace of uv anywhere. */
const PLACES = ['.', ':(top)*uv.lock', ':(top)*pyproject.toml'];
/** In the order in which wrangler looks for them. */
const WRANGLER_FILES = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];
const MARK = '<!-- pinwheel -->';
const MOST_SHOWN = 15_000;

interface Section {
  command: string;
  code: number;
  text: string;
}

function run(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    // The project's code runs in some of them.
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { code: status ?? 70, stdout, stderr };
}

const pinwheel = (...words: string[]) =>
  run(process.execPath, join(env.GITHUB_ACTION_PATH!, 'bin/pinwheel.mjs'), ...words);

function sectionOf(...words: string[]): Section {
  const { code, stdout, stderr } = pinwheel(...words);
  return { command: `pinwheel ${words.join(' ')}`, code, text: `${stdout}${stderr}`.trimEnd() };
}

/** The folder, from the top of the repository. */
const prefix = run('git', 'rev-parse', '--show-prefix').stdout.trimEnd();
const sections = [sectionOf('check'), sectionOf('audit')];
const sarif = join(scratch, 'sarif');
mkdirSync(sarif);
for (const command of ['check', 'audit']) {
  const { stdout } = pinwheel(command, '--format', 'sarif');
  if (stdout !== '') writeFileSync(join(sarif, `${command}.sarif`), fromTop(stdout));
}
const base: string | null = event.pull_request?.base.sha ?? null;
const changed = base === null ? [] : changedSince(base);
if (changed.length > 0) sections.push(tryFrom(formerDate(base!, changed)));

const text = commentOf(sections);
appendFileSync(env.GITHUB_STEP_SUMMARY!, text);
appendFileSync(env.GITHUB_OUTPUT!, `sarif=${sarif}\n`);
const number: number | undefined = event.pull_request?.number;
if (number !== undefined && TOKEN) await comment(number, text);
if (env.FAIL === 'true') process.exitCode = Math.max(...sections.map(({ code }) => code));

/** SARIF whose paths are from the top of the repository, as GitHub reads them: the commands write them from the folder. */
function fromTop(log: string): string {
  const top = prefix.split('/').map(encodeURIComponent).join('/');
  const located = (key: string, value: unknown) =>
    key === 'uri' && typeof value === 'string' && !URL.canParse(value) ? posix.join(top, value) : value;
  return JSON.stringify(JSON.parse(log, located));
}

/** The settings that a pull request changes, as git names them from the top of the repository. */
function changedSince(commit: string): string[] {
  if (run('git', 'cat-file', '-e', `${commit}^{commit}`).code !== 0) {
    run('git', 'fetch', '--depth=1', 'origin', commit);
  }
  const { code, stdout, stderr } = run('git', 'diff', '--name-only', '-z', commit, 'HEAD', '--', ...PLACES);
  if (code !== 0) throw new Error(`git cannot compare with ${commit}: ${stderr}`);
  return stdout.split('\0').filter((path) => SETTINGS.test(path));
}

/** A try; on the former date, too, if that is given. */
function tryFrom(move: { from: string; to: string } | null): Section {
  if (move === null) return sectionOf('try');
  const words = ['try', '--date', move.from, '--to', move.to];
  const junit = join(scratch, 'try.xml');
  const section = sectionOf(...words, '--junit', junit);
  const command = `pinwheel ${words.join(' ')}`;
  const results = existsSync(junit) ? readFileSync(junit, 'utf8') : '';
  const failed = [...results.matchAll(/classname="([^"]*)" name="[^"]*"><failure/g)].map(([, side]) => side!);
  // The date was never used with the other files of this change, such as requirements that came out after it.
  if (failed.length === 0 || !failed.every((side) => side.startsWith(`${move.from}.`))) {
    return { ...section, command };
  }
  const note = `With the files of this pull request, only the former date ${move.from} fails: that is no finding about ${move.to}.`;
  return { command, code: 0, text: `${section.text}\n\n${note}` };
}

/** The compatibility date of the base and that of the pull request; null if it is the same. */
function formerDate(commit: string, paths: readonly string[]): { from: string; to: string } | null {
  const name = WRANGLER_FILES.find((name) => existsSync(join(folder, name)));
  const path = `${prefix}${name}`;
  if (name === undefined || !paths.includes(path)) return null;
  const former = join(scratch, name);
  writeFileSync(former, run('git', 'show', `${commit}:${path}`).stdout);
  const [from, to] = [former, join(folder, name)].map((config) => {
    const { code, stdout } = pinwheel('target', '--config', config, '--json');
    return code === 0 ? (JSON.parse(stdout).compatibility_date as string) : null;
  });
  return from && to && from !== to ? { from, to } : null;
}

function commentOf(all: readonly Section[]): string {
  const parts = all.map(({ command, code, text }) => {
    const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
    // Longer than any in the text, which then is only text.
    const fence = '`'.repeat(Math.max(2, ...(shown.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
    const open = code === 0 ? '' : ' open';
    const verdict = code === 0 ? 'passes' : code === 1 ? 'has findings' : 'cannot answer';
    const summary = `<summary><code>${command}</code> ${verdict}</summary>`;
    return `<details${open}>${summary}\n\n${fence}text\n${shown}\n${fence}\n\n</details>\n`;
  });
  return [MARK, '### Pinwheel\n', ...parts].join('\n');
}

/** Replaces the comment of an earlier run. A token that may not comment, such as that of a fork, is no failure. */
async function comment(number: number, body: string): Promise<void> {
  const api = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
  const ask = async (method: string, url: string, content?: object) => {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${TOKEN}` },
      ...(content && { body: JSON.stringify(content) }),
    });
    if (!response.ok) throw new Error(`${method} ${url} answers with status ${response.status}`);
    return response.json() as Promise<{ url: string; body: string }[]>;
  };
  try {
    for (let page = 1; ; page++) {
      const all = await ask('GET', `${api}/${number}/comments?per_page=100&page=${page}`);
      const earlier = all.find((comment) => comment.body.startsWith(MARK));
      if (earlier) return void (await ask('PATCH', earlier.url, { body }));
      if (all.length < 100) return void (await ask('POST', `${api}/${number}/comments`, { body }));
    }
  } catch (error) {
    console.log(`::warning::There is no comment: ${(error as Error).message}`);
  }
}
