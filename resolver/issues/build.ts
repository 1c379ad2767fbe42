/** Issues of Workers that are built with their own Pyodide: of projects, package sets in files, and imports. */
import { listed, printable } from '../text/printable.ts';
import { define, defineCauses, type Named, row } from './define.ts';
import { edit, readFromEnv, run, SETTINGS_FROM_ENV } from './fixes.ts';

export const malformedSet = /* @__PURE__ */ row('malformed', 'malformed_set', [
  '{file:quoted} {problem}.',
  'Name a pyodide-lock.json, such as that of an unpacked Pyodide distribution.',
]);

/** `abi`: of the file's packages; `expected`: of the runtime. */
export const otherAbi = /* @__PURE__ */ define(
  'unanswerable',
  'other_abi',
  { file: 'string', abi: 'string', pyodide: 'string', expected: 'string', date: 'string | null' },
  ({ file, abi, pyodide, expected, date }) => [
    `${printable(file)} has packages for ABI ${printable(abi)}, but Pyodide ${pyodide} has ABI ${expected}.`,
    date === null
      ? `Use a package set for ABI ${expected}.`
      : `Use the compatibility date ${date}, whose runtime has ABI ${printable(abi)}, or another package set.`,
  ],
);

/** A wheel of a package set whose tags the runtime does not have. */
export const foreignWheel = /* @__PURE__ */ row('unanswerable', 'foreign_wheel', [
  '{filename:quoted} of {set:quoted} does not run on Pyodide {pyodide}, which has Python {python} and ABI {abi}.',
  'Replace it with a wheel for this ABI, or leave out its package.',
]);

/** A compiled module among a project's own files. `file` is from the folder that modules are imported from. */
export const compiledModule = /* @__PURE__ */ row('unanswerable', 'compiled_module', [
  '{file:quoted} is compiled: a Worker can load compiled modules only from packages that the build installs.',
  'Add its package to the requirements, or remove the file.',
]);

/** A Worker that is built for none of the environments of its wrangler file. */
export const noEnvironment = /* @__PURE__ */ define(
  'unanswerable',
  'no_environment',
  { file: 'string', environments: 'string[]' },
  ({ file, environments }) => [
    `${printable(file)} has the environments ${listed(environments.map(printable), 5)}, and this Worker has the settings of none: wrangler deploy --env does not add them.`,
    'Build with `env=NAME`, or with `env=""` for the top level.',
  ],
);

export const unknownPyodide = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_pyodide',
  { pyodide: 'string', known: 'string[]' },
  ({ pyodide, known }) => [
    `pinwheel cannot build a Worker with Pyodide ${pyodide}: it does not know this release.`,
    `Use a date or a package set of one of ${known.length} others, from Pyodide ${known[0]} to ${known.at(-1)}, or a newer pinwheel.`,
  ],
);

/** Glue in which `text`, which is to be replaced, is not there exactly once. */
export const unknownGlue = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_glue',
  { pyodide: 'string', text: 'string' },
  ({ pyodide, text }) => [
    `The JavaScript of Pyodide ${pyodide} is not as expected: it should have ${JSON.stringify(text)} exactly once.`,
    'Use another package set, or a newer pinwheel.',
  ],
);

export const noMain = /* @__PURE__ */ row('unanswerable', 'no_main', [
  '{file} {problem}.',
  'Create a Python file that has the handlers, and name it: main = "src/entry.py".',
]);

/** The note that a built Worker adds if a package of the set has the module which was not found. */
const MISSING = /\n(Add \S+ to the requirements: the package set has it\.)$/;

/** The end of a traceback of `os.environ["NAME"]`. */
const UNSET =
  /File "(?:<frozen os>|\S*\bos\.pyc?)", line \d+, in __getitem__\n(?:.*\n)?KeyError: '([^'\n]+)'\s*$/;

/** Settings of pydantic without a value. */
const UNSET_SETTINGS = /\bpydantic_settings\/[\s\S]*\n\s*Field required /;

export const failedImport = /* @__PURE__ */ define(
  'unanswerable',
  'failed_import',
  { module: 'string', traceback: 'string' },
  ({ module, traceback }) => [
    `${printable(module)} could not be imported:\n${traceback.replace(MISSING, '')}`,
    fixOfImport(traceback),
  ],
);

function fixOfImport(traceback: string): string {
  const bindings = "A Worker's variables and secrets are bindings, and not in os.environ.";
  const unset = UNSET.exec(traceback)?.[1];
  if (unset !== undefined) return `${bindings} ${readFromEnv(unset)}`;
  if (UNSET_SETTINGS.test(traceback)) return `${bindings} ${SETTINGS_FROM_ENV}`;
  return MISSING.exec(traceback)?.[1] ?? 'Correct the project, or add the missing requirement.';
}

export const lateImport = /* @__PURE__ */ row('unanswerable', 'late_import', [
  'Python had not started and imported the project after {seconds:number} seconds.',
  'If something waits when it is imported, do so in a handler. If the machine is slow, use a larger `timeout`.',
]);

/** `application`: the name of one that the main module has; `lines`: what makes it answer requests. */
export const noHandler = /* @__PURE__ */ define(
  'unanswerable',
  'no_handler',
  { file: 'string', application: 'string | null', lines: 'string' },
  ({ file, application, lines }) => [
    application === null
      ? 'The main module handles no event, so that every request fails.'
      : `The main module hands no request to its application ${printable(application)}, so that every request fails.`,
    [edit(file, lines, `Add to the end of the main module:\n${lines}`)],
  ],
);

/** `name`: the class with the handler of requests. */
export const noDefault = /* @__PURE__ */ row('unanswerable', 'no_default', [
  'No class is called Default, so that only other Workers reach {name}: requests from outside fail.',
  'Call it Default, unless that is meant.',
]);

/** A method that workerd calls. `call`: its name, with all parameters. */
export const handlerParameters = /* @__PURE__ */ defineCauses('unanswerable', 'handler_parameters', {
  of_event: [
    'workerd passes env and ctx to {method}, too, which ends with a TypeError. In a class, they are None.',
    'Take them: async def {call}. The bindings are self.env.',
  ],
  of_instance: [
    'workerd passes ctx and env to {method}, which ends with a TypeError.',
    'Take them, and pass them on: def __init__(self, ctx, env), which begins with super().__init__(ctx, env).',
  ],
  no_env: ['workerd passes None as env to {method}: in a class, it is self.env.', 'Use self.env.'],
});

/** A web application that is to become a Worker. */
export const noApplication = /* @__PURE__ */ defineCauses('unanswerable', 'no_application', {
  none: [
    'No Python file here makes an application of FastAPI, Flask, Django or another framework.',
    'Name it as servers do: --app main:app. For a new project: pinwheel init.',
  ],
  not_there: [
    'There is no application {app:quoted} here.',
    'Name it by its module and its variable, or what makes it: --app main:app, or --app "main:create_app()".',
  ],
});

/** `output`: the end of what the process printed. */
export const failedSnapshot = /* @__PURE__ */ row('unanswerable', 'failed_snapshot', [
  'The process that runs Python at build time failed:\n{output}',
]);

export const oldNode = /* @__PURE__ */ row('unanswerable', 'old_node', [
  'pinwheel build needs Node {needed:number} or newer, but this is {node}.',
  'Install Node {needed:number}.',
]);

const NOT_TRIED = 'Mend that first; or change the files without trying the move: --no-try.';

/** A move to another date that stays undone. */
export const notMoved = /* @__PURE__ */ defineCauses('unanswerable', 'not_moved', {
  failed: ['The move to {to} was tried, and something fails or changes: no file was changed.', NOT_TRIED],
  left: ['The move to {to} needs changes that only a person can make: no file was changed.', NOT_TRIED],
});

/** `problem`: the end of a sentence. */
export const noWrangler = /* @__PURE__ */ row('unanswerable', 'no_wrangler', [
  'pinwheel {command} needs wrangler for {home:quoted}: {problem}.',
  [run('npm install --save-dev wrangler', 'Install it with npm install --save-dev wrangler.')],
]);

/** A project whose own wrangler cannot serve a built Worker. */
export const oldWorkerd = /* @__PURE__ */ row('unanswerable', 'old_workerd', [
  'The wrangler of {home:quoted} has workerd {workerd:quoted}, but a built Worker needs {needed} or newer, for Zstandard in node:zlib.',
  [run('npm install --save-dev wrangler@latest', 'Update it with npm install --save-dev wrangler@latest.')],
]);

/** `newest`: the last date that the workerd accepts; `date`: that of the Worker, which is later. */
export const lateDate = /* @__PURE__ */ row('unanswerable', 'late_date', [
  'The wrangler of {home:quoted} has workerd {workerd:quoted}, which accepts compatibility dates until {newest}: on this machine, the Worker runs with that date instead of {date}. Python and its packages do not change.',
  [
    run(
      'npm install --save-dev wrangler@latest',
      'Update it for later dates with npm install --save-dev wrangler@latest.',
    ),
  ],
]);

/** A binding in the wrangler file to a class that `main` does not have. `kind`: what of `workers` it has to extend. */
export const noClass = /* @__PURE__ */ row('unanswerable', 'no_class', [
  '{file:quoted} names the class {name:quoted}, but {main} has no {kind} of that name.',
  'Define it in the main module: class {name:quoted}({kind}), with from workers import {kind}.',
]);

/** Events that a setting of the wrangler file asks for. `call` is their handler, and `place` where it should be. */
export const unhandledEvent = /* @__PURE__ */ row('unanswerable', 'unhandled_event', [
  '{file:quoted} has {setting}, but {main} has no handler {handler}: each of these events fails.',
  'Define async def {call} in {place}.',
]);

/** `problem`: the end of a sentence about the folder. */
export const staleBuild = /* @__PURE__ */ row('unanswerable', 'stale_build', [
  '{folder:quoted} {problem}.',
  'Build it again: pinwheel build, with the same options.',
]);

/** Sizes in bytes; `largest`: the files to do something about. */
export const largeWorker = /* @__PURE__ */ define(
  'unanswerable',
  'large_worker',
  { size: 'number', limit: 'number', largest: 'object' as Named<{ name: string; size: number }[]> },
  ({ size, limit, largest }) => {
    const named = largest.map((file) => `${printable(file.name)} (${megabytes(file.size)})`);
    return [
      `The Worker has ${megabytes(size)}, but Workers have ${megabytes(limit)} at most. The largest of it: ${named.join(', ')}.`,
      'Leave out what it does not need, or move packages and snapshot out of the bundle with `place=assets`.',
    ];
  },
);

const megabytes = (size: number) => `${(size / 1_000_000).toFixed(1)} MB`;

export const unknownPlace = /* @__PURE__ */ define(
  'unanswerable',
  'unknown_place',
  { place: 'string', places: 'string[]' },
  ({ place, places }) => [
    place === 'r2'
      ? 'No bucket is named for the large files of the Worker.'
      : `There is no place ${printable(place)} for the large files of a Worker, only ${places.join(', ')}.`,
    place === 'r2' ? 'Name one: `bucket=NAME`, or bucket = "NAME" under [tool.pinwheel].' : null,
  ],
);

/** A project with static assets of its own, where the Worker's files would go among them. */
export const takenAssets = /* @__PURE__ */ row('unanswerable', 'taken_assets', [
  '{file:quoted} has static assets of its own, among which the large files of the Worker would be public.',
  'Leave out `place=assets`, or use `place=r2`.',
]);
