/** A built Worker on workerd, which may ask servers of this machine. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Served, serveWorker } from '../../cli/worker/serve.ts';

export type { Served };

/**
 * @param workerd the one that serves; without one, that of the project
 * @param inspects whether its memory is going to be measured
 */
export function serve(
  folder: string,
  variables: Record<string, string> = {},
  workerd: string = createRequire(import.meta.url)('workerd').default,
  inspects = false,
): Promise<Served> {
  return serveWorker(folder, { variables, workerd, inspects, outbound: 'network = (allow = ["local"])' });
}

/** The text of the answer to the first request, by a new instance of a project's built Worker. */
export async function answerOf(project: string, variables?: Record<string, string>): Promise<string> {
  await using served = await serve(join(project, 'dist/worker'), variables);
  return (await fetch(served.origin)).text();
}
