/** Why a request failed, in words that end a sentence. */
export function connectionIssue(error: unknown): string {
  const { code = '', message = '' } = connectionCause(error);
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND') return 'there is no such host';
  if (code === 'EAI_AGAIN') return 'the host name could not be looked up';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection broke off';
  if (/TIMEOUT|TIMEDOUT/.test(code)) return 'the connection timed out';
  if (isTls(code) || isCertificate(code)) return `TLS failed (${tlsReason(message)})`;
  return message.replace(/\.$/, '') || code || 'the connection failed';
}

export const isTls = (code: string): boolean => /^(EPROTO|ERR_SSL|ERR_TLS)/.test(code);
export const isCertificate = (code: string): boolean => /CERT|UNABLE_TO_VERIFY/.test(code);

/** OpenSSL's own words, which Node puts between numbers and the names of functions. */
function tlsReason(message: string): string {
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? message.replace(/[.;].*/s, '');
}

/** The cause that Node puts below "fetch failed": one error, or one for each address that the host name has. */
export function connectionCause(error: unknown): { code?: string; message?: string } {
  let cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof AggregateError) cause = cause.errors[0];
  return cause ?? {};
}
