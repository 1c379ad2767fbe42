/** The credential of a publication: a token, or in a job of GitHub Actions, the identity of the job. */
import { isLoopback } from '../../resolver/client/address.ts';
import { misused, outOfReach } from '../failure.ts';

const TOKEN = 'PINWHEEL_TOKEN';

/** @param address of the registry. An identity is valid for this registry only */
export async function credentialOf(address: string): Promise<string> {
  const {
    PINWHEEL_TOKEN: token,
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  } = process.env;
  if (!address.startsWith('https:') && !isLoopback(address)) {
    throw misused(`${address} is not https, so that others could read the token.`, 'Give its https address.');
  }
  if (token) return token.trim();
  if (url && bearer) return identityOf(url, bearer, new URL(address).origin);
  const job = 'GitHub Actions jobs need no token with permissions: id-token: write.';
  throw misused('Publishing needs a token.', `Set ${TOKEN} to a token that npm run access made. ${job}`);
}

async function identityOf(url: string, bearer: string, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  try {
    const response = await fetch(asked, { headers: { authorization: `Bearer ${bearer}` } });
    const { value } = (await response.json()) as { value?: unknown };
    if (typeof value === 'string') return value;
    throw new Error(`the answer was ${response.status}, without an identity`);
  } catch (cause) {
    const message = `The job could not get an identity: ${(cause as Error).message}.`;
    throw outOfReach(message, `Give the job permissions: id-token: write, or set ${TOKEN}.`, cause);
  }
}
