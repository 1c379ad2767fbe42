/** The grammar of the command line, for the shells. */
import type { Argument, Command, Option } from 'commander';

export interface Grammar {
  /** The compatibility and package flags that a shell may offer. */
  flags: readonly string[];
  /** Options before a command. */
  options: KnownOption[];
  commands: KnownCommand[];
}

export interface KnownCommand {
  name: string;
  summary: string;
  options: KnownOption[];
  /** Positional arguments. */
  value: Value;
}

export interface KnownOption {
  /** Such as `-r`, or null. */
  short: string | null;
  /** Such as `--requirements`. */
  long: string;
  description: string;
  /** The kind of its value. */
  value: Value;
  repeatable: boolean;
}

/** The hidden command that prints the names of packages, one on a line. */
export const NAMES_COMMAND = '__names';

/**
 * No value, one of some words, one of {@link Grammar.flags}, one of the names that {@link NAMES_COMMAND} prints, a
 * path, or a value that cannot be completed.
 */
export type Value =
  | { kind: 'none' | 'flag' | 'package' | 'file' | 'folder' | 'text' }
  | { kind: 'words'; words: readonly string[] };

export function grammarOf(program: Command, flags: readonly string[]): Grammar {
  const commands = program.createHelp().visibleCommands(program);
  return {
    flags,
    options: optionsOf(program),
    commands: commands.map((command) => ({
      name: command.name(),
      summary: command.summary(),
      options: optionsOf(command),
      value: argumentOf(command.registeredArguments, commands),
    })),
  };
}

function optionsOf(command: Command): KnownOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      short: option.short ?? null,
      long: option.long!,
      description: option.description,
      value: valueAfter(option),
      repeatable: option.description.endsWith('repeatable'),
    }));
}

function valueAfter(option: Option): Value {
  if (option.argChoices) return { kind: 'words', words: option.argChoices };
  if (!option.required) return { kind: 'none' };
  const [, name = ''] = /<(flag|file|folder)>$/.exec(option.flags) ?? [];
  return { kind: (name || 'text') as 'flag' | 'file' | 'folder' | 'text' };
}

function argumentOf([first]: readonly Argument[], commands: readonly Command[]): Value {
  if (!first) return { kind: 'none' };
  if (first.argChoices) return { kind: 'words', words: first.argChoices };
  switch (first.name()) {
    case 'command':
      return { kind: 'words', words: commands.map((command) => command.name()) };
    case 'path':
      return { kind: 'file' };
    case 'requirement':
    case 'package':
    case 'query':
      return { kind: 'package' };
    default:
      return { kind: 'text' };
  }
}
