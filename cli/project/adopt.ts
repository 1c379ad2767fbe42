/** Makes a Python Worker of a web application: what changes in its files, and what is left for a person. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { noApplication } from '../../resolver/issues/build.ts';
import { uneditable } from '../../resolver/issues/files.ts';
import { sayFixes } from '../../resolver/issues/fixes.ts';
import { type Application, entriesOf, handlerLines, type Served } from '../../resolver/python/handlers.ts';
import type { Finding, ScannedFile } from '../../resolver/python/index.ts';
import { firstPart, ModuleTree, moduleOf } from '../../resolver/python/modules.ts';
import type { StandardLibraryFacts } from '../../resolver/python/standard-library-document.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { series } from '../../resolver/text/printable.ts';
import { openBackend } from '../ask/backend.ts';
import { PYPI } from '../common/credentials.ts';
import { unanswered } from '../common/failure.ts';
import type { Listener } from '../common/listener.ts';
import { readPackageJson } from '../common/package-root.ts';
import { checkWorker } from './check/check.ts';
import { withLines } from './check/fix.ts';
import { scanFiles } from './check/project.ts';
import { addToGroup, repinRequirements } from './edit-requirements.ts';
import { type Edit, Edits, withSetting } from './edits.ts';
import { pythonFiles } from './layout.ts';
import { readPinnedSet } from './question.ts';
import { readToolTable } from './settings.ts';
import { PROJECT_FILE, requirementFiles } from './sources/sources.ts';
import { isRepinned, pinsIn } from './upgrade.ts';
import { BUILT_DATE, newWranglerFile, WRANGLER_FILES, workerName } from './wrangler-file.ts';

export interface AdoptOptions {
  /** The application, as servers name it: `main:app`. */
  app?: string;
  listener: Listener;
}

export interface Adoption {
  /** The wrangler file is the last: the next run finds what was not changed before it. */
  edits: Edit[];
  /** Why requirements are left out, and what to use instead. */
  reasons: string[];
  left: Finding[];
}

/** Files that no server imports. */
const ASIDE =
  /(?:^|\/)(?:(?:tests?|docs?|examples?|scripts|migrations|dist)\/|test_|conftest\.py$|manage\.py$)|_test\.py$/;
/** pytest and its plugins: facts of packages are not about them, because sets have them. */
const OF_TESTS = /^pytest(?:-|$)/;
const DEVELOPMENT = 'requirements-dev.txt';
const DEVELOPMENT_GROUP = 'dev';

/** For the project in the current folder. Changes nothing. */
export async function planAdoption({ app, listener }: AdoptOptions): Promise<Adoption> {
  const config = WRANGLER_FILES.find((name) => existsSync(name));
  const isNew = config === undefined;
  const paths = (await pythonFiles('.')).filter((path) => path.endsWith('.py') && !ASIDE.test(path));
  const files = await scanFiles('.', paths, new Set());
  const application = isNew ? findApplication(files, app) : null;
  const root = application ? rootOf(application.path, files) : '.';

  const pinned = (await readPinnedSet('.')) ?? [];
  const isImported = files.some(({ imports }) =>
    imports.some(({ module }) => firstPart(module) === 'pytest'),
  );
  const isForTests = (name: string) => !isImported && OF_TESTS.test(name);
  const asked = {
    ...{ format: 'json', index: false, listener, requirements: await requirementFiles('.') },
    counts: (name: string) => !isForTests(name),
  };
  const { pinwheel } = await openBackend(asked);
  const { report } = await checkWorker(
    pinwheel,
    { folder: root, config },
    isNew
      ? { ...asked, date: BUILT_DATE, flag: ['python_workers', pinned].flat(), built: true }
      : { ...asked, flag: [] },
  );
  const errors = report.findings.filter(({ severity, path }) => severity === 'error' && !ASIDE.test(path));

  const edits = new Edits();
  const unneeded = errors.flatMap(({ fixes }) => fixes.filter((fix) => fix.kind === 'leave_out'));
  const importedAt = await moveImports(edits, files, unneeded);
  const goes = unneeded.filter(({ name }) => !importedAt.has(name)).map(({ name }) => [name, null] as const);
  const versions = new Map([...pinsIn(errors), ...goes]);
  const pins = await repinRequirements(edits, '.', (name) => (isForTests(name) ? null : versions.get(name)));
  if (pins.gone.length > 0 && pins.file === PROJECT_FILE)
    await addToGroup(edits, pins.file, DEVELOPMENT_GROUP, pins.gone);
  else if (pins.gone.length > 0)
    await edits.change(DEVELOPMENT, (text) => {
      const lines = pins.gone.filter((line) => !text.split('\n').includes(line));
      return `${[text.trimEnd() || `-r ${pins.file}`, ...lines].join('\n')}\n`;
    });

  const left: Finding[] = [];
  const ofTests = pins.names.filter(isForTests);
  const reasons =
    ofTests.length === 0 ? [] : [`Leave out ${series(ofTests)}: tests do not run in the Worker.`];
  let isElsewhere = false;
  for (const finding of errors) {
    const { code, path, fixes } = finding;
    const [fix] = fixes;
    if (isRepinned(finding, pins)) {
      if (fix?.kind === 'leave_out') reasons.push(sayFixes([fix])!);
    } else if (code === 'no_handler' && fix?.kind === 'edit_file') {
      await edits.change(path, (text) => withLines(text, fix.line));
    } else if (mayBeElsewhere(finding)) {
      isElsewhere = true;
    } else {
      const imported = unneeded.find((unneeded) => fixes.includes(unneeded));
      left.push({ ...finding, ...(imported && importedAt.get(imported.name)) });
    }
  }
  const { index } = await readToolTable({ config });
  if (isNew) await setInProject(edits, 'built', true);
  if (isElsewhere && index === undefined) await setInProject(edits, 'index-url', PYPI);
  const made = application ? workerFiles(application, root) : [];
  return { edits: [...edits.all, ...made], reasons, left };
}

/** Whether only an index may have a package: a similar name, or a set that lacks the other packages, is no way to it. */
const mayBeElsewhere = ({ code, fixes }: Finding): boolean =>
  fixes.some((fix) => fix.kind === 'use_index' && fix.urls === undefined) ||
  (code === 'unknown_package' && fixes.every(({ kind }) => kind === 'advice' || kind === 'set_requirement'));

async function setInProject(edits: Edits, key: string, value: unknown): Promise<void> {
  const isSet = await edits.change(PROJECT_FILE, (text) => withSetting(text, key, value));
  if (!isSet) throw unanswered([uneditable({ file: PROJECT_FILE })]);
}

/**
 * Plans that the imports of packages which go are made only where a file is run as a program. Returns the packages that
 * cannot go, each with an import that has to stay.
 */
async function moveImports(
  edits: Edits,
  files: readonly ScannedFile[],
  packages: readonly { name: string }[],
) {
  const staying = new Map<string, Pick<Finding, 'path' | 'line' | 'column'>>();
  for (const { name } of packages) {
    const module = name.replace(/-(?:binary|cpu)$/, '').replaceAll('-', '_');
    for (const { path, imports } of files) {
      const imported = imports.find(
        ({ level, when, module: written }) =>
          level === 0 && when === 'always' && firstPart(written) === module,
      );
      if (!imported || (await edits.change(path, (text) => importedInMain(text, module)))) continue;
      staying.set(name, { path, line: imported.line, column: imported.column });
    }
  }
  return staying;
}

/** A name at the top of a module: an application, or a function that makes it, with its brackets. */
type Candidate = Served & Pick<ScannedFile, 'path'>;

/** Modules that have an application as a rule, the likeliest first. */
const MODULES = ['asgi', 'main', 'app', '__init__', 'wsgi'];
const FACTORY = /(?:^|\.)(?:create|make|get)_app(?:lication)?$/;

/** The one that is named, or else the likeliest: an application, what a function makes, a function that makes it. */
function findApplication(files: readonly ScannedFile[], app: string | undefined): Candidate {
  const { applications } = readPackageJson('data/standard-library/facts.json') as StandardLibraryFacts;
  const own = new ModuleTree(files.map(({ path }) => path));
  const frameworks = new Map(applications.map(({ name, by }) => [firstPart(name), by]));
  const byOf = (some: readonly ScannedFile[]): Application['by'] | undefined =>
    some.flatMap(({ imports }) =>
      imports.flatMap(({ module }) => frameworks.get(firstPart(module)) ?? []),
    )[0];
  const [module = '', variable] = app?.split(':') ?? [];
  const named = own.fileOf(module) ?? own.fileOf(`src.${module}`);
  const all = files.flatMap((file): (Candidate & { rank: number })[] => {
    const { path, definitions } = file;
    if (app !== undefined && path !== named) return [];
    const known = entriesOf({ main: path, files, own }, applications)?.application;
    const by = known?.by ?? byOf([file, ...files]);
    if (app !== undefined) return by && variable ? [{ path, variable, by, rank: 0 }] : [];
    if (known) return [{ ...known, path, rank: 0 }];
    const made = definitions.find(({ is, of }) => is === 'value' && of.some((name) => FACTORY.test(name)));
    const factory = definitions.find(({ is, name }) => is === 'function' && FACTORY.test(name));
    if (by === undefined || !(made ?? factory)) return [];
    return [{ path, by, variable: made?.name ?? `${factory!.name}()`, rank: made ? 1 : 2 }];
  });
  const [likest] = sortedBy(all, ({ path, rank }) => {
    const name = MODULES.indexOf(/([^/]+)\.py$/.exec(path)![1]!);
    return rank * 1e6 + path.split('/').length * 10 + (name < 0 ? MODULES.length : name);
  });
  if (likest) return likest;
  throw unanswered([noApplication(app === undefined ? { problem: 'none' } : { problem: 'not_there', app })]);
}

/** A main module of its own, so that the application still runs where there is no SDK of Workers; and a wrangler file. */
function workerFiles({ path, by, variable }: Candidate, root: string): Edit[] {
  const module = moduleOf(root === '.' ? path : path.slice(root.length + 1));
  const [name] = variable.split('(');
  const isMade = name !== variable;
  const start = `from ${module} import ${name}${isMade ? `\n\napp = ${variable}` : ''}`;
  const handler = handlerLines({ by, variable: isMade ? 'app' : variable }, false);
  // The project's own module of that name goes before that of the SDK.
  const lines = existsSync(join(root, 'asgi.py'))
    ? handler.replace(/^import asgi\n(from workers import .*)/, '$1, asgi')
    : handler;
  const main = ['entry.py', 'worker_entry.py']
    .map((name) => join(root, name))
    .find((file) => !existsSync(file))!;
  return [
    { file: main, before: '', after: `${lines.replace(/^class/m, `${start}\n\n\nclass`)}\n` },
    { file: WRANGLER_FILES.at(-1)!, before: '', after: newWranglerFile(workerName('.'), main) },
  ];
}

/** The folder from which a file is imported: the lowest that is not a package, and that no import names. */
function rootOf(path: string, files: readonly ScannedFile[]): string {
  const imports = files.flatMap((file) => file.imports);
  const own = files.find((file) => file.path === path)!.imports.map(({ level }) => level);
  let root = dirname(path);
  for (let level = 1; root !== '.'; level++) {
    const [name] = root.split('/').slice(-1);
    const isPackage =
      files.some((file) => file.path === `${root}/__init__.py`) || own.some((dots) => dots >= level);
    if (!isPackage && !imports.some(({ level, module }) => level === 0 && firstPart(module) === name)) break;
    root = dirname(root);
  }
  return root;
}

/**
 * The text with `import NAME` below `if __name__ == "__main__":` and not at its top. Null if it has no such line, or if
 * what comes before it uses the module.
 */
function importedInMain(text: string, module: string): string | null {
  const without = text.replace(new RegExp(`^import ${module}[ \\t]*(?:#.*)?\\n`, 'm'), '');
  const main = /^if __name__ == (["'])__main__\1:[ \t]*\n(?=([ \t]+))/m.exec(without);
  if (without === text || !main) return null;
  const at = main.index + main[0].length;
  const before = without.slice(0, at);
  if (new RegExp(`\\b${module}\\b`).test(before.replace(/#.*/g, ''))) return null;
  return `${before}${main[2]}import ${module}\n${without.slice(at)}`;
}
