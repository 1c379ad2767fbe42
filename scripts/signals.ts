/** For a command that goes on where it ended: Ctrl-C and SIGTERM end it, and say so. */
export function endAtSignals(): void {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => {
      console.error('\npinwheel: stopped; the same command goes on from here');
      process.exit(code);
    });
  }
}
