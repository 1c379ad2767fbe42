/** Findings at the lines of a wrangler file, such as of a class or a handler that the main module lacks. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { isTable, own, type Table } from '../../../resolver/formats/table.ts';
import { projectClasses, settingIn, wranglerSettings } from '../../../resolver/formats/wrangler.ts';
import { noClass, noMain, unhandledEvent } from '../../../resolver/issues/build.ts';
import { misplacedModules, packageFlagInWrangler } from '../../../resolver/issues/files.ts';
import { entriesOf, methodName } from '../../../resolver/python/handlers.ts';
import type { Finding, Host, Project } from '../../../resolver/python/index.ts';
import { checkContextOf } from '../../../resolver/python/locate.ts';
import { moduleOf } from '../../../resolver/python/modules.ts';
import { positionsOf } from '../../../resolver/python/scan.ts';
import { answered } from '../../common/failure.ts';
import { readText } from '../../common/read-text.ts';
import type { Layout } from '../layout.ts';
import { unattachedFindings } from './attached.ts';

/** `text` shows where an issue is written; a warning leaves the rest of the Worker as it is. */
interface Written {
  text: string;
  issue: Pick<Finding, 'code' | 'message' | 'fix' | 'fixes'>;
  severity?: Finding['severity'];
}

export async function wranglerFindings(
  wrangler: string,
  { wrangler: entry, root, home }: Layout,
  project: Project,
  host: Host,
  reached: ReadonlySet<string>,
): Promise<Finding[]> {
  const { tables, main, mainProblem } = entry!;
  const { compatibility_flags } = answered(wranglerSettings(wrangler, tables));
  const file = basename(wrangler);
  // `pinwheel build` takes all files, and its own copies of packages.
  const isBuilt = host.target.runtime.workerd_bundle === null;
  const unattached = isBuilt ? [] : await unattachedFindings(wrangler, tables, root, reached);
  const found: Written[] = compatibility_flags
    .filter(isPackageFlag)
    .map((flag) => ({ text: flag, issue: packageFlagInWrangler({ flag, file }) }));
  if (mainProblem !== null) {
    found.push({ text: main ?? '', issue: noMain({ file, problem: mainProblem }) });
  } else if (!isBuilt && resolve(root) !== resolve(home)) {
    const folder = join(root, 'python_modules');
    if (existsSync(folder)) found.push({ text: main ?? '', issue: misplacedModules({ folder, file }) });
  }
  found.push(...unhandled(tables, file, project, host));
  // A remark may be about the Python of the date, which a Worker that includes its own does not run.
  const { compatibility_date: text, diagnostics } = host.target;
  for (const issue of isBuilt ? [] : diagnostics) {
    const { severity } = issue;
    if (severity === 'warning') found.push({ text, issue, severity });
  }
  if (found.length === 0) return unattached;
  const content = await readText(wrangler);
  const positionAt = positionsOf(content);
  const others = found.map(({ text, issue: { code, message, fix, fixes }, severity = 'error' }): Finding => {
    const position = positionAt(Math.max(0, content.indexOf(text)));
    return { severity, code, message, fix, fixes, path: resolve(wrangler), ...position };
  });
  return [...unattached, ...others];
}

/** Classes and events that the main module lacks, if all that it has is known. */
function unhandled(tables: readonly Table[], file: string, project: Project, host: Host): Written[] {
  const entries = entriesOf(checkContextOf(project, host), host.facts.applications);
  if (!entries || entries.isOpen) return [];
  const { classes, functions } = entries;
  const main = moduleOf(project.main!) ?? project.main!;
  const has = (kind: string, name: string) =>
    classes.some(({ base, definition }) => base === kind && definition.name === name);
  const missing = projectClasses(tables[0]!)
    .filter(({ kind, name }) => !has(kind, name))
    .map(({ kind, name }): Written => ({ text: name, issue: noClass({ file, kind, name, main }) }));
  const served = classes.find(({ definition }) => definition.name === 'Default');
  if (served?.isMixed) return missing;
  const handlers = [...(served?.methods ?? []), ...functions].map(methodName);
  const isFunction = !served && functions.length > 0;
  const place = isFunction ? 'the main module' : 'the class Default of the main module';
  const events = [
    { event: 'scheduled', subject: 'controller', key: 'crons', table: settingIn(tables, 'triggers') },
    { event: 'queue', subject: 'batch', key: 'consumers', table: own(tables[0]!, 'queues') },
  ];
  const unhandled = events.flatMap(({ event, subject, key, table }): Written[] => {
    const isHandled = handlers.includes(event) || handlers.includes(`on_${event}`);
    const list = isTable(table) ? own(table, key) : undefined;
    if (isHandled || !Array.isArray(list) || list.length === 0) return [];
    const handler = isFunction ? `on_${event}` : event;
    const call = `${handler}(${isFunction ? '' : 'self, '}${subject}, env, ctx)`;
    const setting = key === 'crons' ? 'crons' : 'consumers of queues';
    const issue = unhandledEvent({ file, setting, main, handler, call, place });
    return [{ text: key, issue, severity: 'warning' }];
  });
  return [...missing, ...unhandled];
}
