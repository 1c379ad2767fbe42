/** The command line: a program of commander's, made of the table of commands. */
import { isAbsolute, join } from 'node:path';
import { Argument, Command, CommanderError, Help, Option } from 'commander';
import { wrongUsage } from '../../resolver/issues/usage.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import { nearest } from '../../resolver/text/nearest.ts';
import { commandErrorOf, type FailureCode, misused, outOfReach, REGISTRY } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { wrap } from '../common/text.ts';
import { printIssues, printRemarks, writeOutput } from '../print/print.ts';
import { terminal } from '../print/progress.ts';
import { output, screenOf } from '../print/table.ts';
import { EXAMPLES, EXIT_CODES } from './examples.ts';
import { COMMON, describedBy, HEADINGS, type Options } from './options.ts';
import { COMMANDS, type CommandRow } from './table.ts';

/** Runs one command line, without the name of the program, and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<0 | FailureCode> {
  output.isJson = asksForJson(args);
  // For commander's help, too.
  if (args.includes('--no-color')) process.env.NO_COLOR = '1';
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    await writeOutput();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, args);
    const failure = commandErrorOf(error);
    if (!failure) throw error;
    printIssues(failure.issues);
    printRemarks(failure.remarks);
    await writeOutput();
    return failure.exitCode;
  }
}

/** Commander has printed the help. Without a command, that is an error. */
function endOfParsing({ exitCode, code, message }: CommanderError, args: readonly string[]): 0 | 2 {
  if (exitCode === 0) return 0;
  if (code !== 'commander.help') {
    const [said = '', suggestion] = message.replace(/^error: /, '').split('\n');
    const meant = /^\((Did you mean .*)\)$/.exec(suggestion ?? '')?.[1];
    const [, word = null] = /^unknown (?:option|command) '([^'=]*)/.exec(said) ?? [];
    const rows = Object.assign({}, ...Object.values(COMMANDS));
    const command = args.find((given) => Object.hasOwn(rows, given)) ?? null;
    printIssues([
      wrongUsage({ problem: 'not_understood', detail: said, word, near: meant ?? null, command }),
    ]);
  }
  return 2;
}

/** Read before the command line is parsed, as parsing may fail. */
function asksForJson(args: readonly string[]): boolean {
  const at = args.findIndex((word) => word === '--format' || word.startsWith('--format='));
  if (at < 0) return args.includes('--json');
  return args[at] === '--format=json' || (args[at] === '--format' && args[at + 1] === 'json');
}

function createProgram(): Command {
  const { version } = readPackageJson('package.json') as { version: string };
  const program = new Command('pinwheel')
    .description('Shows which Python and Pyodide a Python Worker runs, and which packages are pinned.')
    .version(version, '-V, --version', 'print the version')
    .addHelpOption(new Option('-h, --help', 'print this help').helpGroup('Output:'))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({
      styleTitle: (title) => `\x1b[1m${title}\x1b[22m`,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`.replace(' [options]', ''),
      formatItem,
    })
    .addHelpText('after', `${examplesOf('pinwheel')}\n${EXIT_CODES}`);
  for (const [heading, rows] of Object.entries(COMMANDS)) {
    for (const [name, row] of Object.entries(rows)) addCommand(program, name, row).helpGroup(heading);
  }
  addCommand(program, 'help', {
    summary: 'print the help for a command',
    description: 'Prints the help for a command, or for pinwheel itself.',
    arguments: { '[command]': 'the command' },
    load: async () => (name?: string) => printHelp(program, name),
  }).helpGroup('Others:');
  addOptions(program, COMMON);
  // A hidden command for the scripts of completion.
  program
    .command('__complete', { hidden: true })
    .argument('[word...]')
    .action(async (words) => (await import('./completion.ts')).completeCommand(program, words));
  for (const command of [program, ...program.commands]) {
    command.on('option:quiet', () => {
      output.detail = 'answer';
    });
    command.on('option:verbose', () => {
      output.detail = 'full';
    });
    command.on('option:directory', changeFolder);
    command.on('option:output', (file: string) => {
      output.file = file;
    });
    command.on('option:offline', goOffline);
  }
  return program;
}

function addCommand(program: Command, name: string, row: CommandRow): Command {
  const { summary, description, options = {}, load } = row;
  const command = program.command(name).summary(summary).description(description);
  for (const [written, described] of Object.entries(row.arguments ?? {})) {
    const { help, choices, otherwise } = describedBy(described);
    const argument = new Argument(written, help);
    if (choices) argument.choices(choices);
    if (otherwise !== undefined) argument.default(otherwise);
    command.addArgument(argument);
  }
  addOptions(command, { ...options, ...COMMON });
  return command.addHelpText('after', examplesOf(name)).action(async () => {
    const run = (await load()) as (...given: unknown[]) => Promise<void> | void;
    await run(...command.processedArgs, { requirements: [], ...optionsOf(command.opts()) });
  });
}

function examplesOf(command: string): string {
  const width = Math.min(80, screenOf(process.stdout).columns ?? 80);
  const lines = EXAMPLES[command as keyof typeof EXAMPLES].split('\n');
  const broken = lines.flatMap((line) => (line.startsWith(' ') ? line : wrap(line, width)));
  return `\nExamples:${broken.join('\n')}`;
}

function addOptions(command: Command, options: Options): void {
  const headings = Object.entries(HEADINGS);
  const made = Object.entries(options).map(([written, described]) => {
    const { help, choices, otherwise } = describedBy(described);
    const option = new Option(written, help);
    const name = option.long!.slice('--'.length);
    const group = headings.findLastIndex(([, names]) => names.includes(name));
    const [heading, names = []] = headings[group] ?? [];
    if (heading) option.helpGroup(heading);
    if (choices) option.choices(choices);
    else if (help.endsWith('repeatable')) option.argParser(append);
    else if (name === 'config') option.argParser(onlyConfig);
    const initial = name === 'registry' ? process.env[REGISTRY] || undefined : otherwise;
    if (initial !== undefined) option.default(initial);
    return { option, at: group * 100 + names.indexOf(name) };
  });
  for (const { option } of sortedBy(made, ({ at }) => at)) command.addOption(option);
}

function printHelp(program: Command, name?: string): void {
  const commands = program.createHelp().visibleCommands(program);
  const command = name === undefined ? program : commands.find((candidate) => candidate.name() === name);
  if (command) {
    command.outputHelp();
    return;
  }
  const names = commands.map((candidate) => candidate.name());
  throw misused({ problem: 'unknown_command', command: name!, near: nearest(name!, names) });
}

/** An option or a command with its help, which is below where there is little room beside. */
function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  if (width - termWidth >= LEAST_BESIDE)
    return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
  return [`  ${term}`, ...wrap(description, width - 6).map((line) => `      ${line}`)].join('\n');
}

const LEAST_BESIDE = 44;

function changeFolder(folder: string): void {
  try {
    process.chdir(folder);
    output.folder = isAbsolute(folder) ? folder : join(output.folder, folder);
  } catch (error) {
    const [detail = ''] = (error as Error).message.split(', chdir');
    throw outOfReach({ problem: 'unread_folder', folder, detail }, error);
  }
}

/** From here on, a connection is an error, also those of npm. */
function goOffline(): void {
  process.env.npm_config_offline = 'true';
  globalThis.fetch = (asked) => {
    const url = asked instanceof Request ? asked.url : String(asked);
    return Promise.reject(outOfReach({ problem: 'offline', url }));
  };
}

function append(value: string, values: string[] = []): string[] {
  return [...values, value];
}

function onlyConfig(value: string, before?: string): string {
  if (before === undefined) return value;
  throw misused({ problem: 'two_configs' });
}

function optionsOf({ format, json, ...rest }: { format?: string; json?: boolean }) {
  if (json && format !== undefined && format !== 'json') {
    throw misused({ problem: 'contradiction', options: ['--json', `--format ${format}`] });
  }
  const chosen = json ? 'json' : (format ?? 'table');
  output.isJson = chosen === 'json';
  return { flag: [], ...rest, format: chosen, listener: terminal };
}
