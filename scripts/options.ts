/** Parses the options of a command. `--help`, or an option that it does not have, ends the process with the usage. */
export function orUsage<Parsed>(usage: string, parse: () => Parsed): Parsed {
  if (process.argv.some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    console.error(`pinwheel: ${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

/** For a command that goes on where it ended: Ctrl-C and SIGTERM end it, and say so. */
export function endAtSignals(): void {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => {
      console.error('\npinwheel: stopped; the same command goes on from here');
      process.exit(code);
    });
  }
}
