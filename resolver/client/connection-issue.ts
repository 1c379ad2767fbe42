/** Why a request failed, in words. Below `fetch` there is a cause, and for a name with several addresses one each. */
export function connectionIssue(error: unknown): string {
  let cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof AggregateError) cause = cause.errors[0];
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection broke off';
  return message || code || 'the connection failed';
}
