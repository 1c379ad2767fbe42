/** Signs in a project that its code does not work as written while a flag of workerd is on, or off. */
import type { Fix } from '../issues/fix.ts';
import { advice, fixed } from '../issues/fixes.ts';
import type { Finding } from './finding.ts';
import { type Entries, entriesOf, importsSdk, methodName, type Placed } from './handlers.ts';
import type { CheckContext } from './locate.ts';
import { firstPart, ModuleTree } from './modules.ts';
import type { Call, FlagState, SourcePosition } from './project.ts';
import type { FlagSign } from './standard-library-document.ts';

/** The handlers that workerd calls with `on_` before their names while functions can be handlers. */
const RENAMED = {
  WorkerEntrypoint: ['fetch', 'connect'],
  DurableObject: ['fetch', 'connect', 'alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError'],
} as Record<string, readonly string[]>;

interface Seen extends SourcePosition {
  name: string;
  path: string;
}

interface Looking {
  project: CheckContext;
  /** Null if the main module is not known. */
  entries: Entries | null;
  names: readonly string[];
}

const LOOKS: Record<FlagSign['sign'], (looking: Looking) => Seen[]> = {
  call_at_import: ({ project, names }) =>
    callsOf(project, ({ name, isMethod, when }) => {
      return !isMethod && (when === 'always' || when === 'conditional') && names.includes(name);
    }),
  handler_function: ({ entries }) =>
    entries?.classes.some(({ definition }) => definition.name === 'Default') || entries?.isOpen
      ? []
      : (entries?.functions.map(seenAt) ?? []),
  header_values: ({ project }) =>
    callsOf(project, ({ name, isMethod }) => isMethod && /headers\.get_all$/.test(name)),
  new_method: ({ entries }) => methodsSeen(entries, (name) => [name, `on_${name}`]),
  no_sdk: ({ project }) => {
    const main = project.files.find(({ path }) => path === project.main);
    const isThere = project.sdk !== 'missing' || project.own.has('workers') || project.bundled.has('workers');
    // The import has a finding of its own.
    if (isThere || !main || importsSdk(main)) return [];
    return [{ name: 'workers', path: main.path, line: 1, column: 1 }];
  },
  old_method: ({ entries }) => methodsSeen(entries, (name) => [`on_${name}`, name]),
  pth_file: ({ project: { places } }) =>
    places.flatMap(({ folder, files }) =>
      files.filter((file) => /^[^/]+\.pth$/.test(file)).map((file) => pathSeen(`${folder}/${file}`)),
    ),
  step_depends: ({ project }) =>
    callsOf(
      project,
      ({ name, isMethod, keywords }) => isStep(name, isMethod) && keywords.includes('depends'),
    ),
  step_without_name: ({ project }) =>
    callsOf(project, ({ name, isMethod, keywords, hasFirst }) => {
      return isStep(name, isMethod) && !hasFirst && !keywords.includes('name');
    }),
  vendor_folder: ({ project: { files, places } }) => {
    const isOld = ({ folder }: CheckContext['places'][number]) => /(?:^|[\\/])vendor$/.test(folder);
    const others = new ModuleTree(places.flatMap((place) => (isOld(place) ? [] : place.files)));
    const imported = files.flatMap(({ imports }) =>
      imports
        .filter(({ level, when }) => level === 0 && when !== 'typing')
        .map(({ module }) => firstPart(module)),
    );
    const lost = new Set(imported.filter((module) => !others.has(module)));
    return places
      .filter((place) => isOld(place) && new ModuleTree(place.files).top().some((module) => lost.has(module)))
      .map(({ folder }) => pathSeen(folder));
  },
  workflow_class: ({ entries }) =>
    entries?.classes.filter(({ base }) => base === 'WorkflowEntrypoint').map(seenAt) ?? [],
};

const isStep = (name: string, isMethod: boolean) => isMethod && /(?:^|\.|_)step\.do$/.test(name);

/** The findings that the flags of a target give. A Worker that includes its own Python has none. */
export function flagFindings(project: CheckContext): Finding[] {
  const { facts, target } = project.host;
  if (target.runtime.workerd_bundle === null) return [];
  const entries = entriesOf(project, facts.applications);
  return project.flags.flatMap((flag) => {
    const signs = facts.flags.find(({ field }) => field === flag.field)?.signs ?? [];
    return signs
      .filter((sign) => sign.while === (flag.on ? 'on' : 'off'))
      .flatMap((sign) =>
        LOOKS[sign.sign]({ project, entries, names: sign.names }).map((seen) =>
          findingOf(flag, sign, seen, target.workerd_flags),
        ),
      );
  });
}

function findingOf(
  { enable, disable, on }: FlagState,
  { severity, says, change }: FlagSign,
  { name, ...place }: Seen,
  named: readonly string[],
): Finding {
  const message = `${says.replace('{name}', name)} ${enable} is ${on ? 'on' : 'off'}.`;
  const [add, other] = on ? [disable, enable] : [enable, disable];
  const remove = named.filter((flag) => flag === other);
  const flags: Fix[] = add === null ? [] : [{ kind: 'flags', add: [add], remove, pyodide: null }];
  const said = add === null ? change : `Or ${change.charAt(0).toLowerCase()}${change.slice(1)}`;
  const code = on ? 'flag_is_on' : 'flag_is_off';
  return { severity, code, message, ...fixed([...flags, advice(said)]), ...place };
}

function callsOf({ files }: CheckContext, isMeant: (call: Call) => boolean): Seen[] {
  return files.flatMap(({ path, calls }) =>
    calls.filter(isMeant).map(({ name, line, column }) => ({ name, path, line, column })),
  );
}

function pathSeen(path: string): Seen {
  return { name: path, path, line: 1, column: 1 };
}

/** Methods with the first of two names, in classes without the second. */
function methodsSeen(entries: Entries | null, namesOf: (name: string) => [string, string]): Seen[] {
  return (entries?.classes ?? []).flatMap(({ base, methods }) =>
    (RENAMED[base] ?? []).flatMap((event) => {
      const [name, other] = namesOf(event);
      const isNamed = (wanted: string) => (method: Placed) => methodName(method) === wanted;
      const method = methods.find(isNamed(name));
      return method && !methods.some(isNamed(other)) ? [seenAt(method)] : [];
    }),
  );
}

function seenAt({ file: { path }, definition: { name, line, column } }: Placed): Seen {
  return { name, path, line, column };
}
