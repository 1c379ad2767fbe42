/** The part of OpenAI's service that its client needs for a chat: whole or as server-sent events, and errors. */
import type { RequestContext } from './server.ts';

const attempts = new Map<string, number>();

/** `POST /v1/chat/completions`. A stream waits after its first event at the gate named by the request's `user`. */
export async function chatCompletions({ request, response, arrival, gates }: RequestContext): Promise<void> {
  const reply = (status: number, value: object) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-request-id': 'req-1',
      'retry-after-ms': '1',
    });
    response.end(JSON.stringify(value));
  };
  if (request.headers.authorization !== 'Bearer test-key') {
    return reply(401, {
      error: { message: 'no such key', type: 'invalid_request_error', code: 'invalid_api_key' },
    });
  }
  const question = JSON.parse(arrival.body.toString());
  const user: string = question.user ?? '';
  if (question.model === 'flaky') {
    const attempt = (attempts.get(user) ?? 0) + 1;
    attempts.set(user, attempt);
    if (attempt < 3) return reply(500, { error: { message: 'try again' } });
  }
  const answer = { id: 'chat-1', created: 1_700_000_000, model: question.model };
  if (!question.stream) {
    const message = { role: 'assistant', content: 'Grüße' };
    const choices = [{ index: 0, message, finish_reason: 'stop', logprobs: null }];
    return reply(200, { ...answer, object: 'chat.completion', choices });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const words = ['Grü', 'ße', ' aus', ' dem', ' Strom'];
  for (const [index, content] of words.entries()) {
    if (index === 1) await gates.wait(user);
    const choices = [{ index: 0, delta: { content }, finish_reason: null, logprobs: null }];
    response.write(`data: ${JSON.stringify({ ...answer, object: 'chat.completion.chunk', choices })}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}
