/** Security headers of every answer. */

/** Forbids loading, framing and sending. Pages have their own policy. */
const POLICY = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join(
  '; ',
);

const NOSNIFF = 'x-content-type-options';
const CSP = 'content-security-policy';

/** Adds them to the headers of an answer to a request of `url`. */
export function secure(headers: Headers, url: string): void {
  headers.set(NOSNIFF, 'nosniff');
  if (!headers.has(CSP)) headers.set(CSP, POLICY);
  // Over http it would be ignored (RFC 6797).
  if (url.startsWith('https:')) headers.set('strict-transport-security', 'max-age=31536000');
}

/** Adds them to a response that was created without them. */
export function secured(response: Response, url: string): Response {
  const { headers } = response;
  if (!headers.has(NOSNIFF) || !headers.has(CSP)) secure(headers, url);
  return response;
}
