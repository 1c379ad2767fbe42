/** The commands and their options. What a command does is imported when it is asked for, to start quickly. */
import { Command, CommanderError, Option } from 'commander';
import { CommandFailure, type FailureCode, misused } from './failure.ts';
import { printComplaints } from './output/print.ts';
import { printable } from './output/text.ts';
import { readPackageJson } from './package-root.ts';

const EXIT_CODES = `
Exit codes:
  0  done
  1  the question has no answer; standard error says why
  2  the command line is wrong
  3  the registry or a file could not be reached`;

const EXAMPLES = {
  pinwheel: `
Examples:
  pinwheel resolve fastapi --date 2025-11-02 --flag python_workers
  pinwheel target --config wrangler.toml
  pinwheel packages num --flag python_3.13_packages_2025_08_08`,
  resolve: `
Examples:
  pinwheel resolve fastapi 'httpx>=0.28'           with the wrangler file of this folder
  pinwheel resolve -r requirements.txt --config wrangler.jsonc --env staging
  pinwheel resolve numpy --flag python_3.13_packages_2025_08_08 --format pyodide-lock > pyodide-lock.json
  pip freeze | pinwheel resolve -r - --date 2025-11-02 --flag python_workers --json`,
  target: `
Examples:
  pinwheel target                                  with the wrangler file of this folder
  pinwheel target --date 2026-11-01 --flag python_workers --flag no_python_workers_314
  pinwheel target --date 2025-11-02 --flag python_workers --as-of 2030-01-01`,
  packages: `
Examples:
  pinwheel packages --config wrangler.toml
  pinwheel packages pydantic --date 2025-11-02 --flag python_workers
  pinwheel packages --flag python_3.14_packages_2026_09_14 --json`,
};

/** Runs one command line, without the name of the program, and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<0 | FailureCode> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong, or shown the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CommandFailure)) throw error;
    printComplaints(error.complaints);
    return error.exitCode;
  }
}

function createProgram(): Command {
  const { version } = readPackageJson('package.json') as { version: string };
  const program = new Command('pinwheel')
    .description('Which Python, which Pyodide and which packages a Python Worker gets.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.split('\n').map(printable).join('\n')),
    })
    .configureHelp({ styleTitle: (title) => `\x1b[1m${title}\x1b[22m` })
    .showHelpAfterError('  fix: See pinwheel --help, or pinwheel COMMAND --help.')
    .addHelpText('after', `${EXAMPLES.pinwheel}\n${EXIT_CODES}`);

  const resolve = program
    .command('resolve')
    .summary('pin requirements and all they need')
    .description('Pins requirements, and everything they need, to the wheels of the package set.')
    .argument('[requirement...]', 'PEP 508 requirements, such as fastapi or httpx>=0.28')
    .option('-r, --requirements <file>', 'a requirements file, or - for standard input; repeatable', append)
    .action(async (requirements, options) => {
      const { resolveCommand } = await import('./commands/resolve.ts');
      await resolveCommand(requirements, { requirements: [], ...questionOptions(options) });
    });
  addQuestionOptions(resolve, ['table', 'json', 'pyodide-lock', 'requirements']);

  const target = program
    .command('target')
    .summary('show the runtime and the package set, and why')
    .description('Shows which runtime and which package set a date and flags select, and why.')
    .action(async (options) => {
      const { targetCommand } = await import('./commands/target.ts');
      await targetCommand(questionOptions(options));
    });
  addQuestionOptions(target, ['table', 'json']);

  const packages = program
    .command('packages')
    .summary('list the packages of the package set')
    .description('Lists the packages of the package set that a date and flags select.')
    .argument('[query]', 'only the packages whose name contains this')
    .action(async (query, options) => {
      const { packagesCommand } = await import('./commands/packages.ts');
      await packagesCommand(query, questionOptions(options));
    });
  addQuestionOptions(packages, ['table', 'json']);
  return program;
}

/** The options that every command has. */
function addQuestionOptions(command: Command, formats: string[]): void {
  command
    .option('--date <date>', 'compatibility date, YYYY-MM-DD')
    .option('--flag <flag>', 'compatibility flag or package flag; repeatable', append)
    .option('--config <file>', 'take date and flags from this wrangler file (.toml, .jsonc or .json)')
    .option('--env <name>', 'the environment of the wrangler file')
    .option('--as-of <date>', 'the day on which the question is asked (default: today, UTC)')
    .option('--revision <number>', 'replay the registry as it stood at this revision')
    .option('--experimental', "stands for workerd's --experimental")
    .addOption(new Option('--format <format>', 'how to print the answer (default: table)').choices(formats))
    .option('--json', 'the same as --format json')
    .option('--registry <url>', 'ask this registry, not the data that pinwheel carries')
    .addHelpText('after', EXAMPLES[command.name() as keyof typeof EXAMPLES]);
}

function append(value: string, values: string[] = []): string[] {
  return [...values, value];
}

function questionOptions<Given extends { format?: string; json?: boolean }>({
  format,
  json,
  ...rest
}: Given) {
  if (json && format !== undefined && format !== 'json') {
    throw misused(`--json and --format ${format} contradict each other.`, 'Leave out one of them.');
  }
  return { flag: [], ...rest, format: json ? 'json' : (format ?? 'table') };
}
