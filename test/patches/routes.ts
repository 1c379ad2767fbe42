/** The responses of the test server, by the first part of the path. Any other path responds as `/echo` does. */
import { basicAuth, digestAuth } from './auth.ts';
import { chatCompletions } from './fake-openai.ts';
import { encodings } from './routes/encodings.ts';
import { failures } from './routes/failures.ts';
import { gateKeeping } from './routes/gates.ts';
import { messages } from './routes/messages.ts';
import { redirects } from './routes/redirects.ts';
import { streams } from './routes/streams.ts';
import type { RequestContext } from './server.ts';

/** Called with the rest of the path when the whole request has arrived. */
export type Routes = Record<string, (context: RequestContext, parts: string[]) => void | Promise<void>>;

const routes: Routes = {
  ...messages,
  ...redirects,
  ...encodings,
  ...streams,
  ...gateKeeping,
  ...failures,
  v1: chatCompletions,
  'basic-auth': basicAuth,
  'digest-auth': digestAuth,
};

export async function answer(context: RequestContext): Promise<void> {
  const [, name = '', ...parts] = context.url.pathname.split('/');
  const early = name === 'early-answer';
  if (!early) await context.received;
  const route = routes[name] ?? routes.echo!;
  await route(context, parts.map(decodeURIComponent));
}
