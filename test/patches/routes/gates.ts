/** What a test asks beside its requests: to let one continue, or how far another is. */
import type { Routes } from '../routes.ts';

export const gateKeeping: Routes = {
  open({ response, gates }, [name = '']) {
    gates.open(name);
    response.end('open');
  },

  /** Waits for the end of the request with this `?key=`: `finished` or `broken off`. */
  async ended({ response, gates }, [key]) {
    response.end(await gates.wait(`ended ${key}`));
  },

  /** Waits until a request with this `?key=` has arrived. */
  async arrived({ response, gates }, [key]) {
    response.end(await gates.wait(`arrived ${key}`));
  },

  /** Waits until bytes of the request with this `?key=` have arrived, and returns how many. */
  async 'received-by'({ response, gates }, [key]) {
    response.end(await gates.wait(`received ${key}`));
  },
};
