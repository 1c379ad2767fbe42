/** Commands that go on where they ended. */
import { CommandError, isClosedEarly } from '../cli/common/failure.ts';
import { visible } from '../cli/common/text.ts';
import { RegistryError } from '../resolver/client/registry-error.ts';

/** Runs a command, which Ctrl-C, SIGTERM and a failure end at once, whatever else is under way. */
export function runResumable(main: () => Promise<void>): void {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => {
      console.error('\npinwheel: stopped; the same command goes on from here');
      process.exit(code);
    });
  }
  const fail = (error: Error) => {
    const issues =
      error instanceof CommandError ? error.issues : error instanceof RegistryError ? [error] : [];
    const fixes = issues.flatMap(({ fix }) => fix ?? []);
    const lines = [error.message, ...fixes].flatMap((said) => said.split('\n'));
    for (const line of lines) console.error(`pinwheel: ${visible(line)}`);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => {
    if (!isClosedEarly(error)) fail(error);
  });
  main().catch(fail);
}
